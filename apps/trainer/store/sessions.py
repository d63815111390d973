"""Sessions: one client each, and the prefix of every id that it makes."""

import json
import secrets
import sqlite3
import time
from typing import Any

from apps.trainer.errors import NotFound, Refused
from apps.trainer.store.database import Database


class Sessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, tenant: str, metadata: dict[str, Any] | None, display_name: str | None) -> str:
        session_id = secrets.token_hex(16)
        now = time.time()
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO sessions (id, tenant, metadata, display_name, created_at, seen_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (session_id, tenant, json.dumps(metadata), display_name, now, now),
            )
        return session_id

    def get(self, tenant: str, session_id: str) -> sqlite3.Row:
        with self._database.reading() as db:
            row: sqlite3.Row | None = db.execute(
                "SELECT * FROM sessions WHERE id = ? AND tenant = ?", (session_id, tenant)
            ).fetchone()
        if row is None:
            raise NotFound("This session")
        return row

    def open(self, tenant: str, session_id: str) -> None:
        """Raise unless more may be asked for in this session."""
        if self.get(tenant, session_id)["finished"]:
            raise Refused(410, "This session is finished.")

    def seen(self, tenant: str, session_id: str) -> None:
        self.open(tenant, session_id)
        with self._database.transaction() as db:
            db.execute("UPDATE sessions SET seen_at = ? WHERE id = ?", (time.time(), session_id))

    def finish(self, tenant: str, session_id: str, reason: str) -> None:
        """The first reason stays."""
        self.get(tenant, session_id)
        with self._database.transaction() as db:
            db.execute(
                "UPDATE sessions SET finished = ? WHERE id = ? AND finished IS NULL",
                (reason, session_id),
            )

    def page(self, tenant: str, *, limit: int, offset: int) -> list[str]:
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id FROM sessions WHERE tenant = ? ORDER BY created_at DESC "
                "LIMIT ? OFFSET ?",
                (tenant, limit, offset),
            )
            return [row["id"] for row in rows]

    def members(self, session_id: str) -> tuple[list[str], list[str]]:
        """The ids of a session's runs and samplers."""
        with self._database.reading() as db:
            runs = db.execute(
                "SELECT id FROM runs WHERE session_id = ? ORDER BY created_at", (session_id,)
            ).fetchall()
            samplers = db.execute(
                "SELECT id FROM samplers WHERE session_id = ? ORDER BY created_at", (session_id,)
            ).fetchall()
        return [row["id"] for row in runs], [row["id"] for row in samplers]
