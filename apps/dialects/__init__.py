"""Requests and answers between the APIs that callers and providers speak.

Pure functions of what they are given: no network, no clock but the one handed in, no state
outside a request. ``docs/mechanisms/translation.md`` says what is carried, refused, left out.
"""

from apps.dialects.conversation import ChatTurn, chat_turn
from apps.dialects.errors import UnreadableAnswer, Untranslatable
from apps.dialects.failures import Failure
from apps.dialects.types import StreamTranslator, Translation
from apps.dialects.ways import translation

__all__ = [
    "ChatTurn",
    "Failure",
    "StreamTranslator",
    "Translation",
    "UnreadableAnswer",
    "Untranslatable",
    "chat_turn",
    "translation",
]
