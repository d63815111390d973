"""From a model's public name to the providers that are asked for it, the first choice first."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from apps.upstreams.types import Target, UpstreamConnection

# Stands for "whatever model the provider was set up with".
DEFAULT_MODEL = "default"
_LARGEST = 1 << 64


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One route: a name, perhaps with ``*``, and where its requests go."""

    model: str
    targets: tuple[Target, ...]
    agent: str = ""
    first_byte_seconds: int | None = None
    idle_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The places for one request, in the order in which they are tried."""

    name: str
    targets: tuple[Target, ...]
    # The route's patience with the first byte and between two; None: what holds for all.
    first_byte_seconds: int | None = None
    idle_seconds: int | None = None


class RouteTable:
    """All routes of a workspace. Only read after it was built."""

    def __init__(self, rules: Sequence[RouteRule], serving: UpstreamConnection | None) -> None:
        self._exact: dict[tuple[str, str], RouteRule] = {}
        self._patterns: list[tuple[_Pattern, RouteRule]] = []
        for rule in rules:
            if "*" in rule.model:
                self._patterns.append((_Pattern.of(rule.model), rule))
            else:
                self._exact[rule.model, rule.agent] = rule
        self._patterns.sort(key=lambda one: _rank(*one))
        self._default = _default(serving)

    @property
    def names(self) -> list[str]:
        """The public names of models, where they are whole names."""
        return sorted({model for model, _ in self._exact})

    def resolve(self, model: str, agent: str = "", sticky: str = "") -> Resolved:
        """The targets for a model; without a route those of the provider that serves.

        ``sticky`` spreads callers by weight: the same text, a session's id say, always gets
        the same first choice, so that a provider's prompt cache keeps hitting.
        """
        exact = self._exact
        rule = exact.get((model, agent)) or exact.get((model, ""))
        if rule is not None:
            return _resolved(rule, rule.targets, sticky)
        for pattern, rule in self._patterns:
            if rule.agent in ("", agent) and (stood_for := pattern.match(model)) is not None:
                targets = [_filled(target, stood_for) for target in rule.targets]
                return _resolved(rule, targets, sticky)
        return self._default[model == DEFAULT_MODEL]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A name with stars. Matching takes time in proportion to the name, whatever it holds:
    names come from callers, and all workspaces share the process."""

    start: str
    between: tuple[str, ...]
    end: str

    @classmethod
    def of(cls, model: str) -> "_Pattern":
        start, *between, end = model.split("*")
        return cls(start, tuple(between), end)

    def match(self, name: str) -> str | None:
        """What the first star stands for; None where the name does not fit."""
        at, until = len(self.start), len(name) - len(self.end)
        if at > until or not name.startswith(self.start) or not name.endswith(self.end):
            return None
        stood_for = None if self.between else name[at:until]
        for piece in self.between:
            found = name.find(piece, at, until)
            if found < 0:
                return None
            if stood_for is None:
                stood_for = name[at:found]
            at = found + len(piece)
        return stood_for


def _rank(pattern: _Pattern, rule: RouteRule) -> tuple[int, int, bool, str]:
    """What says more about a name comes first, and an agent's own before everybody's."""
    said = len(rule.model) - rule.model.count("*")
    return -said, -len(pattern.start), not rule.agent, rule.model


def _resolved(rule: RouteRule, targets: Sequence[Target], sticky: str) -> Resolved:
    return Resolved(
        rule.model, _ordered(targets, sticky), rule.first_byte_seconds, rule.idle_seconds
    )


def _filled(target: Target, stood_for: str) -> Target:
    """A ``*`` in a target's model stands for what the route's first ``*`` stood for."""
    if "*" not in target.model:
        return target
    return Target(target.connection, target.model.replace("*", stood_for), target.weight)


def _default(serving: UpstreamConnection | None) -> tuple[Resolved, Resolved]:
    """Without a route: under the name that was asked for, and under that of the provider."""
    if serving is None:
        return Resolved("", ()), Resolved("", ())
    return Resolved("", (Target(serving),)), Resolved("", (Target(serving, serving.model),))


def _ordered(targets: Sequence[Target], sticky: str) -> tuple[Target, ...]:
    """First the one that the weights choose for ``sticky``, then the others as they stand."""
    weighted = [target for target in targets if target.weight] if len(targets) > 1 else ()
    if not weighted:
        return tuple(targets)
    first = weighted[0] if len(weighted) == 1 else max(weighted, key=lambda t: _pull(t, sticky))
    return (first, *(target for target in targets if target is not first))


def _pull(target: Target, sticky: str) -> float:
    """How much a target attracts a session, after its weight.

    Each target's pull depends on itself alone: one that comes or goes, or changes its weight,
    moves the sessions it wins or loses and nobody else's. (Weighted rendezvous hashing,
    https://www.ietf.org/archive/id/draft-ietf-bess-weighted-hrw-00.html)
    """
    seed = target.connection.upstream_id.bytes + f"{target.model}\n{sticky}".encode()
    number = int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest())
    return -target.weight / math.log((number + 1) / (_LARGEST + 1))
