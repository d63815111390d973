"""Requests and answers between the APIs that callers and providers speak.

Pure functions of what they are given: no network, no clock but the one handed in, no state
outside a request. ``docs/mechanisms/translation.md`` says what is carried, refused, left out.
"""

from typing import Any

from apps.core import clock
from apps.proxy.translate.anthropic_on_openai import AnthropicOnOpenai
from apps.proxy.translate.composed import ResponsesOnAnthropic
from apps.proxy.translate.errors import UnreadableAnswer, Untranslatable
from apps.proxy.translate.failures import Failure
from apps.proxy.translate.openai_on_anthropic import OpenaiOnAnthropic
from apps.proxy.translate.responses_on_openai import ResponsesOnOpenai
from apps.proxy.translate.types import StreamTranslator, Translation

__all__ = [
    "Failure",
    "StreamTranslator",
    "Translation",
    "UnreadableAnswer",
    "Untranslatable",
    "translation",
]


def translation(caller: str, provider: str, request: dict[str, Any]) -> Translation | None:
    """The way from the caller's dialect to the provider's; ``None`` if they speak the same.

    ``request`` is the caller's body: answers repeat parts of it. Raises ``Untranslatable``
    for a pair that nothing leads between.
    """
    if caller == provider:
        return None
    at = int(clock.now().timestamp())
    if (caller, provider) == ("anthropic", "openai"):
        return AnthropicOnOpenai(request)
    if (caller, provider) == ("openai", "anthropic"):
        return OpenaiOnAnthropic(request, at)
    if (caller, provider) == ("responses", "openai"):
        return ResponsesOnOpenai(request, at)
    if (caller, provider) == ("responses", "anthropic"):
        return ResponsesOnAnthropic(request, at)
    raise Untranslatable("", f"Requests in the {caller} format do not reach {provider} providers.")
