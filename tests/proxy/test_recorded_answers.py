"""What real clients resend of an answer is known as that answer, in every dialect."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from apps.core.chat import conversation_hashes, message_hash
from apps.proxy.answers import read_answer
from apps.proxy.gateway.asking import read
from apps.proxy.gateway.dialects import ANTHROPIC, OPENAI, RESPONSES, Dialect

RECORDED = Path(__file__).parent / "recorded"
CLIENTS = [
    ("claude-code", ANTHROPIC),
    ("codex", RESPONSES),
    ("openclaw", OPENAI),
    ("openclaw-messages", ANTHROPIC),
    ("openclaw-responses", RESPONSES),
]


def _talk(client: str, talk: str) -> list[dict[str, Any]]:
    lines = (RECORDED / f"{client}.jsonl").read_text().splitlines()
    return [one for one in map(json.loads, lines) if one["talk"] == talk]


@pytest.mark.parametrize("client, dialect", CLIENTS, ids=lambda one: getattr(one, "name", one))
@pytest.mark.parametrize("talk", ["a", "b"])
def test_the_next_request_goes_on_from_the_last_answer(
    client: str, dialect: Dialect, talk: str
) -> None:
    requests = _talk(client, talk)
    assert len(requests) >= 3
    for before, after in pairwise(requests):
        answer = read_answer(dialect.name, before["answer"].encode())
        said = [read(dialect, {}, json.dumps(one["body"]).encode()).said for one in (before, after)]

        end = message_hash(conversation_hashes(said[0])[-1], answer.message)

        assert answer.is_whole
        assert answer.output_tokens is not None
        assert end in conversation_hashes(said[1])
