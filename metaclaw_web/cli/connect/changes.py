"""What shall stand where in a configuration, whatever its format."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from metaclaw_web.cli.errors import CliError

Path = tuple[str, ...]


class Unreadable(CliError):
    """The file is not what its format says; nothing was changed."""


class Unplaceable(Exception):
    """The text is written in a way that this edit cannot keep."""


@dataclass(frozen=True, slots=True)
class Change:
    """``value`` shall stand at ``path``; every member on the way is an object."""

    path: Path
    value: Any


def value_at(document: Any, path: Path) -> Any:
    """What stands there, or None."""
    for name in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(name)
    return document


def outstanding(document: Any, changes: Iterable[Change]) -> list[Change]:
    """The changes that are not made yet."""
    return [one for one in changes if value_at(document, one.path) != one.value]


def applied(document: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """The document with the changes made, for comparing with what an edited text says.

    Raises Unplaceable when something else than an object stands on the way.
    """
    made: dict[str, Any] = copy.deepcopy(dict(document))
    for change in changes:
        place = made
        for name in change.path[:-1]:
            inner = place.get(name)
            if inner is None:
                inner = place[name] = {}
            if not isinstance(inner, dict):
                raise Unplaceable
            place = inner
        place[change.path[-1]] = change.value
    return made
