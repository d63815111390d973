"""Tokens of a turn: the provider's count, or one of ours that says what it is."""

import json
from typing import Any

import pytest

from apps.core.asked import AskedBody
from apps.proxy.answers import read_answer
from apps.proxy.recorder.counting import Used, usage_of
from tests.proxy import recordings

ASKED = AskedBody("Be brief. " * 4, [{"role": "user", "content": "x" * 80}], [{"name": "run"}])
INPUT = 10 + 20 + 4  # at four characters a token


def _used(dialect: str, data: bytes, **outcome: Any) -> Used:
    return usage_of(read_answer(dialect, data), ASKED, outcome, {"text": ""})


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_whole_answer_costs_what_its_provider_says(dialect: str) -> None:
    used = _used(dialect, recordings.stream_of(dialect), status="complete", http_status=200)

    assert used == Used(16 if dialect == "anthropic" else 11, 7, is_estimated=False)


def test_an_answer_without_a_count_is_estimated() -> None:
    body = {"choices": [{"message": {"role": "assistant", "content": "y" * 40}}]}

    used = _used("openai", json.dumps(body).encode(), status="complete", http_status=200)

    assert used == Used(INPUT, 10, is_estimated=True)


@pytest.mark.parametrize("status", ["client_aborted", "truncated_upstream", "truncated_crash"])
def test_an_answer_that_broke_off_costs_its_input_and_what_came(status: str) -> None:
    delta = {"choices": [{"index": 0, "delta": {"content": "z" * 40}}]}
    data = f"data: {json.dumps(delta)}\n\n".encode()

    used = _used("openai", data * 3, status=status, http_status=200)

    assert used == Used(INPUT, 30, is_estimated=True)


def test_what_the_provider_counted_at_the_beginning_of_a_broken_stream_holds() -> None:
    start = {
        "type": "message_start",
        "message": {"usage": {"input_tokens": 70, "output_tokens": 1}},
    }
    text = {"type": "content_block_delta", "index": 0, "delta": {"text": "w" * 40}}
    data = b"".join(f"data: {json.dumps(one)}\n\n".encode() for one in (start, text))

    used = _used("anthropic", data, status="client_aborted", http_status=499)

    assert used == Used(70, 10, is_estimated=True)


@pytest.mark.parametrize(
    "data, http_status",
    [(b'{"error":{"message":"no"}}', 429), (b"", 502), (b'{"error":{"message":"no"}}', 200)],
)
def test_a_refused_request_costs_nothing(data: bytes, http_status: int) -> None:
    used = _used("openai", data, status="upstream_error", http_status=http_status)

    assert used == Used(None, None, is_estimated=False)


def test_skills_are_part_of_the_input() -> None:
    answer = read_answer("openai", b"")

    used = usage_of(answer, ASKED, {"status": "client_aborted"}, {"text": "s" * 400})

    assert used.input_tokens == INPUT + 100
