"""Asking a recorded turn again, as it was asked, with other skills in its prompt."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx2
from django.conf import settings

from apps.core.chat import content_text, readable
from apps.core.errors import UpstreamFailed
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.guarded_http import guarded_client
from apps.skills import selectors as skills
from apps.skills.skillmd import SkillDoc
from apps.trajectories import selectors as turns
from apps.trajectories.errors import RequestDamaged, TurnNotFound
from apps.trajectories.types import ReplayTurn
from apps.upstreams.selectors import route_table
from apps.upstreams.types import Target
from apps.usage.selectors import price_table
from apps.usage.types import FREE, Price

_PATHS = {"openai": "/chat/completions", "anthropic": "/messages", "responses": "/responses"}
_ANTHROPIC_VERSION = "2023-06-01"
# How an answer comes, not what is asked.
_NOT_REPEATED = ("stream", "stream_options", "background")
_WORTH_A_RETRY = frozenset({408, 409, 425, 429})


class NotFaithful(Exception):
    """The turn cannot be asked again as it was; the text says why."""


@dataclass(frozen=True, slots=True)
class Arms:
    """A turn ready to be asked both ways."""

    turn: ReplayTurn
    target: Target
    without: dict[str, Any]
    with_skill: dict[str, Any]
    system: str
    said_of_it: str | None
    # None: not known.
    price: Price | None


@dataclass(frozen=True, slots=True)
class Sample:
    text: str
    input_tokens: int
    output_tokens: int
    # USD / 10⁶; None where nobody knows what the model costs.
    cost_micros: int | None = 0


def arms_of(*, tenant_id: UUID, turn_id: UUID, doc: SkillDoc) -> Arms:
    """Both requests: the skills that the turn had, with ``doc`` among them and without it.

    Raises NotFaithful.
    """
    with tenant_tx(tenant_id):
        try:
            turn = turns.replay_turn(tenant_id=tenant_id, turn_id=turn_id)
        except (TurnNotFound, RequestDamaged) as exc:
            raise NotFaithful(
                say("replay_not_kept", "The turn, or a part of its request, is not kept any more.")
            ) from exc
        if turn.dialect not in _PATHS:
            english = "Turns of the {name} API are not asked again yet."
            raise NotFaithful(say("replay_api", english, name=turn.dialect))
        target = _target(tenant_id, turn)
        blocks = skills.blocks_with_and_without(
            tenant_id=tenant_id, version_ids=[used.version_id for used in turn.skills], doc=doc
        )
        if blocks is None:
            raise NotFaithful(
                say("replay_skill_gone", "A skill that the turn had is not there any more.")
            )
        price = _price(tenant_id, target, target.model or turn.model)
    body = json.loads(turn.body)
    if body.get("previous_response_id") or body.get("conversation"):
        raise NotFaithful(
            say(
                "replay_kept_there",
                "What was said before is kept by the provider, not in the request.",
            )
        )
    for name in _NOT_REPEATED:
        body.pop(name, None)
    if turn.dialect == "responses" or "store" in body:
        # Nobody goes on from what a replay was answered.
        body["store"] = False
    if target.model:
        body["model"] = target.model
    return Arms(
        turn=turn,
        target=target,
        without=_with_block(turn.dialect, body, blocks.without),
        with_skill=_with_block(turn.dialect, body, blocks.with_text),
        system=content_text(turn.system),
        said_of_it=turn.follow_up,
        price=price,
    )


def ask(arms: Arms, body: dict[str, Any]) -> Sample:
    """One answer of the provider that serves such requests now. Raises UpstreamFailed."""
    connection, dialect = arms.target.connection, arms.turn.dialect
    headers = dict(connection.credentials())
    if dialect == "anthropic":
        headers["anthropic-version"] = _ANTHROPIC_VERSION
    url = connection.address(_PATHS[dialect], str(body["model"]))
    try:
        with guarded_client(settings.METACLAW_MODEL_TIMEOUT_SECONDS) as client:
            answer = client.post(url, json=body, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL) as exc:
        english = "The provider could not be asked: {why!r}"
        raise UpstreamFailed(
            say("provider_unreachable", english, why=str(exc)), permanent=False
        ) from exc
    if answer.status_code >= 400:
        status = answer.status_code
        permanent = status < 500 and status not in _WORTH_A_RETRY
        raise UpstreamFailed(
            say("provider_status", "The provider answered {status}.", status=status),
            permanent=permanent,
        )
    try:
        return _priced(_sample(dialect, answer.json()), arms.price)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as exc:
        raise UpstreamFailed(
            say("provider_unreadable", "The provider's answer cannot be read."), permanent=False
        ) from exc


def _target(tenant_id: UUID, turn: ReplayTurn) -> Target:
    found = route_table(tenant_id=tenant_id).resolve(turn.model, turn.agent, turn.session_id.hex)
    for target in found.targets:
        if target.connection.speaks(turn.dialect):
            return target
    raise NotFaithful(
        say(
            "replay_no_provider",
            "No provider of this workspace speaks the API of the turn any more.",
        )
    )


def _price(tenant_id: UUID, target: Target, model: str) -> Price | None:
    if target.connection.is_simulated or target.connection.is_free:
        return FREE
    return price_table(tenant_id=tenant_id).price_of(model)


def _priced(sample: Sample, price: Price | None) -> Sample:
    if price is None:
        return replace(sample, cost_micros=None)
    spent = price.cost(input_tokens=sample.input_tokens, output_tokens=sample.output_tokens)
    return replace(sample, cost_micros=spent)


def _with_block(dialect: str, body: dict[str, Any], block: str) -> dict[str, Any]:
    """The request with the skills where a session's first ones stand: behind its instructions."""
    made = copy.deepcopy(body)
    if not block:
        return made
    if dialect == "responses":
        made["instructions"] = "\n\n".join(filter(None, [made.get("instructions"), block]))
        return made
    if dialect == "anthropic":
        system = made.get("system") or []
        parts = [{"type": "text", "text": system}] if isinstance(system, str) else list(system)
        made["system"] = [*parts, {"type": "text", "text": block}]
        return made
    messages = made["messages"]
    first = messages[0] if messages else {}
    if first.get("role") not in ("system", "developer"):
        made["messages"] = [{"role": "system", "content": block}, *messages]
    elif isinstance(first.get("content"), str):
        first["content"] = f"{first['content']}\n\n{block}"
    else:
        first["content"] = [*first["content"], {"type": "text", "text": block}]
    return made


def _sample(dialect: str, answer: dict[str, Any]) -> Sample:
    usage = answer.get("usage") or {}
    counted = usage.get("input_tokens"), usage.get("output_tokens")
    if dialect == "anthropic":
        message = {"role": "assistant", "content": answer["content"]}
    elif dialect == "responses":
        message = {"role": "assistant", "content": list(_said(answer["output"]))}
    else:
        message = answer["choices"][0]["message"]
        counted = usage.get("prompt_tokens"), usage.get("completion_tokens")
    return Sample(readable(message), counted[0] or 0, counted[1] or 0)


def _said(output: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What of a response's items people can read: texts and calls of tools."""
    for item in output:
        if item["type"] == "message":
            yield from item["content"]
        elif item["type"] == "function_call":
            yield {"type": "tool_use", "name": item["name"], "input": item["arguments"]}
