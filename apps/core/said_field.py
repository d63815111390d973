"""A column for what is said to people."""

import json
from typing import TYPE_CHECKING, Any, Final

from django.db import models

from apps.core.said import Said

# Between the English and the sentences; no text has it.
_BREAK: Final = "\x1e"

if TYPE_CHECKING:
    _TextField = models.TextField[str, Said]
else:
    # Django's own cannot be told what it holds.
    _TextField = models.TextField


class SaidField(_TextField):
    """Keeps a ``Said``: its English, and behind it what that is made of.

    Text and no JSON: what was written before stands as it is, and queries compare it as text.
    """

    def from_db_value(self, value: str | None, *_: object) -> Said | None:
        if value is None:
            return None
        text, _break, sentences = value.partition(_BREAK)
        return Said(text, json.loads(sentences) if sentences else ())

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        if isinstance(value, Said) and value.sentences:
            return f"{text}{_BREAK}{json.dumps(value.sentences)}"
        return text

    def deconstruct(self) -> Any:
        """To migrations it is the text that it is to the database."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
