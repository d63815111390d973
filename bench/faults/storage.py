"""What long tool conversations cost to store, against the bytes of what was said in them."""

import json
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from apps.core.tenancy import tenant_tx
from apps.trajectories.models import TurnText, TurnVector
from bench import prompts
from bench.aims import Aim
from bench.errors import BenchError
from bench.faults import plays
from bench.faults.finding import Extent, Finding
from bench.faults.plays import Play
from bench.faults.provider import Asked
from bench.faults.record import Record
from bench.faults.stage import Gateway, Stage
from bench.workspace import Workspace

# What the search is made of: derived, like an index, and filled behind the recorder.
_FINDING = (TurnText, TurnVector)
_TURNS = 100
_RATIO = 1.3
_RESULT_WORDS = 220
_SETTLE_SECONDS = 180.0
_DOCS = Path(__file__).parents[2] / "docs"
_WIDEST = 5
_COLUMNS = """
SELECT column_name FROM information_schema.columns WHERE table_name = 'trajectories_turn'
"""
_FILES = """
SELECT sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
"""

Message = dict[str, Any]


def measure(stage: Stage, extent: Extent) -> Finding:
    """Rows by their size, out-of-line text included; and what the files of all tables grew by."""
    space = stage.space()
    record = Record(space)
    stage.provider.script = _call_a_tool
    rows_before, files_before, indexes_before = _row_bytes(space), *_file_bytes()
    said: set[str] = set()
    sent = 0
    with stage.gateway() as gateway, stage.recorder():
        for number in range(extent.conversations):
            sent += _converse(gateway, space, number, said)
        turns = record.settle(extent.conversations * _TURNS, seconds=_SETTLE_SECONDS)
    if turns != extent.conversations * _TURNS:
        raise BenchError(f"{turns} turns were stored of {extent.conversations * _TURNS}.")
    distinct = sum(map(len, said))
    rows = (_row_bytes(space) - rows_before) / distinct
    files, indexes = (
        (after - before) / distinct
        for after, before in zip(_file_bytes(), (files_before, indexes_before), strict=True)
    )
    return Finding(
        aims=[
            Aim(
                name=f"Stored bytes of a tool conversation of {_TURNS} turns, of its messages'",
                wanted=f"<= {_RATIO} x",
                measured=f"{rows:.2f} x ({sent / distinct:.0f} x were sent)",
                is_met=rows <= _RATIO,
            ),
            Aim(
                name="The same by the growth of all tables' files, empty space in pages included",
                wanted="no aim",
                measured=f"{files:.2f} x, and {indexes:.2f} x for indexes",
                is_met=None,
            ),
            Aim(
                name="Rows that only find turns: terms, and vectors of what users said",
                wanted="no aim",
                measured=f"{_found_by(space, turns) / distinct:.2f} x",
                is_met=None,
            ),
        ],
        figures={
            "storage: conversations": extent.conversations,
            "storage: bytes of distinct messages a turn": distinct / turns,
            "storage: bytes of rows a turn": rows * distinct / turns,
        }
        | _widest_columns(record),
    )


def _converse(gateway: Gateway, space: Workspace, number: int, said: set[str]) -> int:
    """One conversation of an agent with its tools; answers with the bytes it sent."""
    first: list[Message] = json.loads(prompts.request_body(is_stream=False))["messages"]
    messages = [first[0], {"role": "user", "content": f"{first[1]['content']} Task {number}."}]
    sent = 0
    for turn in range(_TURNS):
        body = json.dumps({"model": "bench-1", "messages": messages}).encode()
        sent += len(body)
        answer = _ask(gateway, space, f"storage-{number}", body)
        words = _words(number * _TURNS + turn)
        call_id = answer["tool_calls"][0]["id"]
        messages += [answer, {"role": "tool", "tool_call_id": call_id, "content": words}]
    # What was answered last was never sent, but is stored.
    said.update(json.dumps(message) for message in messages[:-1])
    return sent


def _ask(gateway: Gateway, space: Workspace, session: str, body: bytes) -> Message:
    headers = {
        "authorization": f"Bearer {space.key}",
        "content-type": "application/json",
        "x-session-id": session,
        "x-turn-type": "side",
    }
    url = f"http://127.0.0.1:{gateway.port}/v1/chat/completions"
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
        message: Message = json.loads(answer.read())["choices"][0]["message"]
        return message


def _call_a_tool(asked: Asked) -> Play:
    number = len(json.loads(asked.body)["messages"])
    call = {"name": "read_file", "arguments": json.dumps({"path": f"src/part_{number}.py"})}
    calls = [{"id": f"call_{number}", "type": "function", "function": call}]
    message = {"role": "assistant", "content": None, "tool_calls": calls}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    body: dict[str, object] = {"id": "c1", "object": "chat.completion", "choices": [choice]}
    return plays.json_answer(body | {"model": "bench-1"})


def _words(number: int) -> str:
    """A tool's result: prose, no two alike."""
    words = " ".join(path.read_text() for path in sorted(_DOCS.glob("*.md"))).split()
    at = number * 37
    return " ".join(words[(at + n) % len(words)] for n in range(_RESULT_WORDS))


def _row_bytes(space: Workspace) -> int:
    """The size of all the workspace's rows about its turns, but those that only find them."""
    kept = [m for m in apps.get_app_config("trajectories").get_models() if m not in _FINDING]
    return _bytes_of(space, kept)


def _bytes_of(space: Workspace, kept: Iterable[type[Model]]) -> int:
    total = 0
    with tenant_tx(space.tenant_id), connection.cursor() as cursor:
        for model in kept:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {table} t")
            total += int(cursor.fetchone()[0])
    return total


def _found_by(space: Workspace, turns: int) -> int:
    """The bytes of the search's rows, once a worker has made them."""
    ends_at = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < ends_at:
        with tenant_tx(space.tenant_id):
            if TurnText.objects.for_tenant(space.tenant_id).count() == turns:
                return _bytes_of(space, _FINDING)
        time.sleep(0.5)
    raise BenchError("The turns were not made findable: is a worker running?")


def _widest_columns(record: Record) -> dict[str, float]:
    """Where the bytes of a turn's row are: what to look at when the aim is missed."""
    with tenant_tx(record.space.tenant_id), connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        names = [name for (name,) in cursor.fetchall()]
        sizes = [f"avg(coalesce(pg_column_size({connection.ops.quote_name(n)}), 0))" for n in names]
        query = f"SELECT {', '.join(sizes)} FROM trajectories_turn WHERE id >= %s"
        cursor.execute(query, [record.since])
        found = sorted(zip(map(float, cursor.fetchone()), names, strict=True), reverse=True)
    return {f"storage: of these {name}": size for size, name in found[:_WIDEST]}


def _file_bytes() -> tuple[int, int]:
    """Of all tables with their out-of-line text, and of all indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_FILES)
        tables, indexes = cursor.fetchone()
    return int(tables), int(indexes)
