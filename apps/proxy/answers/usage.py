"""Tokens and errors, which all dialects say much alike."""

from typing import Any

from apps.proxy.answers.answer import Answer
from apps.proxy.answers.values import count_of, dict_of, text_of

_ERROR_LENGTH = 2000


def read_usage(usage: Any, answer: Answer) -> None:
    """Counts of any dialect. What was said before stays where this says nothing.

    Anthropic counts cached input beside the input, all others inside it.
    """
    if not isinstance(usage, dict):
        return
    beside = [usage.get("cache_read_input_tokens"), usage.get("cache_creation_input_tokens")]
    read, written = (count_of(value) for value in beside)
    counted = count_of(usage.get("prompt_tokens"))
    if counted is None and (plain := count_of(usage.get("input_tokens"))) is not None:
        counted = plain + (read or 0) + (written or 0)
    if counted is not None:
        answer.input_tokens = max(answer.input_tokens or 0, counted)
    output = count_of(usage.get("completion_tokens", usage.get("output_tokens")))
    if output is not None:
        answer.output_tokens = output
    details = dict_of(usage.get("prompt_tokens_details") or usage.get("input_tokens_details"))
    # DeepSeek names its cached part apart.
    for value in (read, details.get("cached_tokens"), usage.get("prompt_cache_hit_tokens")):
        if (cached := count_of(value)) is not None:
            answer.cache_read_tokens = cached
            break
    for value in (written, details.get("cache_write_tokens")):
        if (kept := count_of(value)) is not None:
            answer.cache_write_tokens = kept
            break


def read_error(holder: dict[str, Any], answer: Answer) -> None:
    """The ``error`` member of a body or an event, if it has one."""
    error = holder.get("error")
    if isinstance(error, dict):
        answer.error = {
            "type": text_of(error.get("code")) or text_of(error.get("type")) or "error",
            "message": text_of(error.get("message"))[:_ERROR_LENGTH],
        }
