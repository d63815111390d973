"""A key gets a new secret, and the one before it works on for a while."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, selectors, services
from apps.tenants.errors import KeyInvalid
from apps.tenants.models import ApiKey, AuditEvent, Tenant
from apps.tenants.types import SYSTEM
from tests.factories import TenantFactory

HOUR = timedelta(hours=1)


def make_key(tenant, **fields):
    wanted = {"name": "ci", "scopes": ["gateway"], **fields}
    return services.key_create(tenant_id=tenant.id, actor=SYSTEM, **wanted)


def rotate(tenant, row, overlap=HOUR):
    return services.key_rotate(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id, overlap=overlap)


def opens(text, *, at=None) -> bool:
    return selectors.key_grant_find(key=keys.parse(text), at=at or now()) is not None


def test_both_secrets_are_the_same_key_until_the_overlap_ends(tenant):
    row, old = make_key(tenant, agent="coder")
    rotated, new = rotate(tenant, row)

    assert (rotated.id, rotated.public_id, rotated.agent) == (row.id, row.public_id, "coder")
    assert new != old
    assert rotated.previous_last4 == old[-4:]
    before, after = rotated.previous_until - timedelta(seconds=1), rotated.previous_until
    assert [opens(text, at=before) for text in (old, new)] == [True, True]
    assert [opens(text, at=after) for text in (old, new)] == [False, True]


def test_without_an_overlap_the_old_secret_ends_at_once(tenant):
    row, old = make_key(tenant)
    _, new = rotate(tenant, row, overlap=timedelta(0))

    assert [opens(old), opens(new)] == [False, True]


def test_a_second_rotation_ends_the_secret_before_the_first(tenant):
    row, first = make_key(tenant)
    _, second = rotate(tenant, row)
    _, third = rotate(tenant, row)

    assert [opens(text) for text in (first, second, third)] == [False, True, True]


def test_of_two_rotations_at_once_neither_secret_is_lost(committed_db):
    tenant = TenantFactory()
    row, old = make_key(tenant)
    start = Barrier(2)

    def one(_: int) -> str:
        start.wait()
        try:
            return rotate(tenant, row)[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(one, range(2)))

    assert [opens(text) for text in (old, *told)] == [False, True, True]


def test_the_old_secret_can_be_ended_early_and_that_twice(tenant):
    row, old = make_key(tenant)
    _, new = rotate(tenant, row)
    for _ in range(2):
        services.key_rotation_finish(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)

    assert [opens(old), opens(new)] == [False, True]
    with tenant_tx(tenant.id):
        actions = AuditEvent.objects.for_tenant(tenant.id).values_list("action", flat=True)
        assert sorted(actions) == ["key.created", "key.rotated", "key.rotation_finished"]


def test_neither_secret_outlives_the_key(tenant):
    row, old = make_key(tenant, expires_at=now() + HOUR)
    _, new = rotate(tenant, row, overlap=24 * HOUR)

    assert [opens(text, at=now() + 2 * HOUR) for text in (old, new)] == [False, False]
    services.key_revoke(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)
    assert [opens(old), opens(new)] == [False, False]


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_a_key_that_has_ended_is_not_rotated(tenant, end):
    row, _ = make_key(tenant)
    with tenant_tx(tenant.id):
        ApiKey.objects.for_tenant(tenant.id).filter(id=row.id).update(**{end: now()})

    with pytest.raises(KeyInvalid, match="Make a new one"):
        rotate(tenant, row)


def test_gateways_hear_of_a_rotation(tenant):
    row, _ = make_key(tenant)
    before = Tenant.objects.get(id=tenant.id).config_version
    rotate(tenant, row)

    assert Tenant.objects.get(id=tenant.id).config_version > before


def test_the_new_secret_is_told_once_over_rest(tenant, admin_client, viewer_client):
    row, old = make_key(tenant)
    url = f"/api/v1/t/{tenant.slug}/keys/{row.id}/"

    told = admin_client.post(f"{url}rotate/", {"overlap_hours": 1}, format="json")
    assert told.status_code == 201
    assert opens(told.json()["secret"])
    assert "secret" not in admin_client.get(url).json()
    assert admin_client.get(url).json()["previous_last4"] == old[-4:]
    done = admin_client.post(f"{url}rotate/finish/").json()
    assert (done["previous_last4"], done["previous_until"]) == ("", None)
    assert not opens(old)
    assert viewer_client.post(f"{url}rotate/").status_code == 403
    refused = admin_client.post(f"{url}rotate/", {"overlap_hours": 24 * 31}, format="json")
    assert "overlap_hours" in refused.json()["fields"]
