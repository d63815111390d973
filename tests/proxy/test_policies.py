"""Requests that a policy answers: in every API, whole or streamed, or by whoever stands in."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import openai as openai_sdk
import pytest

from apps.core.tenancy import tenant_tx
from apps.tenants.types import SYSTEM
from apps.training.models import Sample
from apps.upstreams.services import route_create
from tests.dialects.checking import (
    check_completion,
    check_message,
    check_response,
    completion_from,
    message_from,
    response_from,
)
from tests.factories import make_skill, make_upstream
from tests.proxy.behaviours import KEY
from tests.proxy.conftest import Workspace, chat_body, make_workspace, record_all
from tests.proxy.policy_process import (
    CALL,
    LOGPROBS,
    TEXT,
    TOKENS,
    PolicyProcess,
    running_policy_process,
)
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

TOOL = {"name": "look_up", "description": "Looks things up.", "parameters": {"type": "object"}}
DATES = "Which dates does the invoice have, and in which ISO date format do you write dates?"


@pytest.fixture(scope="module")
def process() -> Iterator[PolicyProcess]:
    with running_policy_process() as one:
        yield one


@pytest.fixture(scope="module")
def serving(
    committed: None, process: PolicyProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningGateway]:
    gateway = RunningGateway(tmp_path_factory.mktemp("policies"), METACLAW_POLICY_URL=process.url)
    try:
        yield gateway.launch().wait()
    finally:
        gateway.stop()


@pytest.fixture
def workspace(committed: None, serving: RunningGateway) -> Workspace:
    """One whose first provider is a policy."""
    made = make_workspace("openai", None)
    row = make_upstream(
        made.id,
        kind="tinker-policy",
        uses=["serve"],
        base_url="http://127.0.0.1:9",
        api_key="tml-secret",
    )
    made.upstream_id = row.id
    serving.key = made.key
    return made


@pytest.fixture
def with_stand_in(workspace: Workspace, provider: Provider) -> Workspace:
    """Names of models lead to the policy first, then to the provider's ``ok``."""
    make_upstream(workspace.id, name="second", base_url=provider.url, api_key=KEY)
    targets = [
        {"upstream": str(workspace.upstream_id), "model": "*"},
        {"upstream": "second", "model": "ok"},
    ]
    route_create(tenant_id=workspace.id, actor=SYSTEM, model="p-*", targets=targets)
    return workspace


def samples(workspace: Workspace) -> list[Sample]:
    with tenant_tx(workspace.id):
        return list(Sample.objects.for_tenant(workspace.id).order_by("created_at"))


def body_of(dialect: str, model: str = "ok", **fields: Any) -> dict[str, Any]:
    if dialect == "responses":
        return {"model": model, "input": "How many?", "store": False, **fields}
    return chat_body(model, max_tokens=50, **fields)


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("dialect", ["openai", "anthropic", "responses"])
def test_a_policy_answers_in_every_api_and_its_tokens_stay_here(
    serving: RunningGateway, workspace: Workspace, dialect: str, is_stream: bool
) -> None:
    answer = serving.chat(body_of(dialect, stream=is_stream), dialect)
    record_all(serving.spool)

    assert answer.status == 200
    assert TEXT.encode() in answer.body
    packed = base64.b64encode(np.asarray(LOGPROBS, "<f4").tobytes())
    assert packed not in answer.body
    assert b"sample" not in answer.body
    kind = "text/event-stream; charset=utf-8" if is_stream else "application/json"
    assert answer.headers["content-type"] == kind
    (turn,) = workspace.turns(id=answer.turn_id)
    assert (turn.status, turn.dialect, turn.is_stream) == ("complete", dialect, is_stream)
    assert (turn.input_tokens, turn.output_tokens, turn.usage_is_estimated) == (4, 3, False)
    (sample,) = samples(workspace)
    assert str(sample.turn_id) == answer.turn_id
    assert np.frombuffer(sample.prompt_tokens, "<i4").tolist() == [1, 2, 3, 4]
    assert np.frombuffer(sample.tokens, "<i4").tolist() == list(TOKENS)
    assert np.frombuffer(sample.logprobs, "<f4").tolist() == list(LOGPROBS)
    assert (sample.temperature, sample.stop_reason) == (1.0, "stop")
    assert (sample.base_model, sample.checkpoint) == ("org/base", "")
    assert (sample.origin, sample.group_id, sample.version_ids) == ("serving", None, [])


def test_a_stream_is_one_that_openais_client_reads(
    serving: RunningGateway, workspace: Workspace
) -> None:
    client = openai_sdk.OpenAI(base_url=f"http://127.0.0.1:{serving.port}/v1", api_key=serving.key)
    with client:
        chunks = list(
            client.chat.completions.create(
                model="calls",
                messages=[{"role": "user", "content": "How many cats?"}],
                tools=[{"type": "function", "function": TOOL}],
                stream=True,
                stream_options={"include_usage": True},
            )
        )

    first, end, usage = chunks
    assert first.choices[0].delta.content == "Let me see."
    assert first.choices[0].delta.tool_calls is not None
    (call,) = first.choices[0].delta.tool_calls
    assert call.function is not None
    assert (call.index, call.id, call.function.name) == (0, "call_1", "look_up")
    assert end.choices[0].finish_reason == "tool_calls"
    assert usage.usage is not None
    assert usage.usage.completion_tokens == 3


def test_a_stream_is_one_that_anthropics_clients_read(
    serving: RunningGateway, workspace: Workspace
) -> None:
    tool = {"name": "look_up", "input_schema": {"type": "object"}}
    body = body_of("anthropic", "calls", stream=True, tools=[tool])

    message = message_from(serving.chat(body, "anthropic").body)

    text, call = message["content"]
    assert text == {"type": "text", "text": "Let me see."}
    assert (call["type"], call["name"], call["input"]) == ("tool_use", "look_up", {"what": "cats"})
    assert message["stop_reason"] == "tool_use"
    assert message["usage"]["output_tokens"] == 3


@pytest.mark.parametrize("model", ["ok", "calls", "thinks"])
def test_whole_or_in_one_piece_it_is_the_same_answer_and_a_right_one(
    serving: RunningGateway, workspace: Workspace, model: str
) -> None:
    def asked(dialect: str, **fields: Any) -> Any:
        return serving.chat(body_of(dialect, model, **fields), dialect)

    whole = asked("openai").json
    streamed = asked("openai", stream=True).body
    counted = asked("openai", stream=True, stream_options={"include_usage": True}).body
    message, response = asked("anthropic").json, asked("responses").json

    check_completion(whole)
    check_message(message)
    check_response(response)
    told = whole["choices"][0]
    said = completion_from(streamed, counts=False)
    assert said["finish_reason"] == told["finish_reason"]
    assert said["message"]["content"] == (told["message"]["content"] or "")
    assert [one["function"] for one in said["message"]["tool_calls"]] == [
        one["function"] for one in told["message"].get("tool_calls", [])
    ]
    assert completion_from(counted, counts=True)["usage"] == whole["usage"]
    of_stream = message_from(asked("anthropic", stream=True).body)
    assert [block["type"] for block in of_stream["content"]] == [
        block["type"] for block in message["content"]
    ]
    items = response_from(asked("responses", stream=True).body)["output"]
    assert [item["type"] for item in items] == [item["type"] for item in response["output"]]


def test_calls_come_whole_too(serving: RunningGateway, workspace: Workspace) -> None:
    answer = serving.chat(body_of("openai", "calls")).json

    assert answer["choices"][0]["message"]["tool_calls"] == [CALL]
    assert answer["choices"][0]["finish_reason"] == "tool_calls"


def test_the_policy_is_asked_where_it_is_with_its_key_and_the_skills_that_fit(
    serving: RunningGateway, workspace: Workspace, process: PolicyProcess
) -> None:
    version = make_skill(workspace.id, "iso-dates")
    body = body_of("openai", messages=[{"role": "user", "content": DATES}], temperature=0.5)

    answer = serving.chat(body)
    record_all(serving.spool)

    assert answer.skills == ["iso-dates@1"]
    assert ("http://127.0.0.1:9", "tml-secret") in process.opened
    assert "iso-dates" in json.dumps(process.seen[-1][0]) or len(process.seen[-1][0]) > 1
    assert process.wishes[-1].temperature == 0.5
    (sample,) = samples(workspace)
    assert sample.generation >= 1
    assert len(sample.version_ids) == 1
    assert sample.temperature == 0.5
    assert version is not None


@pytest.mark.parametrize(
    "model",
    [
        "gone",
        "billing",
        "busy",
        "unreachable",
        "timeout",
        "failed",
        "refused",
        "unknown_model",
        "key_refused",
        "short",
    ],
)
@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_what_a_policy_cannot_do_another_provider_does(
    serving: RunningGateway, with_stand_in: Workspace, model: str, dialect: str
) -> None:
    answer = serving.chat(body_of(dialect, f"p-{model}", stream=True), dialect)
    record_all(serving.spool)

    assert answer.status == 200
    assert answer.body
    (turn,) = with_stand_in.turns(id=answer.turn_id)
    assert turn.upstream == "second"
    (tried,) = turn.routing["tried"]
    reason = {"short": "context"}.get(model, model)
    assert tried["outcome"] == reason
    assert samples(with_stand_in) == []


def test_even_what_providers_keep_is_given_to_another(
    serving: RunningGateway, with_stand_in: Workspace
) -> None:
    assert serving.chat(body_of("openai", "p-timeout", store=True)).status == 200


def test_without_anybody_else_the_caller_hears_why(
    serving: RunningGateway, workspace: Workspace
) -> None:
    short = serving.chat(body_of("openai", "short"))
    gone = serving.chat(body_of("anthropic", "gone"), "anthropic")
    key = serving.chat(body_of("openai", "key_refused"))
    two = serving.chat(body_of("openai", n=2))

    assert (short.status, short.error["code"]) == (400, "context_length_exceeded")
    assert gone.status == 404
    assert gone.error == {"type": "not_found_error", "message": "It is gone."}
    assert (key.status, key.error["code"]) == (502, "upstream_auth_failed")
    assert two.status == 400
    assert "'n'" in two.error["message"]


def test_a_mistake_of_the_callers_is_not_tried_elsewhere(
    serving: RunningGateway, with_stand_in: Workspace, provider: Provider
) -> None:
    before = len(provider.seen)

    assert serving.chat(body_of("openai", "p-ok", n=2)).status == 400
    assert len(provider.seen) == before


def test_requests_that_are_too_long_do_not_close_the_policy_to_others(
    serving: RunningGateway, with_stand_in: Workspace
) -> None:
    for _ in range(8):
        assert serving.chat(body_of("openai", "p-short")).status == 200

    answer = serving.chat(body_of("openai", "p-ok"))

    assert TEXT.encode() in answer.body


def test_a_caller_who_leaves_takes_the_request_back(
    serving: RunningGateway, workspace: Workspace, process: PolicyProcess
) -> None:
    process.taken_back.clear()
    asked = len(process.wishes)
    with serving.open(body_of("openai", "never")):
        give_up = time.monotonic() + 5
        while len(process.wishes) == asked and time.monotonic() < give_up:
            time.sleep(0.01)

    assert process.taken_back.wait(5)
    record_all(serving.spool)
    (turn,) = workspace.turns()
    assert turn.status == "client_aborted"
    assert samples(workspace) == []


def test_a_policy_that_takes_too_long_is_stood_in_for(
    serving: RunningGateway, with_stand_in: Workspace, process: PolicyProcess
) -> None:
    process.taken_back.clear()

    answer = serving.chat(body_of("openai", "p-never"))

    assert answer.status == 200
    assert process.taken_back.wait(5)


def test_where_there_is_no_policy_process_somebody_else_answers_or_it_is_said(
    gateway: RunningGateway, with_stand_in: Workspace
) -> None:
    stood_in = gateway.chat(body_of("openai", "p-ok"), key=with_stand_in.key)
    alone = gateway.chat(body_of("openai"), key=with_stand_in.key)

    assert stood_in.status == 200
    assert (alone.status, alone.error["code"]) == (502, "no_policy_process")


def test_a_callers_own_key_is_passed_on_where_it_may(
    serving: RunningGateway, workspace: Workspace, process: PolicyProcess
) -> None:
    _, passing = workspace.new_key(passes_credentials=True)
    own = {"authorization": "Bearer tml-the-callers-own", "x-metaclaw-key": passing}

    answer = serving.chat(body_of("openai", "thinks"), key="", **own)

    assert answer.status == 200
    assert process.opened[-1] == ("http://127.0.0.1:9", "tml-the-callers-own")
    assert answer.json["choices"][0]["message"]["reasoning_content"] == "Cats count."


def test_rollouts_through_the_gateway_say_what_they_are(
    serving: RunningGateway, workspace: Workspace
) -> None:
    group = "0198c5b0-0000-7000-8000-000000000001"
    tags = {"x-metaclaw-tag-origin": "rollout", "x-metaclaw-tag-group": group}

    serving.chat(body_of("openai"), **tags)
    serving.chat(body_of("openai"), **{"x-metaclaw-tag-origin": "anything"})
    serving.chat(body_of("openai"), **{**tags, "x-metaclaw-tag-group": "no id"})
    record_all(serving.spool)

    found = [(one.origin, str(one.group_id)) for one in samples(workspace)]
    assert found == [("rollout", group), ("serving", "None"), ("rollout", "None")]
