"""Anything can come, from a provider as from a caller: nothing raises what it should not."""

import itertools
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.dialects import (
    UnreadableAnswer,
    Untranslatable,
    anthropic_on_openai,
    openai_on_anthropic,
    responses_on_openai,
)
from tests.dialects import checking, requests
from tests.dialects.recorded import ANTHROPIC_STREAMS, CHAT_STREAMS, named, sse

Body = dict[str, Any]


def _split(words: str) -> list[str]:
    return words.split()


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)
_NAMES = _split(
    "type index delta message content_block usage choices error model content tool_calls id name"
    " function arguments text thinking signature partial_json input stop_reason finish_reason role"
    " input_tokens prompt_tokens prompt_tokens_details cached_tokens reasoning_content refusal data"
    " reasoning_details code format"
)
_TYPES = _split(
    "message_start content_block_start content_block_delta content_block_stop message_delta"
    " message_stop ping text tool_use thinking redacted_thinking text_delta input_json_delta"
    " thinking_delta signature_delta reasoning.text"
)
_WAYS = [
    ("anthropic", "openai"),
    ("openai", "anthropic"),
    ("responses", "openai"),
    ("responses", "anthropic"),
]
_likely = st.recursive(
    _anything | st.sampled_from(_TYPES) | st.sampled_from([0, 1, True, [0], {}, -1]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=5)
        | st.builds(
            lambda kind, rest: rest | {"type": kind},
            st.sampled_from(_TYPES),
            st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
        )
    ),
    max_leaves=9,
)
_delta = st.dictionaries(st.sampled_from(_NAMES), _likely, max_size=5)
_choice = st.builds(lambda delta, rest: rest | {"delta": delta}, _delta, _delta)
_event = _likely | st.builds(lambda choice: {"choices": [choice]}, _choice)


@pytest.mark.parametrize("caller,provider", _WAYS)
@settings(deadline=None)
@given(events=st.lists(_event, max_size=6), ends=st.booleans())
def test_no_event_of_a_provider_is_too_odd(
    caller: str, provider: str, events: list[Any], ends: bool
) -> None:
    asked = {"thinking": {"type": "enabled"}, "reasoning": {"summary": "auto"}}
    stream = requests.way(caller, provider, asked).stream()
    last = sse("[DONE]") if provider == "openai" else named({"type": "message_stop"})

    said = b"".join(stream.feed(sse(one)) for one in events)
    said += stream.feed(last if ends else b"") + stream.end()

    checking.events_of(said)
    assert stream.is_complete == (ends and stream.error is None) or not ends


_ODD = [
    *(True, 1, -1, 2.5, "x", [], {}, [1], ["x"], [[]], [{}], {"type": "x"}, {"type": ["x"]}),
    *([{"type": "function"}], [{"type": ["x"]}], {"edits": 5}, {"edits": [{"type": 5}]}),
    *({"type": "json_schema"}, {"format": 5}, {"format": {"type": []}}, {"effort": ["x"]}),
    *({"effort": 5}, {"user_id": 5}, {"name": ["x"]}, {"type": "tool", "name": 5}, {"mode": []}),
    *([{"type": "namespace", "name": "n", "tools": 5}], {"include_usage": []}),
]
_roles = st.sampled_from(["user", "assistant", "system", "tool", "developer"])
_said = st.builds(lambda role, rest: rest | {"role": role}, _roles, _delta)


@pytest.mark.parametrize("caller,provider", _WAYS)
def test_no_setting_is_too_odd(caller: str, provider: str) -> None:
    """It is carried, or refused with a sentence; the answer finds its way in any case."""
    whole = CHAT_STREAMS["calls in turns"] if provider == "openai" else ANTHROPIC_STREAMS["calls"]
    for field, value in itertools.product(sorted(_fields(caller)), _ODD):
        asked = requests.default(caller) | {field: value}
        made = requests.way(caller, provider, asked)

        with suppress(Untranslatable):
            made.request(asked)
        stream = made.stream()
        stream.feed(whole)
        assert stream.is_complete


def _fields(caller: str) -> set[str]:
    table = {
        "anthropic": anthropic_on_openai.request.FIELDS,
        "openai": openai_on_anthropic.request.FIELDS,
        "responses": responses_on_openai.request.FIELDS,
    }[caller]
    return {*table.carried, *table.harmless, *table.refused}


@pytest.mark.parametrize("caller,provider", _WAYS)
@settings(deadline=None)
@given(messages=st.lists(_said | _likely, min_size=1, max_size=3))
def test_no_message_is_too_odd(caller: str, provider: str, messages: list[Any]) -> None:
    asked = requests.default(caller) | {"input" if caller == "responses" else "messages": messages}

    with suppress(Untranslatable):
        requests.way(caller, provider, asked).request(asked)


@pytest.mark.parametrize("caller,provider", _WAYS)
@settings(deadline=None)
@given(body=_likely, choice=_choice, status=st.integers(100, 599))
def test_no_answer_is_too_odd(
    caller: str, provider: str, body: Any, choice: Body, status: int
) -> None:
    made = requests.way(caller, provider, {})
    answers = [{"choices": [choice | {"message": choice["delta"]}]}, {"content": [body]}]

    for answer in [*answers, *([body] if isinstance(body, dict) else [])]:
        with suppress(UnreadableAnswer):
            made.answer(answer)
    assert json.loads(made.error(status, json.dumps(body).encode()))["error"]["message"]
