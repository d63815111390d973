"""Sizes of text, and characters that cannot be seen."""

import pytest

from apps.core.text import (
    code_point,
    control_characters,
    estimate_tokens,
    hidden_characters,
    normalize_newlines,
)


@pytest.mark.parametrize(
    "text, tokens",
    [("", 0), ("a", 1), ("word word", 3), ("漢字", 2), ("漢字 ab", 3), ("привет", 3), ("안녕", 2)],
)
def test_tokens_are_estimated_by_script(text, tokens):
    assert estimate_tokens(text) == tokens


def test_every_line_ending_becomes_one():
    assert normalize_newlines("a\r\nb\rc\n") == "a\nb\nc\n"


def test_hidden_and_control_characters_come_with_their_lines():
    assert list(hidden_characters("a\nb\u202ec\n\u200bd")) == [(2, "\u202e"), (3, "\u200b")]
    assert list(control_characters("a\tb\n\x00")) == [(2, "\x00")]
    assert code_point("\u202e") == "U+202E RIGHT-TO-LEFT OVERRIDE"
    assert code_point("\x00") == "U+0000"
