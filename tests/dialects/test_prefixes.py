"""A conversation that grew translates into one that grew: the prompt cache keeps hitting.

Conversations of any length and kind are made of steps; after every step in which the model is
asked, what the provider gets must begin with what it got before, byte for byte.
"""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialects import requests
from tests.dialects.requests import PNG

Body = dict[str, Any]

_words = st.text(min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
_ids = st.sampled_from(["call_0", "functions.read:0", "i" * 50, "toolu_1", "a b"])
_calls = st.lists(
    st.tuples(_ids, st.sampled_from(["read", "n" * 70]), st.dictionaries(_words, _words)),
    min_size=1,
    max_size=3,
    unique_by=lambda call: call[0],
)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("user"), st.lists(_words | st.just(PNG), min_size=1, max_size=3)),
        st.tuples(st.just("assistant"), _words),
        st.tuples(st.just("system"), _words),
        st.tuples(st.just("calls"), _calls, st.lists(_words | st.just(PNG), max_size=2)),
    ),
    min_size=1,
    max_size=7,
)


def _anthropic(step: tuple[Any, ...]) -> list[Body]:
    kind, said, *rest = step
    source = {"type": "base64", "media_type": "image/png", "data": PNG}
    image = {"type": "image", "source": source}

    def blocks(words: list[str]) -> list[Body]:
        return [image if one == PNG else {"type": "text", "text": one} for one in words]

    if kind == "calls":
        uses = [{"type": "tool_use", "id": i, "name": n, "input": a} for i, n, a in said]
        thought = {"type": "thinking", "thinking": "x", "signature": "EqQB"}
        results = [
            {"type": "tool_result", "tool_use_id": i, "content": blocks(rest[0])}
            for i, _, _ in said
        ]
        return [
            {"role": "assistant", "content": [thought, *uses]},
            {"role": "user", "content": results},
        ]
    return [{"role": kind, "content": blocks(said) if kind == "user" else said}]


def _openai(step: tuple[Any, ...]) -> list[Body]:
    kind, said, *rest = step
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
    if kind == "calls":
        calls = [
            {"id": i, "type": "function", "function": {"name": n, "arguments": json.dumps(a)}}
            for i, n, a in said
        ]
        content = " ".join(rest[0])
        return [
            {"role": "assistant", "content": None, "tool_calls": calls},
            *({"role": "tool", "tool_call_id": i, "content": content} for i, _, _ in said),
        ]
    if kind == "user":
        said = [image if one == PNG else {"type": "text", "text": one} for one in said]
    return [{"role": kind, "content": said}]


def _responses(step: tuple[Any, ...]) -> list[Body]:
    kind, said, *rest = step
    image = {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"}

    def parts(words: list[str]) -> list[Body]:
        return [image if one == PNG else {"type": "input_text", "text": one} for one in words]

    if kind == "calls":
        calls = [
            {"type": "function_call", "call_id": i, "name": n, "arguments": json.dumps(a)}
            for i, n, a in said
        ]
        outputs = [
            {"type": "function_call_output", "call_id": i, "output": parts(rest[0])}
            for i, _, _ in said
        ]
        return [{"type": "reasoning", "summary": []}, *calls, *outputs]
    role = "developer" if kind == "system" else kind
    return [{"type": "message", "role": role, "content": parts(said) if kind == "user" else said}]


WAYS = [
    ("anthropic", "openai", "messages", _anthropic),
    ("openai", "anthropic", "messages", _openai),
    ("responses", "openai", "input", _responses),
    ("responses", "anthropic", "input", _responses),
]


def _pieces(request: Body) -> list[str]:
    """The prompt as a provider's cache sees it: one piece after the other, each with its role."""
    pieces = [json.dumps([request.get("tools"), request.get("system")])]
    for message in request["messages"]:
        content = message["content"]
        if isinstance(content, list) and "tool_call_id" not in message:
            pieces += [json.dumps([message["role"], block]) for block in content]
        else:
            pieces.append(json.dumps(message))
    return pieces


@pytest.mark.parametrize("caller,provider,field,spell", WAYS)
@settings(deadline=None)
@given(steps=_steps)
def test_the_prompt_only_grows_at_its_end(
    caller: str, provider: str, field: str, spell: Any, steps: list[Any]
) -> None:
    said: list[Body] = [*spell(("system", "Be kind.")), *spell(("user", ["Hi"]))]
    if caller == "anthropic":
        said = said[1:]
    before: list[str] = []

    for step in steps:
        said = [*said, *spell(step)]
        if step[0] == "assistant":
            continue  # Nobody asks a model that spoke last.
        pieces = _pieces(requests.sent(caller, provider, **{field: said}))

        assert pieces[: len(before)] == before
        before = pieces


@pytest.mark.parametrize("caller,provider,field,spell", WAYS)
@settings(deadline=None)
@given(steps=_steps)
def test_the_same_request_is_always_the_same(
    caller: str, provider: str, field: str, spell: Any, steps: list[Any]
) -> None:
    said = [one for step in [*steps, ("user", ["x"])] for one in spell(step)]

    first = requests.sent(caller, provider, **{field: said})

    assert json.dumps(first) == json.dumps(requests.sent(caller, provider, **{field: said}))


def test_a_mark_for_the_cache_changes_nothing() -> None:
    plain = {"role": "user", "content": "Hi"}
    marked = {"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}

    requested = [
        requests.sent("anthropic", "openai", messages=[one])
        for one in (plain, {"role": "user", "content": [marked]})
    ]

    assert requested[0] == requested[1]
