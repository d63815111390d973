"""No log line of a process holds what somebody said, or a key, whatever its level."""

import http.client
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import connection

from apps.core.logs import EventFormatter, LibraryFilter
from apps.core.tenancy import tenant_tx
from apps.evolution import services as learning
from apps.jobs.models import Job
from apps.jobs.runner import job_run
from apps.jobs.services import job_enqueue
from apps.proxy.recorder import storing
from apps.proxy.recorder.loop import Recorder
from apps.tenants.services import key_create
from apps.tenants.types import SYSTEM
from apps.trajectories.services import JUDGE_KIND
from apps.upstreams.services import upstream_update
from tests.proxy.behaviours import KEY
from tests.proxy.conftest import Workspace, make_workspace
from tests.proxy.loud import BUG, LIBRARIES
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

PROMPT, TOOL, ANSWER = "Canaryprompt", "Canarytool", "Canaryanswer"
EMAIL = "canary.person@example.org"
HEADER = "Canaryheader"
# Of keys any long part counts.
PARTS = 12


@dataclass(frozen=True)
class Cast:
    workspace: Workspace
    path_key: str

    @property
    def canaries(self) -> set[str]:
        keys = (self.workspace.key[9:], self.path_key[9:], KEY)
        return {PROMPT, TOOL, ANSWER, EMAIL, HEADER} | {
            key[at : at + PARTS] for key in keys for at in range(0, len(key) - PARTS, 4)
        }

    def found_in(self, text: str) -> set[str]:
        return {one for one in self.canaries if one in text}


@pytest.fixture
def cast(committed: None, provider: Provider) -> Cast:
    workspace = make_workspace("openai", provider)
    _, path_key = key_create(
        tenant_id=workspace.id, actor=SYSTEM, name="p", scopes=["gateway"], path_allowed=True
    )
    return Cast(workspace, path_key)


@pytest.fixture
def loud_gateway(new_gateway, cast: Cast) -> RunningGateway:
    gateway = new_gateway(DJANGO_SETTINGS_MODULE="tests.proxy.loud", METACLAW_LOG_LEVEL="DEBUG")
    gateway.key = cast.workspace.key
    return gateway.wait()


@dataclass
class Heard:
    """What was logged here: as it would stand in the log, and as libraries said it."""

    ours: io.StringIO
    raw: io.StringIO


@pytest.fixture
def heard() -> Iterator[Heard]:
    one = Heard(io.StringIO(), io.StringIO())
    ours, raw = logging.StreamHandler(one.ours), logging.StreamHandler(one.raw)
    ours.setFormatter(EventFormatter())
    ours.addFilter(LibraryFilter())
    known = [logging.getLogger(), *map(logging.getLogger, [*LIBRARIES, "apps"])]
    levels = [logger.level for logger in known]
    for logger in known:
        logger.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(ours)
    logging.getLogger().addHandler(raw)
    connection.force_debug_cursor = True
    try:
        yield one
    finally:
        connection.force_debug_cursor = False
        logging.getLogger().removeHandler(ours)
        logging.getLogger().removeHandler(raw)
        for logger, level in zip(known, levels, strict=True):
            logger.setLevel(level)


def body_of(model: str, **more: object) -> dict[str, object]:
    call = {"name": "send", "arguments": json.dumps({"to": EMAIL, "text": TOOL})}
    messages = [
        {"role": "system", "content": f"{PROMPT} of the system"},
        {"role": "user", "content": f"{PROMPT} {EMAIL}"},
        {
            "role": "assistant",
            "content": ANSWER,
            "tool_calls": [{"id": "c1", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": TOOL},
        {"role": "user", "content": PROMPT},
    ]
    return {"model": model, "messages": messages, **more}


def drive(gateway: RunningGateway, cast: Cast) -> list[int]:
    """Every way through the gateway that may want to say something; answers with statuses."""
    key, in_path = cast.workspace.key, f"/k/{cast.path_key}/v1/chat/completions"
    text = json.dumps(body_of(f"ok:{ANSWER}")).encode()
    asked = [
        gateway.chat(text),
        gateway.chat(text, key="", **{"x-api-key": key}),
        gateway.chat(body_of(f"ok:{ANSWER}", stream=True)),
        gateway.send("POST", in_path, text, {"key": "", "content-type": "application/json"}),
        gateway.send("POST", f"{in_path}x", text, {"key": ""}),
        gateway.send("POST", f"/k/{key}/v1/chat/completions", text, {"key": ""}),
        gateway.chat(text[:-40]),
        gateway.chat(b'{"model":"ok","messages":"' + PROMPT.encode() + b'"}'),
        gateway.chat(text, key=f"{key}x"),
        gateway.chat(text, **{"x-api-key": cast.path_key}),
        gateway.chat(body_of("echo:500")),
        gateway.chat(body_of("echo:401")),
        gateway.chat(body_of("silent:30")),
        gateway.chat(body_of(BUG.decode())),
        gateway.chat(text, **{"content-encoding": HEADER}),
        gateway.chat(text, **{"x-session-id": f"{HEADER} {EMAIL}"}),
    ]
    for broken in ("cut:90", "stall:90"):
        with pytest.raises(http.client.HTTPException):
            gateway.chat(body_of(broken, stream=True))
    with gateway.open(body_of("paced:0.2", stream=True)) as wire:
        wire.read_until(b"data:")
    bad = f"POST /{PROMPT} HTTP/1.1\r\nx: {key}\0{HEADER}\r\n\r\n"
    with gateway.wire(bad.encode()) as wire:
        wire.read_all()
        asked_last = wire.status
    return [answer.status for answer in asked] + [asked_last]


def test_a_gateway_that_says_all_it_can_says_nothing_of_anybody(
    loud_gateway: RunningGateway, cast: Cast
) -> None:
    statuses = drive(loud_gateway, cast)
    time.sleep(0.3)
    loud_gateway.stop()

    log = loud_gateway.log.read_text()
    assert {200, 400, 401, 404, 415, 500, 502, 504} <= set(statuses)
    assert cast.found_in(log) == set()
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"gateway.started", "gateway.stream_cut", "gateway.client_gone"} <= {
        one["event"] for one in events
    }
    (bug,) = [one for one in events if one["event"] == "Exception in ASGI application"]
    assert bug["trace"].endswith("ValueError\n")
    assert "read_or_fail" in bug["trace"]


def test_the_text_of_exceptions_is_there_for_who_asks(
    new_gateway: Callable[..., RunningGateway], cast: Cast
) -> None:
    gateway = new_gateway(
        DJANGO_SETTINGS_MODULE="tests.proxy.loud", METACLAW_LOG_EXCEPTION_TEXT="1"
    ).wait()

    answer = gateway.chat(body_of(BUG.decode()), key=cast.workspace.key)

    assert (answer.status, answer.body) == (500, b"Internal Server Error")
    assert {PROMPT, TOOL, ANSWER} <= cast.found_in(gateway.log.read_text())


def test_recorder_and_judge_say_nothing_of_anybody(
    loud_gateway: RunningGateway, cast: Cast, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = loud_gateway.chat(body_of(f"ok:{ANSWER}"))
    loud_gateway.chat(body_of(f"ok:{ANSWER}", stream=True))
    loud_gateway.stop()

    record(cast, loud_gateway, monkeypatch)
    for model in (f"ok:{ANSWER}", "echo:500", "echo:400", "garbage"):
        judge(cast, answer.turn_id, model)
    monkeypatch.setattr(learning, "turn_score", _fail)
    judge(cast, answer.turn_id, "ok")

    # What libraries, and exceptions, would have said: else this test proves nothing.
    raw = heard.raw.getvalue()
    assert {PROMPT, TOOL, ANSWER, EMAIL} <= cast.found_in(raw)
    ours = heard.ours.getvalue()
    for event in ("recorder.stored", "recorder.unreadable", "recorder.quarantined", "jobs.failed"):
        assert f'"{event}"' in ours
    assert cast.found_in(ours) == set()


def _fail(**given: object) -> None:
    raise RuntimeError(f"{PROMPT} {EMAIL} {given!r}")


def record(cast: Cast, gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store one turn, and let the other fail with all that is known of it."""
    real, failed = storing.turns_record, []

    def fail(*, tenant_id, records):
        if records[-1].id not in failed and len(failed) < 1 and len(records) == 1:
            failed.append(records[-1].id)
        if len(records) > 1 or records[-1].id in failed:
            raise ValueError(f"{PROMPT} in {records!r} of {EMAIL}")
        return real(tenant_id=tenant_id, records=records)

    monkeypatch.setattr(storing, "turns_record", fail)
    recorder = Recorder(gateway.spool)
    for _ in range(20):
        recorder.step()
        time.sleep(0.02)
    assert len(cast.workspace.turns()) == 1


def judge(cast: Cast, turn_id: str, model: str) -> None:
    stored = cast.workspace.turns()[0]
    upstream_update(
        tenant_id=cast.workspace.id,
        actor=SYSTEM,
        upstream_id=cast.workspace.upstream_id,
        model=model,
    )
    with tenant_tx(cast.workspace.id):
        job_id = job_enqueue(
            tenant_id=cast.workspace.id, kind=JUDGE_KIND, payload={"turn_id": str(stored.id)}
        )
    job_run(tenant_id=cast.workspace.id, job_id=job_id)
    with tenant_tx(cast.workspace.id):
        assert Job.objects.for_tenant(cast.workspace.id).get(id=job_id).status != "running"
