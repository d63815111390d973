import pytest

from bench import aims
from bench.measuring import DIRECT
from tests.bench.builders import make_row


@pytest.mark.parametrize("per_second, is_met", [(2500.0, True), (2499.9, False)])
def test_throughput_is_judged_at_64_clients(per_second, is_met):
    rows = [
        make_row("json", 16, per_second=1.0),
        make_row("json", 64, target=DIRECT, per_second=90_000.0),
        make_row("json", 64, per_second=per_second),
        make_row("sse", 64, per_second=1.0),
    ]

    assert aims.of_throughput(rows).is_met is is_met


@pytest.mark.parametrize("first_byte, is_met", [(2.0, True), (2.1, False)])
def test_the_first_byte_is_judged_by_what_is_added_to_the_provider(first_byte, is_met):
    rows = [
        make_row("sse", 16, first_byte_p50=99.0),
        make_row("paced", 16, first_byte_p50=first_byte),
    ]

    # The provider alone takes 0.5 ms.
    assert aims.of_first_byte(rows).is_met is is_met


def test_clients_that_never_pause_are_shown_without_a_verdict():
    aim = aims.of_first_byte_without_pause([make_row("sse", 16, first_byte_p50=9.5)])

    assert aim.is_met is None
    assert "9.00 ms" in aim.measured


@pytest.mark.parametrize("last, is_met", [(129.9, True), (130.0, False), (110.0, True)])
def test_memory_may_not_grow_by_ten_megabytes(last, is_met):
    aim = aims.of_memory([(1000, 120.0), (11_000, last)])

    assert aim.is_met is is_met
    assert "10,000 requests" in aim.measured


@pytest.mark.parametrize(
    "turns, with_skill, is_met",
    [(500, 500, True), (499, 499, False), (501, 501, False), (500, 499, False)],
)
def test_every_request_has_to_be_on_record_with_its_skill(turns, with_skill, is_met):
    assert aims.of_capture(500, turns, with_skill).is_met is is_met
