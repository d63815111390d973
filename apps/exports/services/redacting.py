"""Taking out what must not leave, and counting it. The values themselves are kept nowhere."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from apps.core.sensitive import redact_all, redact_secrets
from apps.exports.models import Export

_BY_LEVEL: dict[str, Callable[[str], tuple[str, Counter[str]]] | None] = {
    Export.Redaction.NONE: None,
    Export.Redaction.SECRETS: redact_secrets,
    Export.Redaction.PERSONAL: redact_all,
}
# Shorter than anything that is looked for.
_LEAST = 7


class Redactor:
    """For one file. A text that stands in many rows, as conversations do, is read once."""

    def __init__(self, level: str) -> None:
        self._redact = _BY_LEVEL[level]
        self._known: dict[str, tuple[str, Counter[str]]] = {}
        self.counts: Counter[str] = Counter()

    def row(self, row: Mapping[str, Any], facts: frozenset[str]) -> dict[str, Any]:
        """The row without what is sensitive; ``facts`` are columns with no text of anybody."""
        if self._redact is None:
            return dict(row)
        return {name: value if name in facts else self._clean(value) for name, value in row.items()}

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self._clean(item) for item in value]
        if isinstance(value, dict):
            return {self._text(key): self._clean(item) for key, item in value.items()}
        return value

    def _text(self, text: str) -> str:
        if self._redact is None or len(text) < _LEAST:
            return text
        if text not in self._known:
            self._known[text] = self._redact(text)
        cleaned, counts = self._known[text]
        self.counts.update(counts)
        return cleaned
