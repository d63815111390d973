"""What is changed in a workspace is told of, to those who may read it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.services import review_policy_set
from apps.exports.api.exports import ExportListApi
from apps.live.events import READ_FROM
from apps.tenants import services
from apps.tenants.api.audit import AuditListApi, AuditVerifyApi
from apps.tenants.api.invitations import InvitationListApi
from apps.tenants.api.jobs import JobListApi
from apps.tenants.models import ApiKey
from apps.tenants.types import Actor
from tests.architecture.routes import is_tenant_view, routes, view_of
from tests.conftest import member_of
from tests.live.listening import make_member, opened

_LISTS = {
    "exports.export": ExportListApi,
    "jobs.job": JobListApi,
    "tenants.audit": AuditListApi,
    "tenants.invitation": InvitationListApi,
}
# Of what they answer nothing is announced.
_SILENT = {AuditVerifyApi}
_ONE_ROW = r"<uuid:\w+>"


def test_whoever_may_read_a_list_hears_of_it_and_nobody_else():
    assert {topic: str(view.read_role) for topic, view in _LISTS.items()} == READ_FROM


def test_no_list_that_some_may_not_read_was_forgotten():
    views = [view_of(pattern) for route, pattern in routes() if not re.search(_ONE_ROW, route)]
    kept = {
        view
        for view in views
        if is_tenant_view(view) and hasattr(view, "get") and view.read_role != "viewer"
    }

    assert kept == {*_LISTS.values(), *_SILENT}


@dataclass(frozen=True)
class Change:
    """As a service makes it, and what the open page of an owner hears of it."""

    make: Callable[..., object]
    topics: set[str]


_KEY = {"tenants.key", "tenants.audit"}
_SETTINGS = {"tenants.settings", "tenants.audit"}
_CHANGES = {
    "a key made": Change(
        lambda key, **who: services.key_create(name="new", scopes=["gateway"], **who), _KEY
    ),
    "a key changed": Change(
        lambda key, **who: services.key_update(key_id=key.id, name="two", **who), _KEY
    ),
    "a key revoked": Change(lambda key, **who: services.key_revoke(key_id=key.id, **who), _KEY),
    "a key rotated": Change(
        lambda key, **who: services.key_rotate(key_id=key.id, overlap=timedelta(0), **who), _KEY
    ),
    "settings changed": Change(
        lambda key, **who: services.tenant_update(max_skills=4, **who), _SETTINGS
    ),
    "a way out": Change(
        lambda key, **who: services.deletion_announce(after=now(), **who), _SETTINGS
    ),
    "kept after all": Change(lambda key, **who: services.deletion_withdraw(**who), _SETTINGS),
    "rules of review": Change(
        lambda key, **who: review_policy_set(quorum=2, **who),
        {"evolution.review_policy", "tenants.audit"},
    ),
}


@database_sync_to_async
def key_in(tenant):
    with tenant_tx(tenant.id):
        return ApiKey.objects.create(
            tenant_id=tenant.id,
            name="one",
            public_id="abcdefghij",
            digest=b"0" * 32,
            scopes=["gateway"],
            created_by="Ada",
        )


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
async def test_a_change_reaches_the_open_pages_of_its_workspace_alone(change):
    tenant, _ = await make_member()
    other, stranger = await make_member()
    owner = await database_sync_to_async(member_of)(tenant, "owner")
    key = await key_in(tenant)
    ours, theirs = await opened(owner, tenant.slug), await opened(stranger, other.slug)

    actor = Actor("user", str(owner.id), owner.name)
    await database_sync_to_async(change.make)(key=key, tenant_id=tenant.id, actor=actor)

    heard = {(await ours.receive_json_from(timeout=5))["topic"] for _ in change.topics}
    assert heard == change.topics
    assert await theirs.receive_nothing(0.1)
    await ours.disconnect()
    await theirs.disconnect()
