"""From a model's public name to the providers that are asked for it, the first choice first."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.upstreams.types import Target, UpstreamConnection

# Stands for "whatever model the provider was set up with".
DEFAULT_MODEL = "default"


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One route: a name, perhaps with ``*``, and where its requests go."""

    model: str
    targets: tuple[Target, ...]
    agent: str = ""
    first_byte_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The places for one request, in the order in which they are tried."""

    name: str
    targets: tuple[Target, ...]
    first_byte_seconds: int | None = None


class RouteTable:
    """All routes of a workspace. Only read after it was built."""

    def __init__(self, rules: Sequence[RouteRule], serving: UpstreamConnection | None) -> None:
        self._exact: dict[tuple[str, str], RouteRule] = {}
        self._patterns: list[tuple[re.Pattern[str], RouteRule]] = []
        for rule in rules:
            if "*" in rule.model:
                self._patterns.append((_pattern(rule.model), rule))
            else:
                self._exact[rule.model, rule.agent] = rule
        # What says more about the name comes first, and an agent's own before everybody's.
        self._patterns.sort(key=lambda one: (-len(one[1].model), not one[1].agent, one[1].model))
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
            return Resolved(rule.model, _ordered(rule.targets, sticky), rule.first_byte_seconds)
        for pattern, rule in self._patterns:
            if rule.agent in ("", agent) and (match := pattern.fullmatch(model)):
                targets = [_filled(target, match) for target in rule.targets]
                return Resolved(rule.model, _ordered(targets, sticky), rule.first_byte_seconds)
        return self._default[model == DEFAULT_MODEL]


def _pattern(model: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(re.escape(piece) for piece in model.split("*")), re.DOTALL)


def _filled(target: Target, match: re.Match[str]) -> Target:
    """A ``*`` in a target's model stands for what the route's first ``*`` stood for."""
    if "*" not in target.model:
        return target
    return Target(target.connection, target.model.replace("*", match[1]), target.weight)


def _default(serving: UpstreamConnection | None) -> tuple[Resolved, Resolved]:
    """Without a route: under the name that was asked for, and under that of the provider."""
    if serving is None:
        return Resolved("", ()), Resolved("", ())
    return Resolved("", (Target(serving),)), Resolved("", (Target(serving, serving.model),))


def _ordered(targets: Sequence[Target], sticky: str) -> tuple[Target, ...]:
    """First the one that the weights choose for ``sticky``, then the others as they stand."""
    if len(targets) < 2:
        return tuple(targets)
    total = sum(target.weight for target in targets)
    if not total:
        return tuple(targets)
    digest = hashlib.blake2b(sticky.encode(), digest_size=8).digest()
    at = int.from_bytes(digest) % total
    for number, target in enumerate(targets):
        if at < target.weight:
            return (target, *targets[:number], *targets[number + 1 :])
        at -= target.weight
    raise AssertionError("weights that do not add up")
