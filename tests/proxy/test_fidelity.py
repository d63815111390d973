"""The caller's bytes reach the provider unchanged, but for the spot where skills go in."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from apps.skills.injection_text import CLOSING, OPENING
from tests.factories import make_skill
from tests.proxy import recordings
from tests.proxy.conftest import Workspace, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

# Anything a re-serialising gateway would change.
ODD = [
    b'{"model":"ok","messages":[{"role":"user","content":"Hi"}]}',
    b'{ "messages" : [ {"content":"Hi","role":"user"} ] ,\n\t"model":"ok", "z":1, "a":{"b":[ ]} }',
    b'{"model":"ok","seed":123456789012345678901234567890,"top_p":1.0,"t":1e2,"u":-0.0,'
    b'"messages":[{"role":"user","content":"x"}]}',
    b'{"model":"ok","messages":[{"role":"user","content":"\\u00fc\\/\\ud83d\\udc4b \xc3\xbc"}]}',
    '{"model":"ok","messages":[{"role":"user","content":"Grüße 👋🏽 日本 \\"q\\""}]}'.encode(),
    b'{"model":"ok","messages":[{"role":"user","content":"half \\ud83d, \\udc4b, NUL \\u0000"}]}',
    b'{"model":"ok","messages":[{"role":"user","content":[{"type":"text","text":"a"},'
    b'{"type":"text","text":"a"},{"type":"new_kind","data":{"deep":[[[1]]]}}]}]}',
    b'{"model":"ok","a":1,"a":2,"messages":[{"role":"user","role":"user","content":"x"}],"n":null}',
    b'{"model":"ok","tools":[{"type":"namespace"}],"logit_bias":{"50256":-100},"messages":['
    b'{"role":"developer","content":"be terse"},{"role":"user","content":"x","name":"n"}]}',
]


@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_a_body_is_forwarded_byte_for_byte_when_nothing_is_put_in(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider, body: bytes
) -> None:
    answer = gateway.chat(body, dialect)

    assert answer.status == 200, answer.body
    assert provider.last().body == body
    assert answer.body == recordings.whole_of(dialect)
    assert answer.skills == []


def test_a_large_body_arrives_whole(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    text = "é" * 1_000_000
    message = {"role": "user", "content": text}
    body = json.dumps({"model": "ok", "messages": [message]}, ensure_ascii=False).encode()

    assert gateway.chat(body).status == 200
    assert provider.last().body == body


def test_a_packed_body_is_unpacked_for_the_provider(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    body = ODD[4]

    answer = gateway.chat(gzip.compress(body), content_encoding="gzip")

    assert answer.status == 200
    assert provider.last().body == body
    assert provider.last().header("content-encoding") is None


def test_the_name_default_stands_for_the_providers_model(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    body = b'{"messages":[{"role":"user","content":"x"}], "model" : "default","z":1.0}'

    assert gateway.chat(body).status == 200
    assert provider.last().body == body.replace(b'"default"', b'"model-1"')


def test_the_query_is_forwarded(
    gateway: RunningGateway, anthropic: Workspace, provider: Provider
) -> None:
    body = b'{"model":"ok","messages":[{"role":"user","content":"x"}]}'
    headers = {"x-api-key": anthropic.key, "key": ""}

    answer = gateway.send("POST", "/v1/messages?beta=true&a=%2F+b", body, headers)

    assert answer.status == 200
    assert provider.last().target == "/v1/messages?beta=true&a=%2F+b"


# With skills ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learned(committed: None, provider: Provider) -> dict[str, Workspace]:
    """Workspaces with a skill that goes into every request."""
    made = {kind: make_workspace(kind, provider) for kind in ("openai", "anthropic")}
    for workspace in made.values():
        make_skill(workspace.id, "iso-dates", reach="always")
    return made


def _messages(*messages: str, more: str = "") -> bytes:
    return f'{{"model":"ok", "messages" : [{", ".join(messages)} ] ,"z":1.0{more}}}'.encode()


USER = '{"role":"user","content":"When is the \\u0072elease?"}'
WITH_SYSTEM: dict[str, tuple[str, bytes, Callable[[dict[str, Any]], Any]]] = {
    "openai system text": (
        "openai",
        _messages('{"role":"system","content":"Be brief \\u2713 👋"}', USER),
        lambda body: body["messages"][0]["content"],
    ),
    "openai empty system text": (
        "openai",
        _messages('{"content":"","role":"system"}', USER),
        lambda body: body["messages"][0]["content"],
    ),
    "openai system parts": (
        "openai",
        _messages('{"role":"system","content":[ {"type":"text","text":"Be brief"} ]}', USER),
        lambda body: body["messages"][0]["content"][-1]["text"],
    ),
    "openai developer": (
        "openai",
        _messages('{"role":"developer","content":"Be brief"}', USER),
        lambda body: body["messages"][0]["content"],
    ),
    "openai no system": (
        "openai",
        _messages(USER),
        lambda body: body["messages"][0]["content"],
    ),
    "anthropic system text": (
        "anthropic",
        _messages(USER, more=',"system" : "Be brief \\ud83d\\udc4b"'),
        lambda body: body["system"],
    ),
    "anthropic system parts": (
        "anthropic",
        _messages(
            USER,
            more=',"system":[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}} ]',
        ),
        lambda body: body["system"][-1]["text"],
    ),
    "anthropic no system": ("anthropic", _messages(USER), lambda body: body["system"]),
}


@pytest.mark.parametrize("case", WITH_SYSTEM)
def test_skills_go_into_one_spot_and_nothing_else_changes(
    gateway: RunningGateway, learned: dict[str, Workspace], provider: Provider, case: str
) -> None:
    dialect, body, where = WITH_SYSTEM[case]

    answer = gateway.chat(body, dialect, key=learned[dialect].key)

    sent = provider.last().body
    prefix, suffix = _common(body, sent)
    assert answer.skills == ["iso-dates@1"]
    # One stretch was added, and none taken away.
    assert prefix + suffix >= len(body)
    block = where(json.loads(sent))
    assert block.strip().startswith(OPENING) or "Be brief" in block
    assert block.endswith(CLOSING)
    assert sent.count(OPENING.encode()) == 1


def test_what_the_caller_says_about_caching_stays_the_last_of_its_kind(
    gateway: RunningGateway, learned: dict[str, Workspace], provider: Provider
) -> None:
    dialect, body, _ = WITH_SYSTEM["anthropic system parts"]

    gateway.chat(body, dialect, key=learned[dialect].key)

    system = json.loads(provider.last().body)["system"]
    assert [("cache_control" in part) for part in system] == [True, False]


def test_a_workspace_that_observes_puts_nothing_in(
    gateway: RunningGateway, committed: None, provider: Provider
) -> None:
    workspace = make_workspace("openai", provider)
    make_skill(workspace.id, "iso-dates", reach="always")
    workspace.set(mode="observe")
    body = WITH_SYSTEM["openai system text"][1]

    answer = gateway.chat(body, key=workspace.key)

    assert answer.skills == []
    assert provider.last().body == body


def _common(left: bytes, right: bytes) -> tuple[int, int]:
    """How many bytes two texts share at their start, and at their end."""
    shorter = min(len(left), len(right))
    start = next((i for i in range(shorter) if left[i] != right[i]), shorter)
    end = next((i for i in range(shorter) if left[-1 - i] != right[-1 - i]), shorter)
    return start, end
