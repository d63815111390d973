import string

from hypothesis import assume, given
from hypothesis import strategies as st

from apps.tenants.keys import PREFIX, mint, parse

_BASE62 = string.digits + string.ascii_letters


def test_a_minted_key_is_read_back():
    key, text = mint()

    assert parse(text) == key
    assert text.startswith("mck_live_")
    assert len(text) == len(PREFIX) + 10 + 1 + 43 + 6


@given(at=st.integers(0, 68), other=st.sampled_from(_BASE62 + "_-. \n\0é"))
def test_a_key_with_any_one_character_changed_is_refused(at, other):
    _, text = mint()
    assume(text[at] != other)

    assert parse(text[:at] + other + text[at + 1 :]) is None


@given(at=st.integers(0, 68))
def test_a_key_that_was_cut_doubled_or_swapped_is_refused(at):
    _, text = mint()
    swapped = text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]

    assert parse(text[:at]) is None
    assert parse(text[:at] + text[at] + text[at:]) is None
    assert swapped == text or parse(swapped) is None


@given(st.text(max_size=120))
def test_any_other_text_is_no_key(text):
    assert parse(text) is None
    assert parse(PREFIX + text) is None


def test_keys_differ_and_do_not_show_their_secret():
    keys = [mint() for _ in range(100)]

    assert len({text for _, text in keys}) == 100
    for key, _ in keys:
        assert key.secret not in repr(key)
