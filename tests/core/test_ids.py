"""Ids say when they were made, also within a millisecond."""

import time

from apps.core.ids import uuid7


def test_ids_made_one_after_the_other_sort_in_that_order():
    made = [uuid7() for _ in range(5_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_of_version_7_and_carries_its_millisecond():
    before = time.time_ns() // 1_000_000
    one = uuid7()
    after = time.time_ns() // 1_000_000

    assert (one.version, one.variant) == (7, "specified in RFC 4122")
    assert before <= one.int >> 80 <= after
