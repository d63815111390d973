"""Checkpoints: weights that keep their name until they are deleted or their time is up."""

import json
import sqlite3
import time

from apps.trainer.errors import NotFound
from apps.trainer.names import checked_path
from apps.trainer.store.database import Database
from apps.trainer.types import Checkpoint, LoraSpec

_ALIVE = "(expires_at IS NULL OR expires_at > ?)"


class Checkpoints:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, checkpoint: Checkpoint) -> str | None:
        """Store it under its path. The file of the one that had this path before."""
        with self._database.transaction() as db:
            before = db.execute(
                "SELECT file FROM checkpoints WHERE path = ?", (checkpoint.path,)
            ).fetchone()
            db.execute(
                "INSERT OR REPLACE INTO checkpoints (path, tenant, run_id, kind, name, base, lora, "
                "step, file, size, has_optimizer, metadata, created_at, expires_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(checkpoint.path, checkpoint.tenant, checkpoint.run_id, checkpoint.kind),
                    *(checkpoint.name, checkpoint.base, json.dumps(checkpoint.lora.as_dict())),
                    *(checkpoint.step, checkpoint.file, checkpoint.size),
                    *(checkpoint.has_optimizer, json.dumps(checkpoint.metadata)),
                    *(checkpoint.created_at, checkpoint.expires_at),
                ),
            )
        return None if before is None else before["file"]

    def get(self, tenant: str, path: object) -> Checkpoint:
        """The checkpoint, if it is this tenant's and its time is not up."""
        found = self.find(tenant, str(checked_path(path)))
        if found is None:
            raise NotFound("This checkpoint")
        return found

    def find(self, tenant: str, path: str) -> Checkpoint | None:
        with self._database.reading() as db:
            row = db.execute(
                f"SELECT * FROM checkpoints WHERE path = ? AND tenant = ? AND {_ALIVE}",  # noqa: S608
                (path, tenant, time.time()),
            ).fetchone()
        return None if row is None else _checkpoint(row)

    def of_run(self, tenant: str, run_id: str) -> list[Checkpoint]:
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT * FROM checkpoints WHERE tenant = ? AND run_id = ? AND {_ALIVE} "  # noqa: S608
                "ORDER BY created_at",
                (tenant, run_id, time.time()),
            ).fetchall()
        return [_checkpoint(row) for row in rows]

    def page(self, tenant: str, *, limit: int, offset: int) -> tuple[list[Checkpoint], int]:
        now = time.time()
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT * FROM checkpoints WHERE tenant = ? AND {_ALIVE} "  # noqa: S608
                "ORDER BY created_at DESC LIMIT ? OFFSET ?",
                (tenant, now, limit, offset),
            ).fetchall()
            total = db.execute(
                f"SELECT count(*) FROM checkpoints WHERE tenant = ? AND {_ALIVE}",  # noqa: S608
                (tenant, now),
            ).fetchone()
        return [_checkpoint(row) for row in rows], total[0]

    def set_expiry(self, path: str, expires_at: float | None) -> None:
        with self._database.transaction() as db:
            db.execute("UPDATE checkpoints SET expires_at = ? WHERE path = ?", (expires_at, path))

    def delete(self, path: str) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM checkpoints WHERE path = ?", (path,))

    def delete_expired(self) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM checkpoints WHERE expires_at <= ?", (time.time(),))


def _checkpoint(row: sqlite3.Row) -> Checkpoint:
    return Checkpoint(
        path=row["path"],
        tenant=row["tenant"],
        run_id=row["run_id"],
        kind=row["kind"],
        name=row["name"],
        base=row["base"],
        lora=LoraSpec.of(json.loads(row["lora"])),
        step=row["step"],
        file=row["file"],
        size=row["size"],
        has_optimizer=bool(row["has_optimizer"]),
        metadata=json.loads(row["metadata"]) if row["metadata"] else None,
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )
