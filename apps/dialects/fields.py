"""What happens to the top-level fields of a request, as a table per direction."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.dialects.errors import Untranslatable

_UNPRINTABLE = re.compile(r"[^A-Za-z0-9_.\[\]-]")


def words(text: str) -> frozenset[str]:
    """The names in a text, which reads better than a column of quotes."""
    return frozenset(text.split())


def printable(names: Iterable[str]) -> list[str]:
    """Each name once, fit for a header: parts of them are the caller's own words."""
    return list(dict.fromkeys(_UNPRINTABLE.sub("_", name)[:64] for name in names))


@dataclass(frozen=True)
class Refusal:
    """Why a field is refused; ``allows`` are values that ask for nothing special."""

    says: str
    allows: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Fields:
    """``carried`` have code of their own, ``harmless`` change nothing in the answer's meaning."""

    carried: frozenset[str]
    harmless: frozenset[str]
    refused: Mapping[str, Refusal] = field(default_factory=dict)

    def left_out(self, body: Mapping[str, Any]) -> list[str]:
        """The fields that are not carried and not known to matter.

        Raises ``Untranslatable`` for one that is known to matter.
        """
        left = []
        for name, value in body.items():
            # Falsy values (null, false, 0, an empty list) ask for nothing.
            if not value or name in self.carried or name in self.harmless:
                continue
            refusal = self.refused.get(name)
            if refusal is None:
                left.append(name)
            elif value not in refusal.allows:
                raise Untranslatable(name, refusal.says)
        return left
