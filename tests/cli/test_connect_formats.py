"""Edits of texts: what is not meant stays, byte for byte."""

import json
import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from metaclaw_web.cli.connect import json5_text, toml_text, yaml_text
from metaclaw_web.cli.connect.changes import Change, Unplaceable, Unreadable, applied

NEW = Change(("a", "new"), "N")


@pytest.mark.parametrize(
    "before, after",
    [
        ("", '{\n  "a": {\n    "new": "N"\n  }\n}\n'),
        ("{}", '{\n  "a": {\n    "new": "N"\n  }\n}'),
        ('{"a": {"b": 1}}', '{"a": {"b": 1, "new": "N"}}'),
        ("{a: {b: 1,}}", '{a: {b: 1, new: "N"}}'),
        ('{"a": {"new": 1}} // c', '{"a": {"new": "N"}} // c'),
        (
            "{\n\ta: { // one\n\t\tb: 'x', // two\n\t},\n}\n",
            "{\n\ta: { // one\n\t\tb: 'x', // two\n\t\tnew: \"N\",\n\t},\n}\n",
        ),
        (
            '{\n  "a": {\n    "b": 1 /* two */ // three\n  }\n}\n',
            '{\n  "a": {\n    "b": 1, /* two */ // three\n    "new": "N"\n  }\n}\n',
        ),
        (
            '{\r\n  "a": {\r\n    "b": 1\r\n  }\r\n}\r\n',
            '{\r\n  "a": {\r\n    "b": 1,\r\n    "new": "N"\r\n  }\r\n}\r\n',
        ),
        (
            '{\n  "a": {\n    // nothing yet\n  }\n}',
            '{\n  "a": {\n    // nothing yet\n    "new": "N"\n  }\n}',
        ),
        ('{"a":\n {"b": [1, // }\n 2]}}', '{"a":\n {"b": [1, // }\n 2],\n "new": "N"\n }}'),
    ],
)
def test_json_keeps_comments_spacing_and_style(before: str, after: str) -> None:
    assert json5_text.edited(before, NEW) == after


@pytest.mark.parametrize(
    "before, after",
    [
        ("", '[a]\nnew = "N"\n'),
        ("x = 1\n\n[a]\nb = 2 # two\n\n# c\n[c]\n", '[a]\nb = 2 # two\nnew = "N"\n\n# c\n[c]\n'),
        ('[a]\nnew = "old" # why\n', '[a]\nnew = "N" # why\n'),
        ("[a]\nnew = '''\n[b]\n''' # why", '[a]\nnew = "N" # why'),
        ('x = """\n[a]\nnew = 1"""', 'x = """\n[a]\nnew = 1"""\n\n[a]\nnew = "N"\n'),
        ('["a"]\nb = [ # ]\n 1,\n]', '["a"]\nb = [ # ]\n 1,\n]\nnew = "N"\n'),
        ("a.b = 1\r\n", None),
        ("[[x]]\nnew = 1\n", '[[x]]\nnew = 1\n\n[a]\nnew = "N"\n'),
        ("[a]\r\nb = 1\r\n", '[a]\r\nb = 1\r\nnew = "N"\r\n'),
    ],
)
def test_toml_keeps_comments_spacing_and_style(before: str, after: str | None) -> None:
    made = toml_text.edited(before, NEW)

    if after is None:
        # A table that is written as dotted names cannot be opened again: the caller notices.
        with pytest.raises(Unreadable):
            toml_text.load(made)
    else:
        assert made.removeprefix("x = 1\n\n") == after


def test_a_first_toml_name_goes_above_the_tables() -> None:
    made = toml_text.edited("# tables\n[a]\nb = 1\n", Change(("top",), "T"))

    assert made == 'top = "T"\n\n# tables\n[a]\nb = 1\n'


@pytest.mark.parametrize(
    "before, after",
    [
        ("", 'a:\n  new: "N"\n'),
        ("# only words\n", '# only words\na:\n  new: "N"\n'),
        ("a:\n  b: 1 # one\n\n# c\nc: 2\n", 'a:\n  b: 1 # one\n  new: "N"\n\n# c\nc: 2\n'),
        ("a:\n  new: old # why\n", 'a:\n  new: "N" # why\n'),
        ("a: {b: 1}\n", 'a: {b: 1, new: "N"}\n'),
        ("a:\n    b:\n      - 1\n      - x: 2\n", None),
        ("a:\n  b: |\n    text\n    more\nc: 1\n", None),
        ("a:\n  b: 1", 'a:\n  b: 1\n  new: "N"\n'),
        ("a:\n  new:\nc: 1\n", 'a:\n  new: "N"\nc: 1\n'),
    ],
)
def test_yaml_keeps_comments_spacing_and_style(before: str, after: str | None) -> None:
    made = yaml_text.edited(before, NEW)

    if after is not None:
        assert made == after
    assert yaml.safe_load(made) == applied(yaml.safe_load(before) or {}, [NEW])


names = st.text("abnew -.", min_size=1, max_size=4)
scalars = st.one_of(st.text(max_size=8), st.integers(-9, 9), st.booleans())
trees = st.recursive(scalars, lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=8)
documents = st.dictionaries(names, trees, max_size=4)
paths = st.lists(names, min_size=1, max_size=3).map(tuple)


@settings(max_examples=150, deadline=None)
@given(documents, paths, scalars, st.sampled_from([None, 1, 2, "\t"]))
def test_any_json_document_says_what_was_meant(
    document: dict[str, Any], path: tuple[str, ...], value: Any, indent: Any
) -> None:
    change = Change(path, value)
    text = json.dumps(document, indent=indent)
    try:
        wanted = applied(document, [change])
    except Unplaceable:
        return

    assert json.loads(json5_text.edited(text, change)) == wanted
    assert json5_text.load(text) == document


@settings(max_examples=150, deadline=None)
@given(documents, paths, scalars, st.sampled_from([None, False]))
def test_any_yaml_document_says_what_was_meant_or_is_refused(
    document: dict[str, Any], path: tuple[str, ...], value: Any, flow: bool | None
) -> None:
    change = Change(path, value)
    text = yaml.safe_dump(document, default_flow_style=flow, allow_unicode=True)
    try:
        wanted = applied(yaml.safe_load(text), [change])
        made = yaml_text.edited(text, change)
    except Unplaceable:
        return

    assert yaml.safe_load(made) == wanted


@pytest.mark.parametrize(
    "text, value",
    [
        ("{a: +0x1F, b: .5, c: -Infinity,}", {"a": 31, "b": 0.5, "c": float("-inf")}),
        ("{'it\\'s': 'a\\\nb\\x41\\u00fc'}", {"it's": "abAü"}),
        ('{"x": "\\ud83d\\ude00", "y": []}', {"x": "😀", "y": []}),
        ("\ufeff/* c */ {$a_1: null, a: 1, a: 2} // end", {"$a_1": None, "a": 2}),
    ],
)
def test_json5_is_read_as_it_is_defined(text: str, value: Any) -> None:
    assert json5_text.load(text) == value


@pytest.mark.parametrize(
    "text", ["{", "{a 1}", '{"a": "x\n"}', "{a: 1 b: 2}", "{} {}", "[1", "{a: 0xZZ}", "{a: nul}"]
)
def test_what_is_not_json5_is_refused_with_a_line(text: str) -> None:
    with pytest.raises(Unreadable, match="line 1"):
        json5_text.load(text)


def test_escapes_of_toml_are_those_of_the_language() -> None:
    odd = 'q" b\\ n\n ü 😀'

    made = toml_text.edited("", Change(("a", "b c"), odd))

    assert tomllib.loads(made) == {"a": {"b c": odd}}
