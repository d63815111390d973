"""Why a model stopped."""

from typing import Any

_ANTHROPIC = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
_CHAT = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
    "model_context_window_exceeded": "length",
    # A paused turn is not the whole answer.
    "pause_turn": "length",
}


def anthropic_stop(
    finish_reason: str, stop_text: Any, stop_sequences: Any, *, has_calls: bool, has_refused: bool
) -> tuple[str, str | None]:
    """``stop_reason`` and ``stop_sequence``.

    OpenAI does not say which sequence stopped the model; vLLM and SGLang do (``stop_text``).
    """
    reason = _ANTHROPIC.get(finish_reason, "end_turn")
    if reason in ("end_turn", "tool_use"):
        # Providers are careless about this one: what was said decides.
        reason = "tool_use" if has_calls else "end_turn"
    if reason == "end_turn" and has_refused:
        return "refusal", None
    is_known = isinstance(stop_text, str) and isinstance(stop_sequences, list)
    if reason == "end_turn" and is_known and stop_text in stop_sequences:
        return "stop_sequence", stop_text
    return reason, None


def chat_finish(stop_reason: Any, *, has_calls: bool) -> str:
    if isinstance(stop_reason, str) and stop_reason in _CHAT:
        return _CHAT[stop_reason]
    return "tool_calls" if has_calls else "stop"
