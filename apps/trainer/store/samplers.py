"""Sampling sessions."""

import json
import sqlite3
import time

from apps.trainer.errors import NotFound
from apps.trainer.store.database import Database
from apps.trainer.types import LoraSpec, Sampler


class Samplers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, sampler: Sampler, *, live_run_id: str | None = None) -> None:
        """A row; nothing if a repeated request made it before.

        With ``live_run_id`` its weights move whenever that run publishes new ones."""
        lora = json.dumps(sampler.lora.as_dict()) if sampler.lora else None
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO samplers (id, tenant, session_id, base, lora, file, "
                "model_path, live_run_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(sampler.id, sampler.tenant, sampler.session_id, sampler.base, lora),
                    *(sampler.file, sampler.model_path, live_run_id, time.time()),
                ),
            )

    def get(self, tenant: str, sampler_id: object) -> Sampler:
        sampler = self.find(str(sampler_id))
        if sampler is None or sampler.tenant != tenant:
            raise NotFound("This sampling session")
        return sampler

    def find(self, sampler_id: str) -> Sampler | None:
        with self._database.reading() as db:
            row = db.execute("SELECT * FROM samplers WHERE id = ?", (sampler_id,)).fetchone()
        return None if row is None else _sampler(row)

    def move_live(self, run_id: str, file: str) -> list[str]:
        """Point a run's live samplers at ``file``. The files they pointed at."""
        with self._database.transaction() as db:
            rows = db.execute(
                "SELECT DISTINCT file FROM samplers WHERE live_run_id = ? AND file <> ?",
                (run_id, file),
            ).fetchall()
            db.execute("UPDATE samplers SET file = ? WHERE live_run_id = ?", (file, run_id))
        return [row["file"] for row in rows]

    def delete_of(self, model_path: str) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM samplers WHERE model_path = ?", (model_path,))

    def delete_orphans(self) -> None:
        """Delete those whose checkpoint is gone."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM samplers WHERE model_path IS NOT NULL "
                "AND model_path NOT IN (SELECT path FROM checkpoints)"
            )

    def delete_stale(self, *, seen_before: float) -> None:
        """Delete snapshots without a name whose client is long gone."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM samplers WHERE file IS NOT NULL AND model_path IS NULL "
                "AND session_id IN (SELECT id FROM sessions WHERE seen_at < ?)",
                (seen_before,),
            )

    def join(self, sampler_id: str) -> int:
        """A number for one more client of this session; the first client is 0."""
        with self._database.transaction() as db:
            row = db.execute(
                "UPDATE samplers SET clones = clones + 1 WHERE id = ? RETURNING clones",
                (sampler_id,),
            ).fetchone()
        return int(row["clones"])


def _sampler(row: sqlite3.Row) -> Sampler:
    return Sampler(
        id=row["id"],
        tenant=row["tenant"],
        session_id=row["session_id"],
        base=row["base"],
        lora=LoraSpec.of(json.loads(row["lora"])) if row["lora"] else None,
        file=row["file"],
        model_path=row["model_path"],
    )
