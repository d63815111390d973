"""Runs: models being trained."""

import json
import sqlite3
import time
from typing import Any

from apps.trainer.errors import NotFound
from apps.trainer.store.database import Database
from apps.trainer.types import LoraSpec, Run


class Runs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        *,
        run_id: str,
        tenant: str,
        session_id: str,
        base: str,
        lora: LoraSpec,
        metadata: dict[str, Any] | None,
    ) -> None:
        """A row; nothing if a repeated request made it before."""
        now = time.time()
        values = (run_id, tenant, session_id, base, json.dumps(lora.as_dict()))
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO runs (id, tenant, session_id, base, lora, metadata, "
                "created_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, json.dumps(metadata), now, now),
            )

    def get(self, tenant: str, run_id: object) -> Run:
        """The run, if it is this tenant's and still loaded."""
        run = self.find(str(run_id))
        if run is None or run.tenant != tenant:
            raise NotFound("This model")
        return run

    def find(self, run_id: str) -> Run | None:
        with self._database.reading() as db:
            row = db.execute(
                "SELECT * FROM runs WHERE id = ? AND is_unloaded = 0", (run_id,)
            ).fetchone()
        return None if row is None else _run(row)

    def page(self, tenant: str, *, limit: int, offset: int) -> tuple[list[Run], int]:
        """Unloaded runs are listed too: their checkpoints remain."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT * FROM runs WHERE tenant = ? ORDER BY created_at DESC LIMIT ? OFFSET ?",
                (tenant, limit, offset),
            ).fetchall()
            total = db.execute("SELECT count(*) FROM runs WHERE tenant = ?", (tenant,)).fetchone()
        return [_run(row) for row in rows], total[0]

    def listed(self, tenant: str, run_id: str) -> Run:
        """The run of this tenant, unloaded or not."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT * FROM runs WHERE id = ? AND tenant = ?", (run_id, tenant)
            ).fetchone()
        if row is None:
            raise NotFound("This training run")
        return _run(row)

    def applied(self, run_id: str, seq: int) -> None:
        with self._database.transaction() as db:
            db.execute(
                "UPDATE runs SET applied = ?, used_at = ? WHERE id = ?", (seq, time.time(), run_id)
            )

    def stored(self, run_id: str, *, seq: int, step: int, file: str | None) -> None:
        """The weights after ``seq`` are in ``file``; what led there is not needed again."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE runs SET stored = ?, step = ?, file = ? WHERE id = ?",
                (seq, step, file, run_id),
            )
            db.execute(
                "UPDATE requests SET payload = NULL WHERE run_id = ? AND seq <= ? "
                "AND status <> 'pending' AND payload IS NOT NULL",
                (run_id, seq),
            )

    def abandoned(self, *, since: float) -> list[str]:
        """Runs that neither were used nor had a client alive since then."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT runs.id FROM runs JOIN sessions ON sessions.id = session_id "
                "WHERE is_unloaded = 0 AND used_at < ? AND seen_at < ?",
                (since, since),
            ).fetchall()
        return [row["id"] for row in rows]

    def unload(self, run_id: str) -> None:
        with self._database.transaction() as db:
            db.execute("UPDATE runs SET is_unloaded = 1, file = NULL WHERE id = ?", (run_id,))
            db.execute(
                "UPDATE requests SET status = 'failed', payload = NULL, category = 'user', "
                "error = 'The model was unloaded.', finished_at = ? "
                "WHERE run_id = ? AND status = 'pending'",
                (time.time(), run_id),
            )
            db.execute("UPDATE requests SET payload = NULL WHERE run_id = ?", (run_id,))


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        tenant=row["tenant"],
        session_id=row["session_id"],
        base=row["base"],
        lora=LoraSpec.of(json.loads(row["lora"])),
        applied=row["applied"],
        stored=row["stored"],
        step=row["step"],
        file=row["file"],
        metadata=json.loads(row["metadata"]) if row["metadata"] else None,
        created_at=row["created_at"],
        used_at=row["used_at"],
    )
