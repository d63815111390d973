"""Turns as they leave the product: one line for each, whole, with all that was said of it."""

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from apps.core.asked import asked_body, parsed
from apps.core.storable import storable
from apps.trajectories.errors import RequestDamaged
from apps.trajectories.models import Score, Turn
from apps.trajectories.selectors.filters import TurnFilters
from apps.trajectories.selectors.requests import injection_of, request_built
from apps.trajectories.selectors.searching import turns_found

Column = Literal["text", "int", "float", "bool", "json"]

_PLAIN: Final[Mapping[str, Column]] = {
    "id": "text",
    "session_id": "text",
    "parent_id": "text",
    "kind": "text",
    "agent": "text",
    "started_at": "text",
    "finished_at": "text",
    "recorded_at": "text",
    "status": "text",
    "http_status": "int",
    "dialect": "text",
    "is_stream": "bool",
    "is_simulated": "bool",
    "model": "text",
    "served_model": "text",
    "upstream": "text",
    "key_id": "text",
    "key_name": "text",
    "input_tokens": "int",
    "output_tokens": "int",
    "cache_read_tokens": "int",
    "cache_write_tokens": "int",
    "usage_is_estimated": "bool",
    "first_byte_ms": "int",
    "latency_ms": "int",
    "outcome": "text",
    "score": "int",
    "reward": "float",
    "reward_source": "text",
    "is_support": "bool",
    "evolve_attempts": "int",
    "attempt_of": "text",
    "attempts": "int",
    "is_latest": "bool",
    "is_repeated": "bool",
    "is_rollout": "bool",
    "finish_reason": "text",
    "error": "json",
    "tags": "json",
    "timings": "json",
    "routing": "json",
    "response": "json",
    "user_text": "text",
}
# In this order they stand in a table; lines of JSON have their members sorted.
TURN_COLUMNS: Final[Mapping[str, Column]] = {
    **_PLAIN,
    "external_session_id": "text",
    "request_sha256": "text",
    # Why the request could not be put together, where that is so; the five below are null then.
    "request_damaged": "text",
    "system": "json",
    "messages": "json",
    "new_from": "int",
    "tools": "json",
    "parameters": "json",
    "injection": "json",
    "skills": "json",
    "scores": "json",
}
# Names and numbers of ours, in which no text of anybody can stand.
TURN_FACTS: Final = frozenset(
    name
    for name in TURN_COLUMNS
    if name.endswith(("_id", "_at", "_of", "_ms", "_tokens", "_sha256"))
    or name in ("id", "timings")
)
_ASKED_IN = ("system", "instructions", "messages", "input", "prompt", "tools")
_SCORE = [
    field.attname for field in Score._meta.concrete_fields if field.name not in ("tenant", "turn")
]


def turns_for_export(
    *, tenant_id: UUID, filters: TurnFilters, after: UUID | None, limit: int
) -> list[Turn]:
    """Turns that meet the filters, oldest first, from the one behind ``after`` on."""
    turns = turns_found(tenant_id=tenant_id, filters=filters)
    if after is not None:
        turns = turns.filter(id__gt=after)
    turns = turns.select_related("session").prefetch_related("skills", "scores")
    return list(turns.order_by("id")[:limit])


def turn_line(turn: Turn) -> dict[str, Any]:
    """Everything about a turn, as values that JSON has."""
    line = {name: _value(getattr(turn, name)) for name in _PLAIN}
    return {
        **line,
        "external_session_id": turn.session.external_id,
        "request_sha256": bytes(turn.request_sha256).hex(),
        **_asked(turn),
        "injection": injection_of(turn),
        "skills": [
            {
                "slug": used.slug,
                "version": used.version,
                "version_id": str(used.version_id),
                "score": used.score,
            }
            for used in sorted(turn.skills.all(), key=lambda one: (one.slug, one.version))
        ],
        "scores": [
            {name: _value(getattr(score, name)) for name in _SCORE}
            for score in sorted(turn.scores.all(), key=lambda one: one.id)
        ],
    }


def _asked(turn: Turn) -> dict[str, Any]:
    try:
        body = request_built(tenant_id=turn.tenant_id, turn_id=turn.id).body
        asked = asked_body(turn.dialect, body)
        whole = parsed(body)
    except RequestDamaged as exc:
        return _nothing_asked(turn, str(exc.extra.get("reason", "")) or "damaged")
    except (ValueError, KeyError, TypeError, AttributeError):
        return _nothing_asked(turn, "not of its dialect")
    return {
        "request_damaged": "",
        "system": storable(asked.system),
        "messages": storable(asked.messages),
        "new_from": turn.new_from,
        "tools": storable(asked.tools),
        "parameters": storable({k: v for k, v in whole.items() if k not in _ASKED_IN}),
    }


def _nothing_asked(turn: Turn, why: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("system", "messages", "tools", "parameters"))
    return nothing | {"request_damaged": why, "new_from": turn.new_from}


def _value(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
