"""What somebody sees who waits for the first request of an agent: attempts, and it under way."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.proxy import services
from apps.proxy.arrivals import Arrivals
from apps.proxy.gateway.refusal import KeyRefused
from apps.proxy.gateway.snapshots import wrong_key
from apps.proxy.gateway.turned_away import TurnedAway
from apps.proxy.recorder.loop import Recorder
from apps.proxy.spool.frames import CHUNK, Frame, pack, pack_begin, pack_end, unpack
from apps.proxy.spool.writer import SpoolWriter
from apps.tenants.models import RefusedRequest, Tenant
from apps.tenants.services import key_revoke, refused_record
from apps.tenants.types import SYSTEM, RefusedFact
from apps.usage.services import limit_create
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.running import RunningGateway
from tests.proxy.test_keys import _other_secret
from tests.proxy.test_recorder import BODY, _header, _outcome


class Kept:
    """A spool that keeps what it is given."""

    def __init__(self) -> None:
        self.data = b""

    def append(self, data: bytes) -> bool:
        self.data += data
        return True

    @property
    def begun(self) -> list[Frame]:
        frames = [frame for frame, _ in unpack(self.data) if frame is not None]
        return [frame for frame in frames if frame.kind == b"B"]


def _refused(workspace: Workspace) -> dict[str, RefusedRequest]:
    with tenant_tx(workspace.id):
        return {row.code: row for row in RefusedRequest.objects.for_tenant(workspace.id)}


def _wait_for(recorded: Recorded, workspace: Workspace, code: str) -> RefusedRequest:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        recorded.recorder.step()
        found = _refused(workspace)
        if code in found:
            return found[code]
        time.sleep(0.02)
    raise AssertionError(f"{code} was not recorded: {sorted(_refused(workspace))}")


def test_a_wrong_secret_of_a_known_key_is_counted_and_nothing_of_it_kept(
    gateway: RunningGateway, openai: Workspace, recorded: Recorded
) -> None:
    answer = gateway.chat(chat_body(), key=_other_secret(openai.key))

    row = _wait_for(recorded, openai, "wrong_secret")
    # Whoever holds no key learns no more than from any other wrong key.
    assert (answer.status, answer.error["message"]) == (401, wrong_key().message)
    assert (row.key_id, row.is_authenticated, row.detail) == (openai.key_id, False, "")


def test_a_revoked_key_and_an_expired_one_are_told_apart(
    gateway: RunningGateway, openai: Workspace, recorded: Recorded
) -> None:
    row, revoked = openai.new_key()
    key_revoke(tenant_id=openai.id, actor=SYSTEM, key_id=row.id)
    _, expired = openai.new_key(expires_at=now() + timedelta(seconds=0.2))
    time.sleep(0.3)

    gateway.chat(chat_body(), key=revoked)
    gateway.chat(chat_body(), key=expired)

    assert _wait_for(recorded, openai, "key_revoked").key_id == row.id
    assert _wait_for(recorded, openai, "key_expired").http_status == 401


def test_what_is_wrong_behind_the_key_is_told_with_its_reason(
    gateway: RunningGateway, openai: Workspace, committed: None, recorded: Recorded
) -> None:
    empty = make_workspace("openai", None)
    poor, key = openai.new_key()
    limit_create(
        tenant_id=openai.id, actor=SYSTEM, scope="key", subject=str(poor.id), requests_per_minute=1
    )
    time.sleep(1.5)

    gateway.chat(chat_body(), key=empty.key)
    gateway.chat(chat_body(), key=key)
    gateway.chat(chat_body(), key=key)
    gateway.send("POST", "/chat/completions", b"{}", {"key": openai.key})

    nobody = _wait_for(recorded, empty, "no_upstream")
    assert nobody.is_authenticated
    assert "no model provider" in nobody.detail
    assert _wait_for(recorded, openai, "rate_limit_exceeded").http_status == 429
    assert "POST /chat/completions" in _wait_for(recorded, openai, "unknown_url").detail


def test_an_unknown_key_is_nobodys(
    gateway: RunningGateway, openai: Workspace, recorded: Recorded
) -> None:
    before = {code: row.times for code, row in _refused(openai).items()}

    gateway.chat(chat_body(), key="")
    gateway.chat(chat_body(), key="mck_live_nonsense")
    for _ in range(5):
        recorded.recorder.step()

    assert {code: row.times for code, row in _refused(openai).items()} == before


def test_a_storm_of_attempts_costs_one_small_record_every_few_seconds() -> None:
    kept = Kept()
    turned_away = TurnedAway(kept)  # type: ignore[arg-type]
    refusal = KeyRefused(wrong_key(), uuid4(), uuid4(), "wrong_secret")

    for _ in range(1000):
        turned_away.note(refusal, None)
    turned_away._told = type(turned_away._told)(
        {key: (at - 10, untold) for key, (at, untold) in turned_away._told.items()}
    )
    turned_away.note(refusal, None)

    assert [frame.header["times"] for frame in kept.begun] == [1, 1000]


@pytest.mark.django_db
def test_attempts_of_a_key_add_up_and_are_forgotten_after_a_week(tenant: Tenant) -> None:
    key = uuid4()

    def fact(code: str, days: int, times: int = 1) -> RefusedFact:
        at = now() - timedelta(days=days)
        return RefusedFact(key, code, 401, is_authenticated=False, detail="", times=times, at=at)

    refused_record(tenant_id=tenant.id, facts=[fact("key_expired", 8)])
    refused_record(
        tenant_id=tenant.id, facts=[fact("wrong_secret", 1, 3), fact("wrong_secret", 0, 2)]
    )

    with tenant_tx(tenant.id):
        rows = list(RefusedRequest.objects.for_tenant(tenant.id))
    assert [(row.code, row.times) for row in rows] == [("wrong_secret", 5)]


@pytest.mark.django_db
def test_members_see_attempts_and_strangers_nothing(
    tenant: Tenant, viewer_client: APIClient, stranger_client: APIClient
) -> None:
    facts = [RefusedFact(uuid4(), "key_revoked", 401, False, "", 2, now())]
    refused_record(tenant_id=tenant.id, facts=facts)
    url = f"/api/v1/t/{tenant.slug}/arrivals/"

    found = viewer_client.get(url).json()

    assert [(row["code"], row["times"]) for row in found["refused"]] == [("key_revoked", 2)]
    assert found["under_way"] is None
    assert stranger_client.get(url).status_code == 404


def _under_way(workspace: Workspace) -> dict[str, Any] | None:
    with tenant_tx(workspace.id):
        return services.arrivals_get(tenant_id=workspace.id).under_way


def _spooled(folder: Path) -> SpoolWriter:
    writer = SpoolWriter(folder, 1 << 20)
    writer.start()
    return writer


def test_a_request_under_way_is_told_step_by_step_to_whoever_waits(
    committed: None, tmp_path: Path
) -> None:
    workspace, turn_id = make_workspace("openai", None), uuid7()
    writer, recorder = _spooled(tmp_path), Recorder(tmp_path)
    assert _under_way(workspace) is None
    reached = {"received": 0, "authenticated": 1, "skills": 4}

    header = _header(workspace, reached=reached)
    writer.append(pack_begin(turn_id.bytes, header, b'{"model": "m", "messages": []}'))
    recorder.step()
    begun = _under_way(workspace)
    writer.append(pack(CHUNK, turn_id.bytes, b"data: x\n\n"))
    recorder.step()
    answering = _under_way(workspace)
    writer.stop()

    assert begun is not None
    assert answering is not None
    assert UUID(begun["turn_id"]) == turn_id
    assert begun["reached"] == reached
    assert answering["reached"] == reached | {"first_byte": None}
    assert "messages" not in begun


def test_nothing_is_written_down_where_nobody_waits(committed: None, tmp_path: Path) -> None:
    workspace, turn_id = make_workspace("openai", None), uuid7()
    writer, recorder = _spooled(tmp_path), Recorder(tmp_path)

    writer.append(pack_begin(turn_id.bytes, _header(workspace), b'{"model": "m"}'))
    recorder.step()
    writer.stop()

    assert Arrivals().latest(workspace.id) is None


def test_a_turn_that_is_over_at_once_is_recorded_and_not_announced(
    committed: None, tmp_path: Path
) -> None:
    workspace, turn_id = make_workspace("openai", None), uuid7()
    writer, recorder = _spooled(tmp_path), Recorder(tmp_path)
    assert _under_way(workspace) is None
    body = str(BODY).replace("'", '"').encode()

    writer.append(pack_begin(turn_id.bytes, _header(workspace), body))
    writer.append(pack_end(turn_id.bytes, _outcome()))
    recorder.step()
    writer.stop()

    assert len(workspace.turns(id=turn_id)) == 1
    assert _under_way(workspace) is None


def test_with_redis_away_nobody_waits_and_nothing_fails(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    arrivals, tenant_id = Arrivals(), uuid4()

    arrivals.wait(tenant_id)
    arrivals.keep(str(tenant_id), {})

    assert arrivals.awaited([str(tenant_id)]) == set()
    assert arrivals.latest(tenant_id) is None
