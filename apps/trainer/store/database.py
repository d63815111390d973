"""One SQLite file: what was accepted, and what came of it. It is the truth after a crash."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, metadata TEXT, display_name TEXT,
    created_at REAL NOT NULL, seen_at REAL NOT NULL, finished TEXT
);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, session_id TEXT NOT NULL, base TEXT NOT NULL,
    lora TEXT NOT NULL, applied INTEGER NOT NULL DEFAULT -1, stored INTEGER NOT NULL DEFAULT -1,
    step INTEGER NOT NULL DEFAULT 0, file TEXT, metadata TEXT, is_unloaded INTEGER NOT NULL
    DEFAULT 0, created_at REAL NOT NULL, used_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS runs_by_tenant ON runs (tenant, created_at);
CREATE TABLE IF NOT EXISTS requests (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, run_id TEXT, sampler_id TEXT,
    seq INTEGER NOT NULL, payload BLOB, seed INTEGER NOT NULL, samples INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'pending', result BLOB, is_proto INTEGER NOT NULL DEFAULT 0,
    error TEXT, category TEXT, created_at REAL NOT NULL, finished_at REAL
);
CREATE UNIQUE INDEX IF NOT EXISTS one_request_of_a_run ON requests (run_id, seq)
    WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS one_request_of_a_sampler ON requests (sampler_id, seq)
    WHERE sampler_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS pending_requests ON requests (created_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS finished_requests ON requests (finished_at)
    WHERE result IS NOT NULL OR error IS NOT NULL;
CREATE TABLE IF NOT EXISTS samplers (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, session_id TEXT NOT NULL, base TEXT NOT NULL,
    lora TEXT, file TEXT, model_path TEXT, live_run_id TEXT, clones INTEGER NOT NULL DEFAULT 0,
    created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS checkpoints (
    path TEXT PRIMARY KEY, tenant TEXT NOT NULL, run_id TEXT NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, base TEXT NOT NULL, lora TEXT NOT NULL, step INTEGER NOT NULL,
    file TEXT NOT NULL, size INTEGER NOT NULL, has_optimizer INTEGER NOT NULL, metadata TEXT,
    created_at REAL NOT NULL, expires_at REAL
);
CREATE INDEX IF NOT EXISTS checkpoints_by_tenant ON checkpoints (tenant, created_at);
"""


class Database:
    """One connection that the server's loop and the engine's thread take turns with."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        # What we have answered for must survive the machine, not only the process.
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything written inside is stored together, or not at all."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:  # whatever it was: no transaction may stay open
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    def close(self) -> None:
        with self._lock:
            self._connection.close()
