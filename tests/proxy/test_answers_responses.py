"""Answers of the Responses API and of plain completions, and how conversations go on from them."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.core.chat import conversation_hashes, message_hash, readable
from apps.proxy.answers import read_answer
from apps.proxy.gateway import asking
from apps.proxy.gateway.dialects import COMPLETIONS, RESPONSES, TURN_ROUTES

RECORDED = Path(__file__).parent / "recorded"
TALKS = [path.stem for path in sorted(RECORDED.glob("*.jsonl"))]

REASONING = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gA"}
CALL = {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "run", "arguments": "{}"}
SAID = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "Done.", "annotations": []}],
}
USAGE = {
    "input_tokens": 900,
    "output_tokens": 30,
    "input_tokens_details": {"cached_tokens": 800, "cache_write_tokens": 12},
}


def _response(status: str = "completed", *output: Any, **fields: Any) -> dict[str, Any]:
    found = {"status": status, "model": "served-1", "output": list(output), "usage": USAGE}
    return found | fields


def _stream(*events: dict[str, Any]) -> bytes:
    return b"".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n".encode() for one in events)


def _done(index: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "response.output_item.done", "output_index": index, "item": item}


def _end(kind: str, response: dict[str, Any]) -> dict[str, Any]:
    return {"type": f"response.{kind}", "response": response}


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_response_gives_its_items_its_end_and_its_usage(is_stream: bool) -> None:
    body = _response("completed", REASONING, SAID)
    data = _stream(_done(0, REASONING), _end("completed", body))

    answer = read_answer("responses", data if is_stream else json.dumps(body).encode())

    assert answer.is_whole
    assert answer.message is not None
    assert answer.message["output"] == [REASONING, SAID]
    assert (answer.finish_reason, answer.served_model) == ("completed", "served-1")
    assert (answer.input_tokens, answer.output_tokens) == (900, 30)
    assert (answer.cache_read_tokens, answer.cache_write_tokens) == (800, 12)
    assert readable(answer.message) == "Done."


def test_an_answer_that_became_too_long_is_whole_and_says_why_it_ends() -> None:
    why = {"incomplete_details": {"reason": "max_output_tokens"}}
    data = _stream(_end("incomplete", _response("incomplete", SAID, **why)))

    answer = read_answer("responses", data)

    assert (answer.is_whole, answer.finish_reason) == (True, "max_output_tokens")


@pytest.mark.parametrize(
    "last",
    [
        {"type": "error", "code": "server_error", "message": "Sorry.", "param": None},
        {"type": "error", "error": {"code": "server_error", "message": "Sorry."}},
        _end("failed", _response("failed", error={"code": "server_error", "message": "Sorry."})),
    ],
)
def test_a_stream_that_ends_in_an_error_is_not_whole_and_keeps_what_came(last: Any) -> None:
    answer = read_answer("responses", _stream(_done(0, SAID), last))

    assert not answer.is_whole
    assert answer.error == {"type": "server_error", "message": "Sorry."}
    assert readable(answer.message) == "Done."


def test_a_last_event_without_items_does_not_lose_those_that_came() -> None:
    data = _stream(_done(1, SAID), _done(0, CALL), _end("completed", _response()))

    answer = read_answer("responses", data)

    assert answer.is_whole
    assert answer.message is not None
    assert answer.message["output"] == [CALL, SAID]


def test_what_was_said_of_an_answer_that_was_cut_off_is_kept() -> None:
    begun: dict[str, Any] = {"type": "message", "role": "assistant", "content": []}
    call = CALL | {"arguments": ""}
    arguments = "response.function_call_arguments.delta"
    data = _stream(
        {"type": "response.created", "response": {"model": "served-1"}},
        {"type": "response.output_item.added", "output_index": 0, "item": begun},
        {"type": "response.output_text.delta", "output_index": 0, "delta": "Do"},
        {"type": "response.output_text.delta", "output_index": 0, "delta": "ne"},
        {"type": "response.output_item.added", "output_index": 1, "item": call},
        {"type": arguments, "output_index": 1, "delta": '{"a"'},
    )

    answer = read_answer("responses", data + b'event: x\ndata: {"type":"resp')

    assert (answer.is_whole, answer.served_model) == (False, "served-1")
    assert readable(answer.message) == 'Done\n[calls run("{\\"a\\"")]'


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_completion_is_one_text(is_stream: bool) -> None:
    def part(text: str, **fields: Any) -> dict[str, Any]:
        return {"model": "served-1", "choices": [{"index": 0, "text": text, **fields}]}

    usage = {"usage": {"prompt_tokens": 4, "completion_tokens": 2}}
    whole = json.dumps(part("Once upon", finish_reason="length") | usage).encode()
    pieces = [part("Once "), part("upon"), part("", finish_reason="length"), usage]
    stream = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in pieces)

    cut = read_answer("completions", stream)
    answer = read_answer("completions", stream + b"data: [DONE]\n\n" if is_stream else whole)

    assert (cut.is_whole, answer.is_whole) == (False, True)
    assert answer.message == cut.message == {"role": "assistant", "content": "Once upon"}
    assert (answer.finish_reason, answer.input_tokens, answer.output_tokens) == ("length", 4, 2)


@pytest.mark.parametrize(
    "dialect, usage, counted",
    [
        (
            "openai",
            {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 5}},
            (9, 5, None),
        ),
        ("openai", {"prompt_tokens": 9, "prompt_cache_hit_tokens": 5}, (9, 5, None)),
        ("openai", {"prompt_tokens": 9}, (9, None, None)),
        (
            "anthropic",
            {
                "input_tokens": 2,
                "cache_read_input_tokens": 4,
                "cache_creation_input_tokens": 3,
            },
            (9, 4, 3),
        ),
        ("anthropic", {"input_tokens": 9}, (9, None, None)),
        (
            "responses",
            {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 0}},
            (9, 0, None),
        ),
    ],
)
def test_cached_input_is_part_of_the_input_and_counted_apart(
    dialect: str, usage: Any, counted: Any
) -> None:
    body = {"usage": usage, "content": [], "choices": [], "output": []}

    answer = read_answer(dialect, json.dumps(body).encode())

    found = (answer.input_tokens, answer.cache_read_tokens, answer.cache_write_tokens)
    assert found == counted


@pytest.mark.parametrize("client", TALKS)
def test_every_recorded_request_goes_on_from_the_answer_before_it(client: str) -> None:
    ends: dict[str, bytes] = {}
    met = 0
    for line in (RECORDED / f"{client}.jsonl").read_text().splitlines():
        request = json.loads(line)
        dialect = TURN_ROUTES[request["path"].partition("?")[0]]
        asked = asking.read(dialect, {}, json.dumps(request["body"]).encode())
        hashes = conversation_hashes(asked.said)

        answer = read_answer(dialect.name, request["answer"].encode())

        assert answer.is_whole
        if request["talk"] in ends:
            assert ends[request["talk"]] in hashes[:-1]
            met += 1
        ends[request["talk"]] = message_hash(hashes[-1], answer.message)
    assert met == 7


@pytest.mark.parametrize(
    "resent",
    [
        [REASONING, SAID, CALL],
        [SAID, CALL],
        [
            {"role": "assistant", "content": "Done."},
            {"type": "function_call", "name": "run", "arguments": "{ }"},
        ],
    ],
    ids=["as it was", "without thoughts", "in another form"],
)
def test_items_may_come_back_without_ids_and_thoughts(resent: list[Any]) -> None:
    said = asking.read(RESPONSES, {}, b'{"model":"m","input":"Go on."}').said
    asked = conversation_hashes(said)
    answer = read_answer(
        "responses", json.dumps(_response("completed", REASONING, SAID, CALL)).encode()
    )

    end = message_hash(asked[-1], answer.message)

    assert end != asked[-1]
    assert conversation_hashes([*said, *resent])[-1] == end


@pytest.mark.parametrize(
    "one, other",
    [
        (CALL, CALL | {"name": "read"}),
        (CALL, CALL | {"arguments": '{"a":1}'}),
        (
            {"type": "function_call_output", "call_id": "c", "output": "a"},
            {"type": "function_call_output", "call_id": "c", "output": "b"},
        ),
        (
            {"type": "custom_tool_call", "name": "patch", "input": "a"},
            {"type": "custom_tool_call", "name": "patch", "input": "b"},
        ),
        (
            {"type": "web_search_call", "action": {"query": "a"}},
            {"type": "web_search_call", "action": {"query": "b"}},
        ),
    ],
)
def test_items_that_differ_make_another_conversation(one: Any, other: Any) -> None:
    assert message_hash(b"", one) != message_hash(b"", other)


def test_a_prompt_is_what_the_user_said() -> None:
    said = asking.read(COMPLETIONS, {}, b'{"model":"m","prompt":"Once"}').said

    assert said == [{"role": "user", "content": "Once"}]
