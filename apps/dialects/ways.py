"""Which translation leads from one API to another."""

from typing import Any

from apps.core import clock
from apps.dialects.anthropic_on_openai import AnthropicOnOpenai
from apps.dialects.composed import ResponsesOnAnthropic
from apps.dialects.errors import Untranslatable
from apps.dialects.openai_on_anthropic import OpenaiOnAnthropic
from apps.dialects.responses_on_openai import ResponsesOnOpenai
from apps.dialects.types import Translation


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
