"""Taken apart and put together again, every body is the one that was sent (P9)."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.trajectories.exact.cutting import cut
from apps.trajectories.exact.recipe import Unbuildable, built, recipe_for, unpack

RECORDED = sorted((Path(__file__).parents[1] / "proxy/recorded").glob("*.jsonl"))

texts = st.text(max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
messages = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "tool"]), "content": values})
    | values,
    max_size=6,
)
keys = st.sampled_from(["messages", "input", "system", "tools", "instructions", "prompt", "model"])
styles = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:  ")])


@st.composite
def bodies(draw) -> bytes:
    """Bodies as clients write them: any order of keys, any white space, keys twice."""
    comma, colon = draw(styles)
    is_ascii = draw(st.booleans())

    def write(value: Any) -> str:
        written = json.dumps(value, separators=(comma, colon), ensure_ascii=is_ascii)
        return written.encode("utf-8", "replace").decode()

    fields = draw(st.lists(st.tuples(keys, messages | values), max_size=6))
    inner = comma.join(f"{write(key)}{colon}{write(value)}" for key, value in fields)
    before, after = draw(st.sampled_from([("", ""), (" ", ""), ("", "\n "), ("\n", " ")]))
    return f"{before}{{{inner}}}{after}".encode()


def stored_and_rebuilt(body: bytes, base: bytes) -> tuple[bytes, bytes]:
    """What is stored of a body that follows another one, and what comes back."""
    before = cut(base)
    recipe = recipe_for(cut(body), [piece.digest for piece in before])
    packed = recipe.packed({piece.digest: piece.digest for piece in recipe.shared})
    shared = {piece.digest: piece.content for piece in recipe.shared}
    pieces = built(unpack(packed), [piece.content for piece in before], shared)
    return packed, b"".join(pieces)


@given(bodies() | st.binary(max_size=80), bodies() | st.just(b""))
@example(b'{"messages":[{"role":"user","content":"half \\ud83d"}]}', b"")
@example(b'{"messages":[', b'{"messages":[]}')
@example(b'{"messages":[1,]}', b"")
@example(b'{"messages":' + b"[" * 5000 + b"]" * 5000 + b"}", b"")
@example(b'{"a":"' + b"x" * 3000 + b'","system":"' + b"y" * 3000 + b'"}', b"")
def test_any_body_comes_back_byte_for_byte(body, base):
    assert stored_and_rebuilt(body, base)[1] == body


@given(bodies())
def test_a_body_that_is_sent_again_costs_nothing_but_a_step(body):
    packed, again = stored_and_rebuilt(body, body)

    assert again == body
    assert len(packed) < 120
    assert unpack(packed).own == b""


@pytest.mark.parametrize("client", RECORDED, ids=lambda path: path.stem)
def test_what_real_clients_send_comes_back_and_costs_what_is_new(client):
    last: dict[str, bytes] = {}
    for line in client.read_text().splitlines():
        request = json.loads(line)
        written = json.dumps(request["body"], separators=(",", ":"), ensure_ascii=False)
        body, base = written.encode(), last.get(request["talk"], b"")

        packed, again = stored_and_rebuilt(body, base)

        assert sha256(again).digest() == sha256(body).digest()
        if base:
            # Nine to twelve kilobytes were sent, of which a call and its result are new.
            assert len(packed) < 700
        last[request["talk"]] = body


def test_the_shape_that_clients_give_a_message_later_costs_that_message_only():
    """A cache mark that moves on, and context behind everything that is gone the next time."""
    said = [{"role": "user", "content": f"message {n} " + "x" * 200} for n in range(50)]
    marked = {"role": "user", "content": [{"type": "text", "text": "y", "cache_control": {}}]}
    plain = {"role": "user", "content": "y"}
    context = {"role": "user", "content": "where we are"}

    def body(*messages: Any) -> bytes:
        return json.dumps({"model": "m", "messages": messages, "stream": True}).encode()

    packed, again = stored_and_rebuilt(
        body(*said, plain, said[0], context), body(*said, marked, context)
    )

    assert again == body(*said, plain, said[0], context)
    assert len(packed) < 150


def test_what_does_not_fit_together_is_said_to():
    packed, _ = stored_and_rebuilt(b'{"messages":[1,2]}', b'{"messages":[1]}')

    with pytest.raises(Unbuildable):
        built(unpack(packed), [], {})
    with pytest.raises(Unbuildable):
        unpack(b"something else")
    large = json.dumps({"system": "z" * 2000}).encode()
    packed, _ = stored_and_rebuilt(large, b"")
    with pytest.raises(Unbuildable):
        built(unpack(packed), [], {})
