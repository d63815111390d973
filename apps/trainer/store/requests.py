"""Requests and their futures: accepted once, done once."""

import secrets
import sqlite3
import time

from apps.trainer.errors import NotFound, Refused
from apps.trainer.store.database import Database
from apps.trainer.types import Answer, Kind, Request

_COLUMNS = "id, tenant, kind, run_id, sampler_id, seq, payload, seed, status, samples"


class Requests:
    def __init__(self, database: Database) -> None:
        self._database = database

    def accept(
        self,
        *,
        tenant: str,
        kind: Kind,
        seq: int,
        payload: bytes,
        run_id: str | None = None,
        sampler_id: str | None = None,
        samples: int = 0,
    ) -> tuple[Request, bool]:
        """Store the request, or find the one that this repeats. Says whether it is new."""
        request_id = secrets.token_hex(16)
        # Chosen now, so that work which a crash interrupts is repeated with the same numbers.
        seed = secrets.randbits(48)
        values = (request_id, tenant, kind, run_id, sampler_id, seq, payload, seed, samples)
        with self._database.transaction() as db:
            changed = db.execute(
                "INSERT OR IGNORE INTO requests (id, tenant, kind, run_id, sampler_id, seq, "
                "payload, seed, samples, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, time.time()),
            ).rowcount
            row = db.execute(
                f"SELECT {_COLUMNS} FROM requests WHERE seq = ? AND (run_id = ? OR sampler_id = ?)",  # noqa: S608
                (seq, run_id, sampler_id),
            ).fetchone()
        return _request(row), changed == 1

    def owned(self, tenant: str, request_id: object) -> Request:
        row = self._row(tenant, request_id)
        return _request(row)

    def answer(self, tenant: str, request_id: object) -> Answer | tuple[str, str] | None:
        """What the future holds: an answer, or a sentence and its category; None while pending."""
        row = self._row(tenant, request_id)
        if row["status"] == "pending":
            return None
        if row["error"] is not None:
            return row["error"], row["category"]
        if row["result"] is None:
            raise Refused(410, "The result of this request is no longer kept.")
        return Answer(row["result"], is_proto=bool(row["is_proto"]))

    def finish(self, request: Request, answer: Answer, *, keep_payload: bool = False) -> None:
        self._close(request, "done", answer, None, None, keep_payload=keep_payload)

    def fail(self, request: Request, message: str, category: str) -> None:
        self._close(request, "failed", None, message, category, keep_payload=False)

    def pending(self) -> list[Request]:
        """What was accepted and not yet done, oldest first."""
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM requests WHERE status = 'pending' ORDER BY created_at"  # noqa: S608
            ).fetchall()
        return [_request(row) for row in rows]

    def to_repeat(self, run_id: str, *, after: int, upto: int) -> list[Request]:
        """The passes whose gradients are in no file yet, in order."""
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM requests WHERE run_id = ? AND seq > ? AND seq <= ? "  # noqa: S608
                "AND kind = 'forward_backward' AND status = 'done' ORDER BY seq",
                (run_id, after, upto),
            ).fetchall()
        return [_request(row) for row in rows]

    def pending_count(self, tenant: str) -> int:
        with self._database.reading() as db:
            row = db.execute(
                "SELECT count(*) FROM requests WHERE status = 'pending' AND tenant = ?", (tenant,)
            ).fetchone()
        return int(row[0])

    def forget_results(self, *, finished_before: float) -> None:
        """Drop results nobody will fetch. The rows stay: a repeated request must not run again."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE requests SET result = NULL, payload = CASE kind WHEN 'forward_backward' "
                "THEN payload END WHERE status = 'done' AND result IS NOT NULL "
                "AND finished_at < ?",
                (finished_before,),
            )

    def delete_samples(self, *, finished_before: float) -> None:
        """Nobody repeats a sample request so late; those of runs stay as long as the run."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM requests WHERE kind = 'sample' AND finished_at < ?",
                (finished_before,),
            )

    def _close(
        self,
        request: Request,
        status: str,
        answer: Answer | None,
        message: str | None,
        category: str | None,
        *,
        keep_payload: bool,
    ) -> None:
        with self._database.transaction() as db:
            db.execute(
                "UPDATE requests SET status = ?, result = ?, is_proto = ?, error = ?, "
                "category = ?, finished_at = ?, payload = CASE WHEN ? THEN payload END "
                "WHERE id = ? AND status = 'pending'",
                (
                    status,
                    answer.body if answer else None,
                    bool(answer and answer.is_proto),
                    message,
                    category,
                    time.time(),
                    keep_payload,
                    request.id,
                ),
            )

    def _row(self, tenant: str, request_id: object) -> sqlite3.Row:
        with self._database.reading() as db:
            row: sqlite3.Row | None = db.execute(
                "SELECT * FROM requests WHERE id = ? AND tenant = ?", (str(request_id), tenant)
            ).fetchone()
        if row is None:
            raise NotFound("This request")
        return row


def _request(row: sqlite3.Row) -> Request:
    return Request(
        id=row["id"],
        tenant=row["tenant"],
        kind=row["kind"],
        run_id=row["run_id"],
        sampler_id=row["sampler_id"],
        seq=row["seq"],
        payload=row["payload"] or b"",
        seed=row["seed"],
        status=row["status"],
        samples=row["samples"],
    )
