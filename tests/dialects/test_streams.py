"""Every stream, however its bytes are cut: the right events, in the right order, once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.dialects import StreamTranslator, Translation, translation
from tests.dialects import checking
from tests.dialects.recorded import (
    ANTHROPIC_STREAMS,
    CHAT_STREAMS,
    TEXT,
    USAGE,
    call,
    chunk,
    named,
    sse,
    start,
)

Body = dict[str, Any]
THINKING = {"thinking": {"type": "adaptive"}}
COUNTING = {"stream_options": {"include_usage": True}}
SUMMARY = {"reasoning": {"summary": "auto"}, "include": ["reasoning.encrypted_content"]}
PAIRS: dict[str, tuple[str, str, Body]] = {
    "anthropic on openai": ("anthropic", "openai", THINKING),
    "openai on anthropic": ("openai", "anthropic", COUNTING),
    "responses on openai": ("responses", "openai", SUMMARY),
    "responses on anthropic": ("responses", "anthropic", SUMMARY),
}


def way(pair: str, **more: Any) -> Translation:
    caller, provider, request = PAIRS[pair]
    made = translation(caller, provider, {"model": "public"} | request | more)
    assert made is not None
    return made


def streams(provider: str) -> dict[str, bytes]:
    return CHAT_STREAMS if provider == "openai" else ANTHROPIC_STREAMS


CASES = [(pair, name) for pair, (_, provider, _) in PAIRS.items() for name in streams(provider)]
every_case = pytest.mark.parametrize("pair,name", CASES)


def data_of(pair: str, name: str) -> bytes:
    return streams(PAIRS[pair][1])[name]


def heard(stream: StreamTranslator, *pieces: bytes) -> bytes:
    return b"".join([*(stream.feed(piece) for piece in pieces), stream.end()])


def read(pair: str, data: bytes) -> Body:
    checks: dict[str, Callable[[bytes], Body]] = {
        "anthropic": checking.message_from,
        "openai": lambda one: checking.completion_from(one, counts=True),
        "responses": checking.response_from,
    }
    return checks[PAIRS[pair][0]](data)


@every_case
def test_a_stream_is_one_of_the_callers_api(pair: str, name: str) -> None:
    stream = way(pair).stream()

    read(pair, heard(stream, data_of(pair, name)))

    assert stream.is_complete
    assert stream.error is None


@every_case
def test_where_the_bytes_are_cut_makes_no_difference(pair: str, name: str) -> None:
    data, made = data_of(pair, name), way(pair)
    whole = heard(made.stream(), data)

    for cut in range(len(data) + 1):
        assert heard(made.stream(), data[:cut], data[cut:]) == whole
    assert heard(made.stream(), *(data[at : at + 1] for at in range(len(data)))) == whole


@every_case
def test_a_cut_stream_never_looks_complete(pair: str, name: str) -> None:
    data, made = data_of(pair, name), way(pair)
    mark = b"data: [DONE]" if PAIRS[pair][1] == "openai" else b'data: {"type": "message_stop"}'
    ends_at = data.rindex(mark) + len(mark)

    for cut in range(ends_at):
        stream = made.stream()
        said = heard(stream, data[:cut])
        assert not stream.is_complete
        kinds = [one if isinstance(one, str) else one.get("type") for one in _events(said)]
        assert not set(kinds) & {"[DONE]", "message_delta", "message_stop", "response.completed"}
        assert not any(_finish(one) for one in _events(said))
    stream = made.stream()
    heard(stream, data[:ends_at])
    assert stream.is_complete


def _events(said: bytes) -> list[Any]:
    return checking.events_of(said)


def _finish(event: Any) -> Any:
    choices = event.get("choices") if isinstance(event, dict) else None
    return choices[0]["finish_reason"] if choices else None


@every_case
def test_every_event_is_heard_at_once(pair: str, name: str) -> None:
    """What the caller hears of text after each of the provider's events is all that was said."""
    stream, provided, said = way(pair).stream(), "", ""

    for event in data_of(pair, name).replace(b"\r\n", b"\n").split(b"\n\n"):
        provided += "".join(_texts(_events(event + b"\n\n")[-1:] if b"{" in event else []))
        said += "".join(_texts(_events(stream.feed(event + b"\n\n"))))

        assert said == provided


_WORDS = ("response.output_text.delta", "response.refusal.delta")


def _texts(events: list[Any]) -> Iterator[str]:
    for event in events:
        delta = event.get("delta") if isinstance(event, dict) else None
        choices = event.get("choices") if isinstance(event, dict) else None
        if choices:
            yield choices[0]["delta"].get("content") or ""
            yield choices[0]["delta"].get("refusal") or ""
        elif isinstance(delta, dict) and delta.get("type") == "text_delta":
            yield delta["text"]
        elif isinstance(event, dict) and event.get("type") in _WORDS:
            yield event["delta"]


# What comes of them -----------------------------------------------------------------------


def test_calls_that_come_in_turns_become_blocks_one_after_the_other() -> None:
    made = way("anthropic on openai")

    message = read("anthropic on openai", heard(made.stream(), CHAT_STREAMS["calls in turns"]))

    assert message["content"] == [
        {"type": "text", "text": "Looking."},
        {"type": "tool_use", "id": "call_a", "name": "read", "input": {"path": "a.txt"}},
        {"type": "tool_use", "id": "call_b", "name": "write", "input": {"text": "äö"}},
    ]
    assert message["stop_reason"] == "tool_use"
    assert message["usage"] == {
        "input_tokens": 32,
        "cache_read_input_tokens": 60,
        "cache_creation_input_tokens": 8,
        "output_tokens": 20,
        "output_tokens_details": {"thinking_tokens": 5},
    }


def test_a_call_that_is_whole_does_not_hold_up_the_next_one() -> None:
    stream = way("anthropic on openai").stream()
    stream.feed(sse(chunk(call(0, '{"a":1}', "call_a", "read"))))

    said = _events(stream.feed(sse(chunk(call(1, '{"b":', "call_b", "write")))))

    kinds = ["content_block_stop", "content_block_start", "content_block_delta"]
    assert [event["type"] for event in said] == kinds
    assert said[2]["delta"]["partial_json"] == '{"b":'


def test_a_response_closes_an_item_when_the_next_one_begins() -> None:
    stream = way("responses on openai").stream()
    stream.feed(sse(chunk({"content": "Looking."}), chunk(call(0, '{"a":1}', "call_a", "read"))))

    said = _events(stream.feed(sse(chunk(call(1, "{", "call_b", "read")))))

    assert [event["type"].removeprefix("response.") for event in said] == [
        "function_call_arguments.done",
        "output_item.done",
        "output_item.added",
        "function_call_arguments.delta",
    ]


@pytest.mark.parametrize("name", ["every call has index 0", "calls without ids"])
def test_careless_calls_are_told_apart(name: str) -> None:
    pair = "anthropic on openai"

    message = read(pair, heard(way(pair).stream(), CHAT_STREAMS[name]))

    assert message["stop_reason"] == "tool_use"
    assert len({block["id"] for block in message["content"]}) == 2


@pytest.mark.parametrize("pair", ["openai on anthropic", "responses on anthropic"])
def test_text_and_calls_arrive_whole(pair: str) -> None:
    said = read(pair, heard(way(pair).stream(), ANTHROPIC_STREAMS["calls"]))

    if pair == "openai on anthropic":
        calls = said["message"]["tool_calls"]
        assert [one["function"]["name"] for one in calls] == ["read", "list"]
        assert [one["function"]["arguments"] for one in calls] == ['{"path": "ä.txt"}', "{}"]
        assert said["finish_reason"] == "tool_calls"
        assert said["usage"]["prompt_tokens"] == 100
        assert said["usage"]["prompt_tokens_details"]["cached_tokens"] == 60
    else:
        assert [item["type"] for item in said["output"]] == ["message", *["function_call"] * 2]
        assert said["output"][1]["call_id"] == "toolu_a"
        assert said["usage"]["input_tokens"] == 100
        assert said["usage"]["input_tokens_details"]["cached_tokens"] == 60


def test_usage_is_hidden_from_who_did_not_ask() -> None:
    made = way("openai on anthropic", stream_options=None)

    said = heard(made.stream(), ANTHROPIC_STREAMS["text"])

    assert checking.completion_from(said, counts=False)["message"]["content"] == TEXT


@pytest.mark.parametrize(
    "name,status,reason",
    [
        ("cut by length", "incomplete", "max_output_tokens"),
        ("filtered", "incomplete", "content_filter"),
        ("refusal", "completed", None),
    ],
)
def test_a_response_says_how_it_ended(name: str, status: str, reason: str | None) -> None:
    pair = "responses on openai"

    response = read(pair, heard(way(pair).stream(), CHAT_STREAMS[name]))

    assert response["status"] == status
    assert (response["incomplete_details"] or {"reason": None})["reason"] == reason
    assert response["output"][-1]["status"] == status


def test_reasoning_is_shown_to_who_asked_and_sealed_for_the_next_turn() -> None:
    data = CHAT_STREAMS["reasoning"]
    asked = read("anthropic on openai", heard(way("anthropic on openai").stream(), data))
    unasked = way("anthropic on openai", thinking={"type": "disabled"})
    omitted = way("anthropic on openai", thinking={"type": "adaptive", "display": "omitted"})

    thought = asked["content"][0]

    assert thought["thinking"] == "First I look."
    kinds = [one["type"] for one in checking.message_from(heard(unasked.stream(), data))["content"]]
    assert kinds == ["text", "tool_use"]
    hidden = checking.message_from(heard(omitted.stream(), data))["content"][0]
    assert (hidden["thinking"], hidden["signature"]) == ("", thought["signature"])


def test_a_response_hides_reasoning_that_nobody_asked_for() -> None:
    made = way("responses on openai", reasoning=None, include=None)

    response = checking.response_from(heard(made.stream(), CHAT_STREAMS["reasoning"]))

    assert response["output"][0]["summary"] == []
    assert "encrypted_content" not in response["output"][0]


# Errors and rubbish -----------------------------------------------------------------------

PROVIDERS_ERROR = {
    "openai": sse({"error": {"message": "Slow down", "type": "requests", "code": 429}}),
    "anthropic": named(
        {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}}
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("late", [False, True])
def test_an_error_in_the_stream_becomes_one_of_the_callers(pair: str, late: bool) -> None:
    caller, provider, _ = PAIRS[pair]
    whole = streams(provider)["text"]
    begun = whole[: len(whole) // 3].rpartition(b"\n\n")[0] + b"\n\n" if late else b""
    stream = way(pair).stream()

    said = _events(heard(stream, begun + PROVIDERS_ERROR[provider] + whole))

    assert not stream.is_complete
    assert stream.error is not None
    assert stream.error.message == "Slow down"
    last = said[-1]
    if caller == "anthropic":
        error = {"type": "rate_limit_error", "message": "Slow down"}
        assert last == {"type": "error", "error": error}
    elif caller == "openai":
        assert last["error"]["message"] == "Slow down"
        assert last["error"]["code"] == "rate_limit_exceeded"
    else:
        assert last["type"] == "response.failed"
        assert last["response"]["status"] == "failed"
        error = {"code": "rate_limit_exceeded", "message": "Slow down"}
        assert last["response"]["error"] == error
        checking._RESPONSE_EVENT.validate_python(last)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_broken_event_is_an_error_because_words_may_be_lost(pair: str) -> None:
    stream = way(pair).stream()
    whole = streams(PAIRS[pair][1])["text"]

    heard(stream, b'data: {"choices": [{"del\n\n' + whole)

    assert stream.error is not None
    assert not stream.is_complete


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("noise", [b"data: ping\n\n", b": hi\n\n", b"\n\n", b"retry: 5\n\n"])
def test_signs_of_life_are_no_events(pair: str, noise: bytes) -> None:
    made = way(pair)
    whole = streams(PAIRS[pair][1])["text"]

    assert heard(made.stream(), noise + whole) == heard(made.stream(), whole)


def test_an_endless_event_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.dialects.sse.EVENT_MAX", 1000)
    stream = way("openai on anthropic").stream()

    said = [stream.feed(b"data: " + b"x" * 100) for _ in range(20)]

    assert stream.error is not None
    assert sum(bool(one) for one in said) == 1


def test_a_stream_without_a_name_gets_one_from_the_request() -> None:
    data = sse({"choices": [{"delta": {"content": "x"}}]}, "[DONE]")

    first = read("anthropic on openai", heard(way("anthropic on openai").stream(), data))
    other = way("anthropic on openai", system="other").stream()

    assert (
        first["id"]
        == read("anthropic on openai", heard(way("anthropic on openai").stream(), data))["id"]
    )
    assert first["id"] != checking.message_from(heard(other, data))["id"]
    assert first["model"] == "public"


def test_counts_come_from_wherever_the_provider_puts_them() -> None:
    choice = {"index": 0, "delta": {}, "finish_reason": "stop", "usage": USAGE}
    data = sse(chunk({"content": "x"}), chunk() | {"choices": [choice]}, "[DONE]")

    assert (
        read("responses on openai", heard(way("responses on openai").stream(), data))["usage"][
            "output_tokens"
        ]
        == 20
    )


def test_a_stream_that_counts_nothing_has_a_response_without_counts() -> None:
    data = sse(chunk({"content": "x"}), "[DONE]")

    response = read("responses on openai", heard(way("responses on openai").stream(), data))

    assert response["usage"] is None


def test_thinking_starts_before_a_model_said_who_it_is() -> None:
    data = named(start())

    said = _events(way("responses on anthropic").stream().feed(data))

    assert [one["type"] for one in said] == ["response.created", "response.in_progress"]
