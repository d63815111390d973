"""The Anthropic dialect of the practice model, event by event."""

import json
from typing import Any

import aiohttp
import pytest

from apps.integrations.practice.rules import rule_by_slug

RULE = rule_by_slug("price-amounts-with-currency")
ASKED = "How much is a pallet from Graz to Bergen? State the price."
HEADERS = {"anthropic-version": "2023-06-01", "x-api-key": "any"}


def body_of(text: str, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": [{"type": "text", "text": text}]}]
    return {"model": "practice-1", "max_tokens": 100, "messages": messages, **more}


async def post(url: str, body: Any) -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.post(url, json=body) as response,
    ):
        return response.status, await response.json()


async def stream(url: str, body: Any) -> list[tuple[str, dict[str, Any]]]:
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.post(f"{url}/v1/messages?beta=true", json={**body, "stream": True}) as response,
    ):
        assert response.content_type == "text/event-stream"
        text = await response.text()
    events = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


@pytest.mark.parametrize(
    "system", [RULE.marker, [{"type": "text", "text": "Hi"}, {"type": "text", "text": RULE.marker}]]
)
async def test_the_rule_is_kept_exactly_when_it_is_in_the_system_prompt(
    practice_url: str, system: Any
) -> None:
    _, plain = await post(f"{practice_url}/v1/messages", body_of(ASKED))
    _, taught = await post(f"{practice_url}/v1/messages", body_of(ASKED, system=system))

    assert not RULE.is_kept(plain["content"][0]["text"])
    assert RULE.is_kept(taught["content"][0]["text"])


async def test_a_whole_answer_is_labelled_and_counted(practice_url: str) -> None:
    status, answer = await post(f"{practice_url}/v1/messages", body_of("Hello"))

    assert status == 200
    assert answer["model"] == "practice-1 (simulated)"
    assert answer["id"].startswith("msg_")
    assert answer["stop_reason"] == "end_turn"
    assert answer["usage"]["input_tokens"] > 0
    assert answer["usage"]["output_tokens"] > 0


async def test_a_stream_has_the_full_order_of_events(practice_url: str) -> None:
    _, whole = await post(f"{practice_url}/v1/messages", body_of(ASKED))

    events = await stream(practice_url, body_of(ASKED))

    names = [name for name, _ in events]
    deltas = [data["delta"]["text"] for name, data in events if name == "content_block_delta"]
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(names[3:-3]) == {"content_block_delta"}
    assert len(deltas) >= 3
    assert "".join(deltas) == whole["content"][0]["text"]
    assert all(data["type"] == name for name, data in events)
    assert events[-2][1]["usage"]["output_tokens"] == whole["usage"]["output_tokens"]


async def test_a_tool_call_streams_its_input_in_fragments(practice_url: str) -> None:
    schema = {
        "type": "object",
        "properties": {"path": {"type": "string"}, "mode": {"enum": ["fast", "full"]}},
        "required": ["path", "mode"],
    }
    tools = [{"name": "list_files", "input_schema": schema}]

    events = await stream(practice_url, body_of("Run list_files now.", tools=tools))

    start = next(data for name, data in events if name == "content_block_start")
    parts = [d["delta"]["partial_json"] for n, d in events if n == "content_block_delta"]
    assert start["content_block"]["type"] == "tool_use"
    assert start["content_block"]["input"] == {}
    assert json.loads("".join(parts)) == {"path": ".", "mode": "fast"}
    assert events[-2][1]["delta"]["stop_reason"] == "tool_use"


async def test_a_tool_result_ends_the_loop(practice_url: str) -> None:
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "three files"}
    body = body_of("Run list_files now.", tools=[{"name": "list_files"}])
    body["messages"] += [
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "list_files"}]},
        {"role": "user", "content": [result]},
    ]

    _, answer = await post(f"{practice_url}/v1/messages", body)

    assert "three files" in answer["content"][0]["text"]


async def test_tokens_can_be_counted_without_a_limit_on_the_answer(practice_url: str) -> None:
    body = body_of("Hello there")
    del body["max_tokens"]

    status, answer = await post(f"{practice_url}/v1/messages/count_tokens", body)

    assert status == 200
    assert answer == {"input_tokens": 3}


async def test_the_model_list_has_the_shape_of_the_dialect(practice_url: str) -> None:
    async with aiohttp.ClientSession(headers=HEADERS) as session:
        async with session.get(f"{practice_url}/v1/models") as response:
            models = await response.json()
        async with session.get(f"{practice_url}/v1/models/practice-1") as response:
            model = await response.json()

    assert [each["id"] for each in models["data"]] == ["practice-1"]
    assert models["has_more"] is False
    assert model["type"] == "model"


@pytest.mark.parametrize(
    "change",
    [
        {"messages": None},
        {"messages": []},
        {"messages": [{"role": "tool", "content": "x"}]},
        {"messages": [{"role": "user"}]},
        {"max_tokens": None},
        {"max_tokens": True},
        {"max_tokens": "9"},
        {"model": 5},
        {"system": 5},
        {"tools": {}},
    ],
    ids=str,
)
async def test_bad_requests_are_refused_in_the_dialect(
    practice_url: str, change: dict[str, Any]
) -> None:
    status, answer = await post(f"{practice_url}/v1/messages", body_of("x") | change)

    assert status == 400
    assert answer["type"] == "error"
    assert answer["error"]["type"] == "invalid_request_error"
    assert answer["request_id"].startswith("req_")


@pytest.mark.parametrize(
    "mode,status,kind",
    [
        ("error-429", 429, "rate_limit_error"),
        ("error-500", 500, "api_error"),
        ("error-529", 529, "overloaded_error"),
        ("typo", 404, "not_found_error"),
    ],
)
async def test_failures_can_be_asked_for(
    practice_url: str, mode: str, status: int, kind: str
) -> None:
    answer = await post(f"{practice_url}/v1/messages", body_of("x", model=f"practice-1:{mode}"))

    assert answer[0] == status
    assert answer[1]["error"]["type"] == kind


async def test_a_cut_stream_breaks_off(practice_url: str) -> None:
    with pytest.raises(aiohttp.ClientPayloadError):
        await stream(practice_url, body_of(ASKED, model="practice-1:cut"))


async def test_a_client_that_leaves_does_not_disturb_the_next(practice_url: str) -> None:
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.post(f"{practice_url}/v1/messages", json=body_of(ASKED, stream=True)) as response,
    ):
        await response.content.readany()
        response.close()

    assert (await post(f"{practice_url}/v1/messages", body_of("Hello")))[0] == 200
