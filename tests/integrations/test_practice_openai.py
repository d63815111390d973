"""The OpenAI dialect of the practice model, through the real client."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from apps.integrations.practice.rules import rule_by_slug

RULE = rule_by_slug("exact-dates-and-times")
ASKED = "When does the stock count start? Give me the date and time."


@pytest.fixture
def client(practice_url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{practice_url}/v1", api_key="any", max_retries=0) as client:
        yield client


def say(client: openai.OpenAI, text: str, **more: Any) -> str:
    messages = [*more.pop("before", []), {"role": "user", "content": text}]
    answer = client.chat.completions.create(model="practice-1", messages=messages, **more)
    return answer.choices[0].message.content or ""


def post(url: str, body: bytes) -> tuple[int, Any]:
    request = urllib.request.Request(url, data=body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


@pytest.mark.parametrize("role", ["system", "developer"])
def test_the_rule_is_kept_exactly_when_it_is_in_the_instructions(
    client: openai.OpenAI, role: str
) -> None:
    plain = say(client, ASKED)
    taught = say(client, ASKED, before=[{"role": role, "content": f"Always {RULE.marker}."}])

    assert not RULE.is_kept(plain)
    assert RULE.is_kept(taught)


def test_a_skill_block_inside_a_user_message_teaches_too(client: openai.OpenAI) -> None:
    block = f"<metaclaw_skills>\n## x\n{RULE.marker}\n</metaclaw_skills>"

    assert RULE.is_kept(say(client, f"{ASKED}\n{block}"))


def test_a_rule_the_user_merely_mentions_is_not_kept(client: openai.OpenAI) -> None:
    before = [
        {"role": "user", "content": f"That breaks our house rule: {RULE.statement}."},
        {"role": "assistant", "content": "Understood."},
    ]

    assert not RULE.is_kept(say(client, ASKED, before=before))


def test_the_same_question_gets_the_same_answer_labelled_simulated(client: openai.OpenAI) -> None:
    first, second = say(client, "Who are you?"), say(client, "Who are you?")

    assert first == second
    assert "simulated" in first


def test_a_correction_is_acknowledged_not_answered_as_a_task(client: openai.OpenAI) -> None:
    answer = say(client, f"That breaks our house rule: {RULE.statement}.")

    assert "Understood" in answer


def test_a_whole_answer_is_labelled_and_counted(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="gpt-anything", messages=[{"role": "user", "content": "Hello"}]
    )

    assert answer.model == "practice-1 (simulated)"
    assert answer.id.startswith("chatcmpl-")
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.parametrize("wants_usage", [True, False])
def test_a_stream_comes_in_pieces_and_counts_only_when_asked(
    client: openai.OpenAI, wants_usage: bool
) -> None:
    options: Any = {"stream_options": {"include_usage": True}} if wants_usage else {}
    with client.chat.completions.create(
        model="practice-1", messages=[{"role": "user", "content": ASKED}], stream=True, **options
    ) as stream:
        chunks = list(stream)

    texts = [each.choices[0].delta.content or "" for each in chunks if each.choices]
    assert "".join(texts) == say(client, ASKED)
    assert sum(bool(text) for text in texts) >= 3
    assert [bool(each.usage) for each in chunks][-1] is wants_usage
    assert not any(each.usage for each in chunks[:-1])
    assert len({each.id for each in chunks}) == 1


@pytest.mark.parametrize("is_stream", [True, False])
def test_a_request_to_run_something_becomes_a_tool_call(
    client: openai.OpenAI, is_stream: bool
) -> None:
    parameters = {
        "type": "object",
        "properties": {"command": {"type": "string"}, "seconds": {"type": "integer"}},
        "required": ["command", "seconds"],
    }
    tools: Any = [{"type": "function", "function": {"name": "exec", "parameters": parameters}}]
    messages: Any = [{"role": "user", "content": "Run the listing, please."}]

    if is_stream:
        with client.chat.completions.stream(
            model="practice-1", messages=messages, tools=tools
        ) as stream:
            choice = stream.get_final_completion().choices[0]
    else:
        answer = client.chat.completions.create(model="practice-1", messages=messages, tools=tools)
        choice = answer.choices[0]

    assert choice.finish_reason == "tool_calls"
    assert choice.message.tool_calls
    call: Any = choice.message.tool_calls[0]
    assert call.function.name == "exec"
    assert json.loads(call.function.arguments) == {"command": "ls -la", "seconds": 1}


def test_a_tool_result_ends_the_loop(client: openai.OpenAI) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "exec", "arguments": "{}"}}
    messages: Any = [
        {"role": "user", "content": "Run the listing, please."},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "README.md"},
    ]

    answer = client.chat.completions.create(model="practice-1", messages=messages)

    assert "README.md" in (answer.choices[0].message.content or "")


def test_the_model_list_holds_the_practice_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["practice-1"]
    assert client.models.retrieve("practice-1").owned_by == "simulated"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("other")


@pytest.mark.parametrize(
    "body,param",
    [
        (b"{", None),
        (b"[]", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
        (b'{"model": "m"}', "messages"),
        (b'{"model": "m", "messages": []}', "messages"),
        (b'{"model": "m", "messages": "hello"}', "messages"),
        (b'{"model": "m", "messages": ["hello"]}', "messages[0]"),
        (b'{"model": "m", "messages": [{"role": "king", "content": ""}]}', "messages[0]"),
        (
            b'{"model": "m", "messages": [{"role": "user", "content": 5}]}',
            "messages[0].content",
        ),
        (b'{"messages": [{"role": "user", "content": ""}]}', "model"),
        (b'{"model": "m", "stream": 1, "messages": [{"role": "user"}]}', "stream"),
    ],
)
def test_bad_requests_are_refused_in_the_dialect(
    practice_url: str, body: bytes, param: str | None
) -> None:
    status, answer = post(f"{practice_url}/v1/chat/completions", body)

    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"
    assert answer["error"]["param"] == param


def test_an_unknown_route_is_404(practice_url: str) -> None:
    status, answer = post(f"{practice_url}/v1/nothing", b"{}")

    assert status == 404
    assert answer["error"]["type"] == "invalid_request_error"


def test_half_a_surrogate_pair_does_not_break_the_answer(practice_url: str) -> None:
    body = b'{"model": "m", "messages": [{"role": "user", "content": "\\ud83d"}]}'

    assert post(f"{practice_url}/v1/chat/completions", body)[0] == 200


def test_errors_can_be_asked_for(client: openai.OpenAI) -> None:
    def ask(model: str) -> None:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": "x"}])

    with pytest.raises(openai.InternalServerError):
        ask("practice-1:error-500")
    with pytest.raises(openai.RateLimitError) as limited:
        ask("practice-1:error-429")
    assert limited.value.response.headers["retry-after"] == "1"
    with pytest.raises(openai.NotFoundError):
        ask("practice-1:no-such-mode")


def test_a_header_asks_for_a_mode_too(client: openai.OpenAI) -> None:
    with pytest.raises(openai.InternalServerError):
        say(client, "x", extra_headers={"X-Practice-Mode": "error-503"})


@pytest.mark.parametrize("is_stream", [True, False])
def test_a_cut_answer_never_looks_complete(client: openai.OpenAI, is_stream: bool) -> None:
    messages: Any = [{"role": "user", "content": ASKED}]

    def read() -> None:
        answer: Any = client.chat.completions.create(
            model="practice-1:cut", messages=messages, stream=is_stream
        )
        list(answer)

    # The client library passes a break inside a stream on as its transport reports it.
    with pytest.raises(Exception, match=r"(?i)incomplete|closed|connection"):
        read()


def test_slow_waits_two_seconds_and_hang_longer_than_the_client(client: openai.OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "Hello"}]
    started = time.monotonic()

    client.chat.completions.create(model="practice-1:slow", messages=messages)

    assert time.monotonic() - started >= 2
    with pytest.raises(openai.APITimeoutError):
        client.chat.completions.create(model="practice-1:hang", messages=messages, timeout=0.3)
