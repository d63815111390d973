import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.crypto import CannotUnseal, new_key, seal, unseal

KEY = new_key()
CONTEXT = "upstream:tenant-1:row-1:https://models.example.com:443"


@given(st.binary(max_size=300), st.text(max_size=50))
def test_what_was_sealed_opens_with_the_same_key_and_context(plaintext, context):
    assert unseal(KEY, seal(KEY, plaintext, context=context), context=context) == plaintext


def test_sealing_twice_gives_two_texts_that_tell_nothing():
    first, second = (seal(KEY, b"sk-secret", context=CONTEXT) for _ in range(2))

    assert first != second
    assert b"sk-secret" not in first


@pytest.mark.parametrize(
    "context",
    [
        "upstream:tenant-2:row-1:https://models.example.com:443",
        "upstream:tenant-1:row-2:https://models.example.com:443",
        "upstream:tenant-1:row-1:https://evil.example.com:443",
        "upstream:tenant-1:row-1:http://models.example.com:443",
        "",
    ],
)
def test_a_ciphertext_that_was_moved_elsewhere_does_not_open(context):
    sealed = seal(KEY, b"sk-secret", context=CONTEXT)

    with pytest.raises(CannotUnseal):
        unseal(KEY, sealed, context=context)


def test_another_key_does_not_open_it():
    sealed = seal(KEY, b"sk-secret", context=CONTEXT)

    with pytest.raises(CannotUnseal):
        unseal(new_key(), sealed, context=CONTEXT)


def test_no_byte_of_it_can_be_changed_or_left_out():
    sealed = seal(KEY, b"sk-secret", context=CONTEXT)
    flipped = [
        sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))
    ]
    shortened = [sealed[:length] for length in range(len(sealed))]

    for broken in flipped + shortened:
        with pytest.raises(CannotUnseal):
            unseal(KEY, broken, context=CONTEXT)
