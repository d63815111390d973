"""Reading a body and editing one spot of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.proxy.gateway.json_body import NotJson, member_span, parse

_text = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _text
_scalars = _scalars.filter(lambda value: value not in (float("inf"), float("-inf")))
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)
_messages = st.lists(
    st.dictionaries(st.sampled_from(["role", "content", "x"]), _values), max_size=4
)
_bodies = st.dictionaries(_text, _values, max_size=4).flatmap(
    lambda body: _messages.map(lambda messages: {**body, "messages": messages})
)
_form = st.tuples(st.booleans(), st.sampled_from([None, 0, 1, "\t"]))


def _written(value: Any, form: tuple[bool, Any]) -> str:
    ascii_only, indent = form
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent)


@given(_bodies, _form, st.sampled_from(["", " ", "\n\t "]))
def test_a_body_reads_as_json_loads_reads_it(body: dict[str, Any], form: Any, space: str) -> None:
    text = space + _written(body, form) + space

    parsed = parse(text.encode())

    assert parsed.values == json.loads(text)
    assert list(parsed.values) == list(body)
    for name, span in parsed.members.items():
        assert json.loads(text[span.start : span.end]) == body[name]
    assert [json.loads(text[s.start : s.end]) for s in parsed.elements] == body["messages"]
    assert parsed.rendered() is None


@given(_bodies, _form, _values)
def test_an_edit_changes_its_own_spot_only(body: dict[str, Any], form: Any, new: Any) -> None:
    text = _written(body, form)
    parsed = parse(text.encode())
    replaced = next(iter(body))

    parsed.replace(parsed.members[replaced], json.dumps(new))

    rendered = parsed.rendered()
    span = parsed.members[replaced]
    assert rendered is not None
    assert json.loads(rendered) == {**body, replaced: new}
    assert rendered.startswith(text[: span.start].encode())
    assert rendered.endswith(text[span.end :].encode())


@given(_bodies.filter(lambda body: body["messages"]), _form)
def test_insertions_at_several_places_do_not_disturb_each_other(
    body: dict[str, Any], form: Any
) -> None:
    text = _written(body, form)
    parsed = parse(text.encode())

    for span in parsed.elements:
        parsed.insert(span.start, '{"new":1},')
    parsed.insert(text.index("{") + 1, '"first":0,')

    rendered = json.loads(parsed.rendered() or b"")
    assert rendered["first"] == 0
    assert rendered["messages"][1::2] == body["messages"]
    assert rendered["messages"][::2] == [{"new": 1}] * len(body["messages"])


def test_of_two_members_with_one_name_the_last_counts() -> None:
    text = '{"messages":[1,2],"a":1,"a":{"x":1},"messages":[{"content":"a","content":"b"}]}'

    parsed = parse(text.encode())

    assert parsed.values == json.loads(text)
    content = member_span(text, parsed.elements[0], "content")
    assert content is not None
    assert text[content.start : content.end] == '"b"'


@given(_bodies, _form, st.data())
def test_a_damaged_body_is_refused_and_raises_nothing_else(
    body: dict[str, Any], form: Any, data: st.DataObject
) -> None:
    raw = bytearray(_written(body, form).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))

    try:
        parsed = parse(bytes(raw))
    except NotJson:
        return
    assert parsed.values == json.loads(bytes(raw).decode())


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_but_not_json(raw: bytes) -> None:
    try:
        assert isinstance(parse(raw).values, dict)
    except NotJson:
        return


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b'{"a"',
        b'{"a":',
        b'{"a":1',
        b'{"a":1,',
        b'{"a":1,}',
        b'{"a":1}}',
        b'{"a":1} x',
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":NaN}',
        b'{"a":[-Infinity]}',
        b'{"messages":[Infinity]}',
        b'{"messages":[{},]}',
        b'{"messages":[',
        b'{"messages":[{}',
        b'{"a":"line\nbreak"}',
        b'{"a":"\\x"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' + b'{"b":' * 100_000 + b"1" + b"}" * 100_001,
        b'{"messages":' + b"[" * 100_000,
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_what_is_no_json_object_is_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(NotJson, match=r"The body .*\."):
        parse(raw)
