from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from apps.core import crypto
from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, selectors, services
from apps.tenants.errors import KeyInvalid, TenantTaken
from apps.tenants.models import ApiKey, Tenant
from apps.tenants.types import SYSTEM
from tests.conftest import member_of
from tests.factories import TenantFactory, UserFactory


def make_key(tenant, **fields):
    wanted = {"name": "ci", "scopes": ["read"]} | fields
    return services.key_create(tenant_id=tenant.id, actor=SYSTEM, **wanted)


def grant_of(text, *, at=None):
    key = keys.parse(text)
    assert key is not None
    return selectors.key_grant_find(key=key, at=at or now())


def config_version(tenant):
    return Tenant.objects.get(id=tenant.id).config_version


def test_a_key_grants_what_it_was_made_for(tenant):
    row, text = make_key(tenant, scopes=["gateway", "read", "read"])

    grant = grant_of(text)

    assert (grant.tenant_id, grant.key_id, grant.name) == (tenant.id, row.id, "ci")
    assert grant.scopes == {"gateway", "read"}


def test_the_right_id_with_another_secret_grants_nothing(tenant):
    _, text = make_key(tenant)
    known, (other, _) = keys.parse(text), keys.mint()

    forged = keys.KeyText(known.public_id, other.secret)

    assert selectors.key_grant_find(key=forged, at=now()) is None
    assert selectors.key_grant_find(key=other, at=now()) is None


def test_the_secret_is_in_no_column(tenant):
    _, text = make_key(tenant)
    secret = keys.parse(text).secret

    with tenant_tx(tenant.id), connection.cursor() as cursor:
        cursor.execute("SELECT tenants_apikey::text, digest FROM tenants_apikey")
        (row, digest) = cursor.fetchone()

    assert secret not in row
    assert secret.encode() not in bytes(digest)
    # Whoever has the table alone cannot even check a guess.
    assert bytes(digest) != crypto.keyed_digest(b"", secret)


def test_a_key_ends_at_the_instant_it_expires(tenant):
    end = now() + timedelta(hours=1)
    _, text = make_key(tenant, expires_at=end)

    assert grant_of(text, at=end - timedelta(microseconds=1)) is not None
    assert grant_of(text, at=end) is None
    with tenant_tx(tenant.id):
        assert selectors.key_grants(tenant_id=tenant.id, at=end) == []


def test_a_key_that_would_be_expired_at_once_is_not_made(tenant):
    with pytest.raises(KeyInvalid) as refused:
        make_key(tenant, expires_at=now() - timedelta(seconds=1))

    assert "expires_at" in refused.value.fields


def test_a_revoked_key_grants_nothing_and_stays_revoked(tenant):
    row, text = make_key(tenant)

    first = services.key_revoke(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)
    second = services.key_revoke(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)

    assert grant_of(text) is None
    holder = selectors.key_holder_find(public_id=row.public_id, at=now())
    assert holder is not None
    assert holder.why_not == "key_revoked"
    assert second.revoked_at == first.revoked_at


def test_gateways_hear_of_every_key_that_comes_or_goes(tenant):
    start = config_version(tenant)
    row, _ = make_key(tenant)
    after_making = config_version(tenant)

    services.key_revoke(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)
    services.key_revoke(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)

    assert (after_making, config_version(tenant)) == (start + 1, start + 2)


def test_who_made_and_revoked_a_key_is_noted_once(tenant):
    row, _ = make_key(tenant, scopes=["gateway"])
    services.key_revoke(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)
    services.key_revoke(tenant_id=tenant.id, actor=SYSTEM, key_id=row.id)

    with tenant_tx(tenant.id):
        events = selectors.audit_list(tenant_id=tenant.id).order_by("id")
        noted = list(events.values_list("action", "subject", "detail", "actor_label"))

    assert noted == [
        ("key.created", "ci", "gateway", "MetaClaw"),
        ("key.revoked", "ci", "", "MetaClaw"),
    ]


def test_keys_that_the_system_makes_for_itself_are_not_shown(tenant):
    make_key(tenant, is_internal=True)

    with tenant_tx(tenant.id):
        assert not selectors.key_list(tenant_id=tenant.id).exists()
        assert not selectors.audit_list(tenant_id=tenant.id).exists()


@pytest.mark.parametrize(
    "scopes, role",
    [
        (["read"], "viewer"),
        (["gateway", "read"], "viewer"),
        (["review"], "reviewer"),
        (["read", "review"], "reviewer"),
        (["admin"], "admin"),
        (["read", "review", "admin"], "admin"),
    ],
)
def test_a_key_acts_like_the_highest_role_its_scopes_stand_for(scopes, role):
    roles = [selectors.ROLE_OF_SCOPE[scope] for scope in scopes if scope != "gateway"]

    assert max(roles, key=selectors.role_rank) == role


def test_no_scope_makes_an_owner():
    assert "owner" not in selectors.ROLE_OF_SCOPE.values()


def test_strangers_and_unknown_workspaces_look_the_same(tenant):
    stranger = UserFactory()

    for slug in (tenant.slug, "no-such-place"):
        with pytest.raises(NotFound):
            selectors.membership_get(user_id=stranger.pk, tenant_slug=slug)


def test_a_person_belongs_to_a_workspace_once(tenant):
    member = member_of(tenant, "viewer")

    with pytest.raises(IntegrityError), transaction.atomic():
        services.member_add(tenant_id=tenant.id, user_id=member.id, role="owner")


def test_a_workspace_name_is_taken_once(tenant):
    with pytest.raises(TenantTaken):
        services.tenant_create(slug=tenant.slug, name="Another")


def test_an_email_address_is_one_person_however_it_is_written(db):
    services.user_create(email="Ada@Example.com", password="a long password")

    with pytest.raises(IntegrityError):
        services.user_create(email="ADA@example.COM", password="a long password")


def test_every_workspace_has_a_data_key_of_its_own(tenant):
    other = TenantFactory()

    ours, theirs = (selectors.tenant_data_key(tenant_id=t.id) for t in (tenant, other))

    assert ours != theirs
    assert len(ours) == 32


def test_a_data_key_moved_to_another_workspace_does_not_open(tenant, other_tenant):
    Tenant.objects.filter(id=other_tenant.id).update(sealed_data_key=tenant.sealed_data_key)

    with pytest.raises(crypto.CannotUnseal):
        selectors.tenant_data_key(tenant_id=other_tenant.id)


def test_the_data_key_is_wrapped_by_the_master_key(tenant):
    opened = selectors.tenant_data_key(tenant_id=tenant.id)

    assert opened not in bytes(tenant.sealed_data_key)
    assert settings.METACLAW_MASTER_KEY not in bytes(tenant.sealed_data_key)


def test_last_use_is_noted_for_keys_of_the_tenant_only(tenant, other_tenant):
    (ours, _), (theirs, _) = make_key(tenant), make_key(other_tenant)
    at = now()

    services.keys_used(tenant_id=tenant.id, used={ours.id: at, theirs.id: at})

    with tenant_tx(tenant.id):
        assert ApiKey.objects.for_tenant(tenant.id).get().last_used_at == at
    with tenant_tx(other_tenant.id):
        assert ApiKey.objects.for_tenant(other_tenant.id).get().last_used_at is None
