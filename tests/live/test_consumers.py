"""The console's socket, over the real channel layer."""

import asyncio
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from redis.exceptions import RedisError

from apps.core.bell import redis_client
from apps.core.tenancy import tenant_tx
from apps.jobs.services import job_enqueue
from apps.live import consumers
from apps.live.consumers import CLOSE_NOT_FOUND, CLOSE_SHUT, CLOSE_SIGNED_OUT
from apps.live.events import READ_FROM, Changed, group_for, publish_on_commit
from apps.tenants.models import Membership, Tenant
from apps.tenants.services import member_change, member_remove
from apps.tenants.types import Actor
from tests.conftest import member_of
from tests.factories import UserFactory
from tests.live.listening import make_member, opened, say, session_of, socket

pytestmark = pytest.mark.usefixtures("committed_db")


async def test_a_member_hears_of_their_own_workspace_only():
    tenant, member = await make_member()
    other, _ = await make_member()
    ws = await opened(member, tenant.slug)

    await say(other.id, Changed("skills.skill", "1", "live"))
    await say(tenant.id, Changed("trajectories.turn", "7", "complete"))
    heard = await ws.receive_json_from(timeout=5)

    assert heard == {"topic": "trajectories.turn", "id": "7", "status": "complete", "seq": 1}
    assert await ws.receive_nothing(0.2)
    await ws.disconnect()


async def test_numbers_grow_by_one_for_each_workspace_by_itself():
    tenant, member = await make_member()
    other, _ = await make_member()
    ws = await opened(member, tenant.slug)

    for number in range(3):
        await say(other.id, Changed("skills.skill", str(number), "live"))
        await say(tenant.id, Changed("skills.skill", str(number), "live"))
    heard = [(await ws.receive_json_from(timeout=5))["seq"] for _ in range(3)]

    assert heard == [1, 2, 3]
    await ws.disconnect()


async def test_who_comes_back_hears_what_the_latest_number_is():
    tenant, member = await make_member()
    other, _ = await make_member()
    ws = await opened(member, tenant.slug)
    await ws.disconnect()

    # Another page stays open: it hears when the events are out.
    stays = await opened(member, tenant.slug)
    await say(other.id, Changed("skills.skill", "1", "live"))
    for name in ("2", "3"):
        await say(tenant.id, Changed("skills.skill", name, "live"))
        await stays.receive_json_from(timeout=5)
    await stays.disconnect()

    again = await opened(member, tenant.slug, latest=2)
    await again.disconnect()


async def test_the_latest_number_is_said_again_and_again(monkeypatch):
    monkeypatch.setattr(consumers, "_CHECK_AGAIN_SECONDS", 0.05)
    tenant, member = await make_member()
    ws = await opened(member, tenant.slug)

    assert await ws.receive_json_from(timeout=5) == {"latest": 0}
    await ws.disconnect()


async def test_a_counter_that_cannot_be_read_closes_no_socket(monkeypatch):
    async def away(_):
        raise RedisError("away")

    monkeypatch.setattr(consumers, "latest_number", away)
    tenant, member = await make_member()
    ws = socket(member, tenant.slug)
    await ws.connect()

    await say(tenant.id, Changed("skills.skill", "1", "live"))

    assert (await ws.receive_json_from(timeout=5))["id"] == "1"
    await ws.disconnect()


async def test_who_may_not_read_a_page_hears_only_that_a_number_passed():
    tenant, viewer = await make_member()
    admin = await database_sync_to_async(member_of)(tenant, "admin")
    below, above = await opened(viewer, tenant.slug), await opened(admin, tenant.slug)

    for topic in READ_FROM:
        await say(tenant.id, Changed(topic, "1", "changed"))
    await say(tenant.id, Changed("tenants.key", "2", "created"))
    heard_below = [await below.receive_json_from(timeout=5) for _ in range(len(READ_FROM) + 1)]
    heard_above = [await above.receive_json_from(timeout=5) for _ in range(len(READ_FROM) + 1)]

    numbers = [{"seq": number + 1} for number in range(len(READ_FROM))]
    assert heard_below[:-1] == numbers
    assert heard_below[-1]["topic"] == "tenants.key"
    assert [one["topic"] for one in heard_above] == [*READ_FROM, "tenants.key"]
    await below.disconnect()
    await above.disconnect()


async def test_who_was_made_less_hears_nothing_of_what_was_noted_with_it():
    tenant, _ = await make_member()
    admin, owner = [
        await database_sync_to_async(member_of)(tenant, role) for role in ("admin", "owner")
    ]
    ws = await opened(admin, tenant.slug)

    @database_sync_to_async
    def lower():
        with tenant_tx(tenant.id):
            row = Membership.objects.for_tenant(tenant.id).get(user_id=admin.id)
        actor = Actor("user", str(owner.id), owner.name)
        member_change(
            tenant_id=tenant.id, actor=actor, acting_as="owner", member_id=row.id, role="viewer"
        )

    await lower()

    assert (await ws.receive_json_from(timeout=5))["topic"] == "tenants.member"
    assert await ws.receive_json_from(timeout=5) == {"seq": 2}
    await ws.disconnect()


async def test_what_happens_many_times_in_a_moment_is_told_of_once_and_after_the_last():
    tenant, _ = await make_member()
    other, _ = await make_member()
    admin = await database_sync_to_async(member_of)(tenant, "admin")
    ws = await opened(admin, tenant.slug)

    @database_sync_to_async
    def ask_for_jobs():
        for one in (tenant, other, tenant, tenant):
            job_enqueue(tenant_id=one.id, kind="tests.work", payload={})

    await ask_for_jobs()

    heard = await ws.receive_json_from(timeout=5)
    assert heard == {"topic": "jobs.job", "id": "", "status": "moved", "seq": 1}
    assert await ws.receive_nothing(1)
    await ask_for_jobs()
    assert (await ws.receive_json_from(timeout=5))["seq"] == 2
    await ws.disconnect()


async def test_what_another_process_has_just_told_is_told_again_for_what_came_after():
    tenant, _ = await make_member()
    admin = await database_sync_to_async(member_of)(tenant, "admin")
    ws = await opened(admin, tenant.slug)
    with redis_client() as redis:
        redis.set(f"t:{tenant.id}:live:jobs.job", 1, px=1000)

    ask = database_sync_to_async(job_enqueue)
    await ask(tenant_id=tenant.id, kind="tests.work", payload={})

    # Not within that second, and not never.
    assert await ws.receive_nothing(0.8)
    assert (await ws.receive_json_from(timeout=5))["topic"] == "jobs.job"
    await ws.disconnect()


async def test_nothing_is_said_of_what_was_rolled_back():
    tenant, member = await make_member()
    ws = await opened(member, tenant.slug)

    def change_and_roll_back():
        with transaction.atomic():
            publish_on_commit(tenant.id, Changed("skills.skill", "1", "live"))
            transaction.set_rollback(True)

    await database_sync_to_async(change_and_roll_back)()

    assert await ws.receive_nothing(0.3)
    await ws.disconnect()


async def test_a_message_in_the_wrong_group_is_dropped():
    """Should a group ever be mixed up, the consumer still knows whose it is."""
    tenant, member = await make_member()
    ws = await opened(member, tenant.slug)

    await get_channel_layer().group_send(
        group_for(tenant.id),
        {"type": "live.changed", "tenant": str(uuid4()), "event": {"topic": "skills.skill"}},
    )

    assert await ws.receive_nothing(0.3)
    await ws.disconnect()


@pytest.mark.parametrize(
    "frame",
    [
        {"text_data": "{}"},
        {"text_data": '{"type": "live.changed", "event": {}}'},
        {"text_data": "not json"},
        {"bytes_data": b"\xff\x00"},
    ],
)
async def test_whatever_the_browser_says_is_ignored(frame):
    tenant, member = await make_member()
    ws = await opened(member, tenant.slug)

    await ws.send_to(**frame)
    await say(tenant.id, Changed("skills.skill", "1", "live"))

    assert (await ws.receive_json_from(timeout=5))["id"] == "1"
    await ws.disconnect()


async def test_a_stranger_and_an_unknown_workspace_are_closed_alike():
    tenant, _ = await make_member()
    stranger = await database_sync_to_async(UserFactory)()

    for slug in (tenant.slug, "no-such-place"):
        ws = socket(stranger, slug)
        await ws.connect()
        assert (await ws.receive_output())["code"] == CLOSE_NOT_FOUND


@pytest.mark.parametrize("user", [AnonymousUser(), None])
async def test_somebody_signed_out_is_told_so(user):
    tenant, _ = await make_member()
    ws = socket(user, tenant.slug)

    await ws.connect()

    assert (await ws.receive_output())["code"] == CLOSE_SIGNED_OUT


async def test_a_removed_member_stops_hearing(monkeypatch):
    monkeypatch.setattr(consumers, "_CHECK_AGAIN_SECONDS", 0.05)
    tenant, member = await make_member()
    ws = await opened(member, tenant.slug)

    @sync_to_async
    def remove():
        with tenant_tx(tenant.id):
            Membership.objects.for_tenant(tenant.id).delete()

    await remove()
    while (closed := await asyncio.wait_for(ws.receive_output(), 5))["type"] == "websocket.send":
        pass

    assert (closed["type"], closed["code"]) == ("websocket.close", CLOSE_NOT_FOUND)


async def test_who_was_signed_out_elsewhere_stops_hearing(monkeypatch):
    monkeypatch.setattr(consumers, "_CHECK_AGAIN_SECONDS", 0.05)
    tenant, member = await make_member()
    ended, stays = await session_of(member), await session_of(member)
    gone = await opened(member, tenant.slug, session=ended)
    here = await opened(member, tenant.slug, session=stays)

    await ended.aflush()
    while (closed := await asyncio.wait_for(gone.receive_output(), 5))["type"] == "websocket.send":
        pass

    assert (closed["type"], closed["code"]) == ("websocket.close", CLOSE_SIGNED_OUT)
    for _ in range(3):
        assert await here.receive_json_from(timeout=5) == {"latest": 0}
    await here.disconnect()


async def test_a_removed_member_is_closed_with_the_removal_and_the_others_hear_of_it():
    tenant, member = await make_member()
    owner = await database_sync_to_async(member_of)(tenant, "owner")
    gone, stays = await opened(member, tenant.slug), await opened(owner, tenant.slug)

    @database_sync_to_async
    def remove():
        with tenant_tx(tenant.id):
            row = Membership.objects.for_tenant(tenant.id).get(user_id=member.id)
        actor = Actor("user", str(owner.id), owner.name)
        member_remove(tenant_id=tenant.id, actor=actor, acting_as="owner", member_id=row.id)

    await remove()

    # Long before the membership is looked at again by itself, and with nothing said before.
    closed = await asyncio.wait_for(gone.receive_output(), 5)
    assert (closed["type"], closed["code"]) == ("websocket.close", CLOSE_NOT_FOUND)
    assert (await stays.receive_json_from(timeout=5))["topic"] == "tenants.member"
    await stays.disconnect()


async def test_a_workspace_that_asks_for_a_second_factor_tells_nothing_without_one():
    tenant, member = await make_member()
    ask = database_sync_to_async(Tenant.objects.filter(id=tenant.id).update)
    await ask(needs_second_factor=True)
    ws = socket(member, tenant.slug)

    await ws.connect()

    assert (await ws.receive_output())["code"] == CLOSE_SHUT
