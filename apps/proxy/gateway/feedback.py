"""``POST /v1/feedback``: what whoever used an answer says of it.

Only the spool is written: the recorder finds out whether there is such a turn. So a caller
learns that it was taken, and never whether a turn exists.
"""

import time
from typing import Any
from uuid import UUID

import orjson

from apps.core.rating import COMMENT_LENGTH, NotARating, rating_of
from apps.core.storable import storable
from apps.proxy.gateway.chat import Caller
from apps.proxy.gateway.reading import read_body
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import send_whole
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.spool.frames import pack_begin, pack_end


async def answer_feedback(caller: Caller, turn: TurnInFlight) -> None:
    """Note the feedback and answer 202. Raises Refusal 400, or 503 where there is no room."""
    raw = await read_body(caller.receive, caller.headers)
    turn_id, value, comment = _read(raw)
    header = {
        "tenant": caller.grant.tenant_id,
        "key_id": caller.grant.key_id,
        "key_name": caller.grant.name,
        "feedback_only": True,
        "started_at": turn.started_at,
        "turn_id": turn_id,
        "value": value,
        "comment": comment,
    }
    outcome = {"status": "complete", "http_status": 202, "finished_at": time.time()}
    frames = pack_begin(turn.id.bytes, header, b"{}") + pack_end(turn.id.bytes, outcome)
    if not turn.spool.append(frames):
        raise Refusal(503, "spool_full", "There is no room to keep this now; try again later.")
    turn.outcome = "complete"
    body = orjson.dumps({"object": "feedback", "turn_id": turn_id, "value": value})
    await send_whole(caller.send, 202, [(b"content-type", b"application/json")], body)


def _read(raw: bytes) -> tuple[UUID, float, str]:
    try:
        given: Any = orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        raise Refusal(400, "invalid_json", "The body is not valid JSON.") from exc
    if not isinstance(given, dict):
        raise Refusal(400, "invalid_json", "The body must be a JSON object.")
    comment = given.get("comment")
    if comment is None:
        comment = ""
    if not isinstance(comment, str) or len(comment) > COMMENT_LENGTH:
        raise _malformed(f"comment: Send a text of at most {COMMENT_LENGTH} characters.")
    try:
        value = rating_of(given.get("value"))
    except NotARating as exc:
        raise _malformed(f"value: {exc}") from exc
    return _turn_id(given.get("turn_id")), value, storable(comment)


def _turn_id(given: Any) -> UUID:
    try:
        return UUID(given)
    except (ValueError, TypeError, AttributeError) as exc:
        raise _malformed("turn_id: Send what the header X-MetaClaw-Turn said.") from exc


def _malformed(message: str) -> Refusal:
    return Refusal(400, "invalid_feedback", message)
