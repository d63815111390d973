"""Which providers a request may go to, in which order, and in which of their dialects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings

from apps.dialects import Translation, Untranslatable, translation
from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.dialects import ANTHROPIC, OPENAI, RESPONSES, Dialect
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.snapshots import TenantSnapshot
from apps.upstreams.types import Target, UpstreamConnection

# Asked for in one of these, a model may be reached through any of them.
_TRANSLATED = (OPENAI, ANTHROPIC, RESPONSES)
_BY_NAME: Mapping[str, Dialect] = {one.name: one for one in _TRANSLATED}
# What comes with a dialect without being one of its own.
_COMES_WITH = {"completions": "openai", "embeddings": "openai"}


@dataclass(frozen=True, slots=True)
class Way:
    """One provider a request may go to, and how it is asked there."""

    upstream: UpstreamConnection
    # The model's name there; empty for the name that was asked for.
    model: str
    dialect: Dialect
    translation: Translation | None = None

    @property
    def is_sampled(self) -> bool:
        """Whether the policy process answers, with the tokens of the answer beside it."""
        return self.dialect is OPENAI and self.upstream.is_policy

    def body(self, asked: Asked) -> bytes:
        """The request as this provider gets it. Raises Refusal 400."""
        edits = []
        if self.model and self.model != asked.model:
            edits.append((asked.body.members["model"], orjson.dumps(self.model).decode()))
        rendered = asked.body.rendered(*edits)
        body = asked.raw if rendered is None else rendered
        if self.translation is None:
            return body
        return _translated(self.translation, self.upstream, body)


@dataclass(frozen=True, slots=True)
class Route:
    """All ways of a request, the first choice first."""

    ways: tuple[Way, ...]
    first_byte_seconds: float
    # How long an answer may pause; None for what holds everywhere.
    idle_seconds: float | None = None


def route(tenant: TenantSnapshot, asked: Asked, sticky: str) -> Route:
    """Where a request goes. ``sticky`` keeps a session on the provider it began with.

    Raises Refusal 503 without any provider and 400 where none of them can be asked this.
    """
    found = tenant.routes.resolve(asked.model, asked.agent, sticky)
    if not found.targets:
        raise Refusal(
            503,
            "no_upstream",
            "This workspace has no model provider yet. Add one in the console under Upstreams.",
        )
    ways = [
        way
        for target in found.targets
        if (way := _way(target, asked.dialect, asked.body.values)) is not None
    ]
    if not ways:
        raise _not_spoken(found.targets[0].connection, asked.dialect)
    return Route(
        tuple(ways),
        found.first_byte_seconds or settings.METACLAW_FIRST_BYTE_TIMEOUT_SECONDS,
        found.idle_seconds,
    )


def in_order(ways: Iterable[Way], is_open: Callable[[Way], bool]) -> list[Way]:
    """Providers that failed lately go to the end of the line."""
    waiting: list[Way] = []
    ready: list[Way] = []
    for way in ways:
        (waiting if is_open(way) else ready).append(way)
    return ready + waiting


def _way(target: Target, dialect: Dialect, body: dict[str, Any]) -> Way | None:
    upstream, model = target.connection, target.model
    if upstream.speaks(_COMES_WITH.get(dialect.name, dialect.name)):
        return Way(upstream, model, dialect)
    if dialect.name not in _BY_NAME:
        return None
    for other in (OPENAI, ANTHROPIC):
        if other is not dialect and upstream.speaks(other.name):
            how = translation(dialect.name, other.name, body)
            return None if how is None else Way(upstream, model, other, how)
    return None


def _translated(how: Translation, upstream: UpstreamConnection, body: bytes) -> bytes:
    try:
        return orjson.dumps(upstream.fitted(how.request(orjson.loads(body))))
    except Untranslatable as exc:
        raise Refusal(400, "cannot_be_carried", f"'{exc.field}': {exc}") from exc
    except (orjson.JSONDecodeError, TypeError) as exc:
        message = "The body holds text or numbers that this model's provider cannot be sent."
        raise Refusal(400, "invalid_json", message) from exc


def _not_spoken(upstream: UpstreamConnection, dialect: Dialect) -> Refusal:
    return Refusal(
        400,
        "dialect_mismatch",
        f"This model's provider {upstream.name} speaks the {upstream.kind} API, which has"
        f" nothing like {dialect.path}. Add a provider that has it under Upstreams.",
    )
