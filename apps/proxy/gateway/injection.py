"""Putting skills into a prompt without disturbing anything else in it.

The skills of a session's first request stand behind the system prompt. Skills that turn out
to fit later go behind the user message they fitted, and stay at that message in every later
request: the prompt only ever grows at its end (P8).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.core.chat import conversation_hashes, last_user_index, said_by_user
from apps.proxy.gateway.json_body import JsonBody, Span, member_span
from apps.proxy.gateway.sessions import Conversation, spoken
from apps.proxy.gateway.snapshots import TenantSnapshot
from apps.skills.types import LiveSkill

_TAILS_MAX = 8
# A session may carry more than one request may add, but not without end.
_SESSION_BUDGETS = 3


@dataclass(slots=True)
class Injection:
    """What went into one request."""

    text: str = ""
    place: str = "none"
    skills: list[LiveSkill] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)


def inject(
    body: JsonBody,
    dialect: str,
    tenant: TenantSnapshot,
    conversation: Conversation,
    meaning: Sequence[float] | None = None,
) -> Injection:
    """Choose skills for the request and put them into its text.

    ``meaning`` is the vector of what the user asked, where embeddings are configured.
    """
    done = Injection()
    if tenant.config.mode != "skills" or not tenant.library.skills:
        return done
    said = spoken(body.values)
    index = last_user_index(said)
    query = "" if index is None else said_by_user(said[index])
    chosen = _choose(tenant, conversation, query, meaning)
    done.scores = chosen
    pins = conversation.pins
    fresh = tuple(version for version in chosen if version not in pins.all())
    if pins.at_start is None:
        pins.at_start = fresh
    elif fresh and index is not None and len(pins.at_message) < _TAILS_MAX:
        pins.at_message.setdefault(_hashes(conversation, said)[index], fresh)
    _put_at_start(body, dialect, tenant, pins.at_start, done)
    if pins.at_message:
        _put_at_messages(body, tenant, conversation, said, done)
    return done


def _choose(
    tenant: TenantSnapshot,
    conversation: Conversation,
    query: str,
    meaning: Sequence[float] | None,
) -> dict[str, float]:
    """Versions that fit the query, best first, within what the session may still take on."""
    config = tenant.config
    pinned = [tenant.by_version[v] for v in conversation.pins.all() if v in tenant.by_version]
    room = config.skill_token_budget * _SESSION_BUDGETS - sum(one.tokens for one in pinned)
    budget = max(0, min(room, config.skill_token_budget))
    hits = tenant.index.search(query, limit=config.max_skills, token_budget=budget)
    chosen = {hit.skill.version_id: hit.score for hit in hits}
    if meaning is None:
        return chosen
    # Words decide first: a shared rare word says more than a neighbouring vector. Places
    # that they leave open go to the skills that are closest in meaning.
    places = config.max_skills - sum(not hit.is_always for hit in hits)
    budget -= sum(hit.skill.tokens for hit in hits if not hit.is_always)
    for version, cosine in tenant.vectors.nearest(meaning, limit=config.max_skills):
        tokens = tenant.by_version[version].tokens
        if places > 0 and version not in chosen and tokens <= budget:
            chosen[version] = round(cosine, 4)
            places, budget = places - 1, budget - tokens
    return chosen


def _live(versions: Iterable[str] | None, tenant: TenantSnapshot) -> list[LiveSkill]:
    """Pinned versions that are still live: a retired skill leaves every prompt at once."""
    found = (tenant.by_version.get(version) for version in versions or ())
    return [skill for skill in found if skill is not None]


def _hashes(conversation: Conversation, said: list[Any]) -> list[bytes]:
    if not conversation.hashes:
        conversation.hashes = conversation_hashes(said)
    return conversation.hashes


def _put_at_start(
    body: JsonBody, dialect: str, tenant: TenantSnapshot, pinned: Iterable[str], done: Injection
) -> None:
    skills = _live(pinned, tenant)
    if not skills:
        return
    block = tenant.block_of(skills)
    if dialect == "anthropic":
        _append_to_system(body, block)
    else:
        _append_to_first_message(body, block)
    done.text, done.place = block, "system"
    done.skills += skills


def _append_to_system(body: JsonBody, block: str) -> None:
    span = body.members.get("system")
    value = body.values.get("system")
    if span is None or value is None:
        if span is not None:
            body.replace(span, json.dumps(block))
        else:
            body.insert(body.text.index("{") + 1, f'"system":{json.dumps(block)},')
        return
    _append_to_content(body, span, value, block)


def _append_to_first_message(body: JsonBody, block: str) -> None:
    first = body.values["messages"][0]
    if first.get("role") in ("system", "developer"):
        _append_to_message(body, 0, block)
        return
    message = json.dumps({"role": "system", "content": block}, separators=(",", ":"))
    body.insert(body.messages[0].start, f"{message},")


def _put_at_messages(
    body: JsonBody,
    tenant: TenantSnapshot,
    conversation: Conversation,
    said: list[Any],
    done: Injection,
) -> None:
    first = len(body.values["messages"]) - len(said)
    for index, known in enumerate(_hashes(conversation, said)):
        skills = _live(conversation.pins.at_message.get(known), tenant)
        if not skills or said[index].get("role") != "user":
            continue
        block = tenant.block_of(skills)
        _append_to_message(body, first + index, block)
        done.text = f"{done.text}\n\n{block}".strip()
        done.place = "tail" if done.place == "none" else done.place
        done.skills += skills


def _append_to_message(body: JsonBody, number: int, block: str) -> None:
    span = member_span(body.text, body.messages[number], "content")
    if span is not None:
        _append_to_content(body, span, body.values["messages"][number].get("content"), block)


def _append_to_content(body: JsonBody, span: Span, value: Any, block: str) -> None:
    """Behind a string's last character, or as one more part of a list."""
    if isinstance(value, str):
        glue = "\n\n" if value else ""
        body.insert(span.end - 1, json.dumps(glue + block)[1:-1])
    elif isinstance(value, list):
        part = json.dumps({"type": "text", "text": block}, separators=(",", ":"))
        body.insert(span.end - 1, f",{part}" if value else part)
    elif value is None:
        body.replace(span, json.dumps(block))
