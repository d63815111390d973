"""Counts of tokens in three forms.

OpenAI counts cached input inside the input; Anthropic counts it beside the input.
"""

from typing import Any

from apps.dialects.shape import count_of, dict_of


def anthropic_from_chat(usage: Any) -> dict[str, Any]:
    said = dict_of(usage)
    details = dict_of(said.get("prompt_tokens_details"))
    # DeepSeek names its cached part apart.
    read = count_of(details.get("cached_tokens")) or count_of(said.get("prompt_cache_hit_tokens"))
    written = count_of(details.get("cache_write_tokens"))
    counted: dict[str, Any] = {
        "input_tokens": max(0, count_of(said.get("prompt_tokens")) - read - written),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
        "output_tokens": count_of(said.get("completion_tokens")),
    }
    thought = _reasoning(said)
    if thought:
        counted["output_tokens_details"] = {"thinking_tokens": thought}
    return counted


def chat_from_anthropic(usage: Any) -> dict[str, Any]:
    said = dict_of(usage)
    read = count_of(said.get("cache_read_input_tokens"))
    written = count_of(said.get("cache_creation_input_tokens"))
    prompt = count_of(said.get("input_tokens")) + read + written
    completion = count_of(said.get("output_tokens"))
    thought = count_of(dict_of(said.get("output_tokens_details")).get("thinking_tokens"))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": read, "cache_write_tokens": written},
        "completion_tokens_details": {"reasoning_tokens": thought},
    }


def response_from_chat(usage: Any) -> dict[str, Any] | None:
    """Usage of a response; nothing if the provider counted nothing."""
    said = dict_of(usage)
    if not said:
        return None
    counted = anthropic_from_chat(said)
    prompt, completion = count_of(said.get("prompt_tokens")), counted["output_tokens"]
    return {
        "input_tokens": prompt,
        "input_tokens_details": {
            "cached_tokens": counted["cache_read_input_tokens"],
            "cache_write_tokens": counted["cache_creation_input_tokens"],
        },
        "output_tokens": completion,
        "output_tokens_details": {"reasoning_tokens": _reasoning(said)},
        "total_tokens": prompt + completion,
    }


def _reasoning(chat_usage: dict[str, Any]) -> int:
    return count_of(dict_of(chat_usage.get("completion_tokens_details")).get("reasoning_tokens"))
