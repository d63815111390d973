"""Recipes are small, and what was packed in any way can be read for ever."""

import zlib

import pytest

from apps.trajectories.exact import packing

TOOL = (
    b'{"role":"assistant","content":"","tool_calls":[{"id":"call_93","type":"function",'
    b'"function":{"name":"exec","arguments":"{\\"command\\":\\"ls -la\\"}"}}]},'
    b'{"role":"tool","tool_call_id":"call_93","content":"total 4"}'
)
# As it was stored when the dictionary was new: a change of a single byte of it fails here.
KEPT = bytes.fromhex(
    "78f98fa49a0ba3c02b96c6c47a26b5223519bf87728a1574731249f20ad87a844b4b80456d8e8289522d00c05f4589"
)


@pytest.mark.parametrize("content", [b"", b"x", TOOL, bytes(range(256)) * 300])
def test_what_goes_in_comes_out(content):
    assert packing.unpacked(packing.packed(content)) == content


def test_a_message_of_a_tool_loop_takes_less_than_half_of_what_it_took():
    assert len(packing.packed(TOOL)) < len(zlib.compress(TOOL)) / 2


def test_what_was_packed_without_phrases_is_read_as_well():
    assert packing.unpacked(zlib.compress(TOOL)) == TOOL


def test_what_was_packed_once_is_read_for_ever():
    assert packing.unpacked(KEPT) == TOOL


@pytest.mark.parametrize("damage", [lambda c: c[:-6], lambda c: c[:9] + b"\xff" + c[10:]])
def test_damage_is_noticed(damage):
    with pytest.raises(zlib.error):
        packing.unpacked(damage(packing.packed(TOOL)))
