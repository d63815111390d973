"""A stored turn gives back the request that was sent, byte for byte, whatever came before (P9)."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from apps.core.chat import conversation_hashes, message_hash
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.trajectories import selectors
from apps.trajectories.errors import RequestDamaged
from apps.trajectories.models import Piece, Turn
from apps.trajectories.months import first_id, month_of, next_month
from apps.trajectories.services import requests, turns_record
from tests.factories import make_record, make_turn

RECORDED = Path(__file__).parents[1] / "proxy/recorded"
SESSION = uuid7()


def record(tenant, body: dict[str, Any] | bytes, **fields: Any) -> Turn:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return make_turn(tenant.id, body=raw, session_id=SESSION, session_source="header", **fields)


def rebuilt(turn: Turn) -> bytes:
    with tenant_tx(turn.tenant_id):
        found = selectors.request_built(tenant_id=turn.tenant_id, turn_id=turn.id)
    assert sha256(found.body).digest() == found.sha256
    return found.body


def chain(tenant, bodies: list[bytes], told: list[list[Any]], **fields: Any) -> list[Turn]:
    """Turns of which each goes on from the one before."""
    turns = []
    for raw, messages, following in zip(bodies, told, [*told[1:], told[-1]], strict=True):
        answer_at = max(conversational(messages, following))
        turns.append(record(tenant, raw, messages=messages, answer=following[answer_at], **fields))
    return turns


def conversational(messages: list[Any], following: list[Any]) -> list[int]:
    """Where in the following request the answer to these messages stands."""
    said, later = conversation_hashes(messages), conversation_hashes(following)
    found = [at for at, answer in enumerate(following) if later[at] == _after(said, answer)]
    return found or [len(following) - 1]


def _after(said: list[bytes], answer: Any) -> bytes:
    return message_hash(said[-1] if said else b"", answer)


def requests_of(client: str, talk: str) -> list[bytes]:
    lines = (RECORDED / f"{client}.jsonl").read_text().splitlines()
    bodies = [each["body"] for each in map(json.loads, lines) if each["talk"] == talk]
    return [json.dumps(b, separators=(",", ":"), ensure_ascii=False).encode() for b in bodies]


def told_in(raw: bytes) -> list[Any]:
    body = json.loads(raw)
    return [m for m in body["messages"] if m.get("role") not in ("system", "developer")]


@pytest.mark.parametrize("client", ["claude-code", "openclaw", "openclaw-messages"])
@pytest.mark.parametrize("is_forgetful", [False, True], ids=["", "recorder started anew"])
def test_what_real_clients_sent_is_given_back(tenant, client, is_forgetful):
    bodies = requests_of(client, "a")
    turns = []
    told = [told_in(raw) for raw in bodies]
    for index, raw in enumerate(bodies):
        if is_forgetful:
            requests.memory.forget()
        following = told[index + 1] if index + 1 < len(told) else told[index]
        answer = following[max(conversational(told[index], following))]
        turns.append(record(tenant, raw, messages=told[index], answer=answer))

    assert [rebuilt(turn) for turn in turns] == bodies
    assert [later.parent_id for _, later in pairwise(turns)] == [turn.id for turn in turns[:-1]]
    # Nine kilobytes were sent each time.
    assert max(len(turn.request) for turn in turns[1:]) < 700


@pytest.mark.parametrize(
    "raw",
    [
        b'{"messages":[{"role":"user","content":"a"}],"messages":[]}',
        b' {\n "messages" : [ ] , "x" : 1E400 } \n\n',
        b'{"messages":[{"role":"user","content":"half \\ud83d, nul \\u0000"}]}',
        '{"messages":[{"content":"ü \u2028","role":"user"}],"n":12345678901234567890.10}'.encode(),
        b'{"messages":[{"role":"user","content":"' + b"long " * 5000 + b'"}]}',
    ],
)
def test_odd_bodies_are_given_back(tenant, raw):
    first = record(tenant, raw)
    again = record(tenant, raw)

    assert (rebuilt(first), rebuilt(again)) == (raw, raw)


def test_instructions_and_tools_are_stored_once_for_all_conversations(tenant, other_tenant):
    body = {
        "system": "Be brief. " * 300,
        "tools": [{"name": "search", "description": "finds things " * 200}],
        "messages": [{"role": "user", "content": "Hi"}],
    }

    turns = [make_turn(tenant.id, body=json.dumps(body).encode()) for _ in range(3)]
    elsewhere = make_turn(other_tenant.id, body=json.dumps(body).encode())

    assert {rebuilt(turn) for turn in [*turns, elsewhere]} == {json.dumps(body).encode()}
    for owner in (tenant, other_tenant):
        with tenant_tx(owner.id):
            assert Piece.objects.for_tenant(owner.id).count() == 2
    assert max(len(turn.request) for turn in turns) < 200


def test_a_turn_never_needs_a_turn_or_a_piece_of_another_month(tenant):
    """So that a month can be dropped as a whole."""
    asked = {"system": "Be brief. " * 300, "messages": [{"role": "user", "content": "one"}]}
    first = record(tenant, asked, messages=asked["messages"])
    later = asked["messages"] + [first.response, {"role": "user", "content": "two"}]
    in_next = UUID(int=first_id(next_month(month_of(first.id))).int + 5)

    second = record(tenant, asked | {"messages": later}, messages=later, id=in_next)

    assert (second.parent_id, second.base_id) == (first.id, None)
    with tenant_tx(tenant.id):
        months = {month_of(one.id) for one in Piece.objects.for_tenant(tenant.id)}
        # A month's pieces sort with its turns.
        assert months == {month_of(first.id), month_of(second.id)}
    assert json.loads(rebuilt(second))["messages"] == later


def test_a_request_of_which_a_part_is_gone_or_changed_is_never_shown_as_it_was(tenant):
    asked = [{"role": "user", "content": "one"}]
    first = record(tenant, {"messages": asked}, messages=asked)
    later = [*asked, first.response, {"role": "user", "content": "two"}]
    second = record(tenant, {"messages": later}, messages=later)

    with tenant_tx(tenant.id):
        Turn.objects.for_tenant(tenant.id).filter(id=first.id).update(request=second.request)

    for turn in (first, second):
        with pytest.raises(RequestDamaged):
            rebuilt(turn)


def test_a_long_conversation_is_stored_whole_again_now_and_then(tenant, monkeypatch):
    monkeypatch.setattr(requests, "_DEPTH_MAX", 5)
    bodies, told = tool_conversation(12)

    turns = chain(tenant, bodies, told)

    assert [rebuilt(turn) for turn in turns] == bodies
    assert [turn.base_id is None for turn in turns] == [number % 5 == 0 for number in range(12)]


WORDS = (Path(__file__).parents[2] / "README.md").read_text().split()


def tool_conversation(turns: int) -> tuple[list[bytes], list[list[Any]]]:
    """What a coding agent sends: the task, then call after call with one result each."""
    messages: list[Any] = [{"role": "user", "content": "Find out why the build fails and fix it."}]
    bodies, told = [], []
    for number in range(turns):
        told.append(list(messages))
        bodies.append(json.dumps({"model": "m", "messages": messages, "stream": True}).encode())
        words = " ".join(WORDS[(number * 37 + at) % len(WORDS)] for at in range(220))
        call = {"name": "read", "arguments": json.dumps({"path": f"src/part_{number}.py"})}
        messages += [
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": f"call_{number}", "type": "function", "function": call}],
            },
            {"role": "tool", "tool_call_id": f"call_{number}", "content": words},
        ]
    return bodies, told


def test_a_hundred_turns_cost_little_more_than_their_messages(tenant):
    """Every byte of the rows, out-of-line text and shared pieces included; aim 1.3."""
    bodies, told = tool_conversation(100)
    block = {"text": "# A skill\n" + "Always write dates in full. " * 60, "place": "system"}
    chain(tenant, bodies, told, injection=block)

    with tenant_tx(tenant.id), connection.cursor() as cursor:
        stored = 0
        for table in ("turn", "turnskill", "piece", "session"):
            cursor.execute(
                f"SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM trajectories_{table} t"
            )
            stored += cursor.fetchone()[0]
    distinct = sum(len(json.dumps(message)) for message in told[-1])

    assert sum(map(len, bodies)) > 40 * distinct
    assert stored <= 1.3 * distinct


def test_a_turn_recorded_twice_and_its_follower_in_one_batch_is_built_from_it(tenant):
    asked = [{"role": "user", "content": "one " * 400}]
    first = make_record(tenant.id, messages=asked, session_id=SESSION)
    later = [*asked, first.response, {"role": "user", "content": "two"}]
    second = make_record(tenant.id, messages=later, session_id=SESSION, key_id=first.key_id)

    turns_record(tenant_id=tenant.id, records=[first, first, second])

    with tenant_tx(tenant.id):
        stored = Turn.objects.for_tenant(tenant.id).get(id=second.id)
    assert stored.base_id == first.id
    assert rebuilt(stored) == second.body.content


def test_the_request_is_handed_out_as_it_was_sent(tenant, viewer_client):
    raw = b'{ "messages": [{"role":"user","content":"\\ud83d"}], "n": 1.0 }'
    turn = record(tenant, raw)

    answer = viewer_client.get(f"/api/v1/t/{tenant.slug}/turns/{turn.id}/request/")

    assert (answer.status_code, answer.content) == (200, raw)
    assert answer["content-type"] == "application/json"
    assert answer["etag"] == f'"{sha256(raw).hexdigest()}"'


def test_months_of_ids():
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    december = UUID(int=first_id(new_year).int - 1)

    assert month_of(first_id(new_year)) == new_year == next_month(month_of(december))
    assert month_of(UUID(int=(1 << 128) - 1)).year == 9999


def test_what_was_injected_is_stored_once_and_shown_with_every_turn(tenant, viewer_client):
    text = "Always write dates in full. " * 100

    turns = [make_turn(tenant.id, injection={"text": text, "place": "tail"}) for _ in range(2)]

    for turn in turns:
        shown = viewer_client.get(f"/api/v1/t/{tenant.slug}/turns/{turn.id}/").json()["injection"]
        assert (shown["text"], shown["place"]) == (text, "tail")
        assert len(str(turn.injection)) < 150
    with tenant_tx(tenant.id):
        assert Piece.objects.for_tenant(tenant.id).count() == 1
