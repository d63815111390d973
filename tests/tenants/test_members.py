"""Members: who may change whom, who is always left, and what somebody removed still gets."""

import threading

import pytest
from django.db import connections

from apps.core.errors import Forbidden, NotFound
from apps.core.tenancy import tenant_tx
from apps.tenants import selectors, services
from apps.tenants.errors import LastOwner
from apps.tenants.models import AuditEvent, Membership, User
from apps.tenants.types import Actor
from tests.conftest import client_of, client_with_key, member_of
from tests.factories import TenantFactory

ROLES = ["viewer", "member", "reviewer", "admin", "owner"]


def members_of(tenant) -> str:
    return f"/api/v1/t/{tenant.slug}/members/"


def row_of(tenant, user) -> Membership:
    with tenant_tx(tenant.id):
        return Membership.objects.for_tenant(tenant.id).get(user_id=user.id)


def at(tenant, user) -> str:
    return f"{members_of(tenant)}{row_of(tenant, user).id}/"


def noted(tenant) -> list[tuple[str, str, str]]:
    with tenant_tx(tenant.id):
        rows = AuditEvent.objects.for_tenant(tenant.id).order_by("sequence")
        return list(rows.values_list("action", "subject", "detail"))


@pytest.mark.parametrize("role", ROLES)
def test_every_member_sees_who_belongs_here(tenant, other_tenant, role):
    reader = member_of(tenant, role)
    member_of(other_tenant, "owner")

    answer = client_of(reader).get(members_of(tenant))

    (row,) = answer.json()["results"]
    assert (row["name"], row["email"], row["role"]) == (reader.name, reader.email, role)
    assert (row["is_you"], row["is_active"]) == (True, True)
    # The client signed in with it.
    assert row["last_sign_in"]
    assert row["joined_at"]


def test_strangers_gateway_keys_and_readers_keys(tenant, stranger_client, gateway_key_client):
    member_of(tenant, "owner")
    reading = client_with_key(tenant.id, "read")

    assert stranger_client.get(members_of(tenant)).status_code == 404
    assert gateway_key_client.get(members_of(tenant)).status_code == 403
    assert [row["is_you"] for row in reading.get(members_of(tenant)).json()["results"]] == [False]


# For each role of the caller: whose role they may take (of anybody below), and which they may give.
@pytest.mark.parametrize("caller", ROLES)
@pytest.mark.parametrize("before", ROLES)
@pytest.mark.parametrize("after", ROLES)
def test_who_may_change_whose_role(tenant, caller, before, after):
    acting, other = member_of(tenant, caller), member_of(tenant, before)
    member_of(tenant, "owner")
    allowed = {"owner": True, "admin": "owner" not in (before, after)}.get(caller, False)

    answer = client_of(acting).patch(at(tenant, other), {"role": after}, format="json")

    assert answer.status_code == (200 if allowed else 403)
    assert row_of(tenant, other).role == (after if allowed else before)
    changed = [("member.changed", other.email, f"{before} → {after}")]
    assert noted(tenant) == (changed if allowed and before != after else [])


@pytest.mark.parametrize("caller", ROLES)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_remove_whom(tenant, caller, role):
    acting, other = member_of(tenant, caller), member_of(tenant, role)
    allowed = caller == "owner" or (caller == "admin" and role != "owner")
    address = at(tenant, other)

    answer = client_of(acting).delete(address)

    assert answer.status_code == (204 if allowed else 403)
    with tenant_tx(tenant.id):
        assert Membership.objects.for_tenant(tenant.id).filter(user_id=other.id).exists() != allowed
    assert noted(tenant) == ([("member.removed", other.email, f"was {role}")] if allowed else [])
    # A workspace takes away a membership, never an account.
    assert User.objects.get(id=other.id).is_active


@pytest.mark.parametrize("role", ROLES)
def test_nobody_raises_themselves_and_anybody_may_leave(tenant, role):
    member_of(tenant, "owner")
    me = member_of(tenant, role)
    client, own = client_of(me), at(tenant, me)

    for higher in ROLES[ROLES.index(role) + 1 :]:
        assert client.patch(own, {"role": higher}, format="json").status_code == 403
    assert row_of(tenant, me).role == role

    assert client.delete(own).status_code == 204
    assert noted(tenant) == [("member.left", me.email, f"was {role}")]
    assert client.get(members_of(tenant)).status_code == 404


def test_an_admin_may_step_down(tenant):
    me = member_of(tenant, "admin")

    answer = client_of(me).patch(at(tenant, me), {"role": "viewer"}, format="json")

    assert answer.json()["role"] == "viewer"
    assert client_of(me).get(f"/api/v1/t/{tenant.slug}/audit/").status_code == 403


@pytest.mark.parametrize("verb, body", [("patch", {"role": "admin"}), ("delete", None)])
def test_the_last_owner_stays(tenant, verb, body):
    owner = member_of(tenant, "owner")
    # Somebody whose account was shut does not count: nobody could sign in as an owner.
    shut = member_of(tenant, "owner")
    User.objects.filter(id=shut.id).update(is_active=False)

    answer = getattr(client_of(owner), verb)(at(tenant, owner), body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert "Make somebody else an owner first" in answer.json()["detail"]
    assert row_of(tenant, owner).role == "owner"
    assert noted(tenant) == []


def test_one_owner_of_two_may_go(tenant):
    first, second = member_of(tenant, "owner"), member_of(tenant, "owner")

    assert client_of(first).delete(at(tenant, first)).status_code == 204
    assert client_of(second).delete(at(tenant, second)).status_code == 409


def test_a_key_of_admins_does_what_admins_do_and_has_nobody_to_leave_as(tenant, admin_key_client):
    owner, other = member_of(tenant, "owner"), member_of(tenant, "viewer")

    assert admin_key_client.patch(at(tenant, other), {"role": "admin"}, format="json").json()[
        "role"
    ] == ("admin")
    assert admin_key_client.delete(at(tenant, owner)).status_code == 403
    reading = client_with_key(tenant.id, "read")
    assert reading.delete(at(tenant, other)).status_code == 403


def test_a_role_that_does_not_exist_is_refused(tenant, owner_client):
    other = member_of(tenant, "viewer")

    answer = owner_client.patch(at(tenant, other), {"role": "king"}, format="json")

    assert answer.status_code == 400
    assert answer.json()["fields"]["role"]


def test_somebody_removed_loses_the_workspace_at_once_and_keeps_the_others(
    tenant, other_tenant, owner_client
):
    gone = member_of(tenant, "admin")
    services.member_add(tenant_id=other_tenant.id, user_id=gone.id, role="viewer")
    client = client_of(gone)

    owner_client.delete(at(tenant, gone))

    assert client.get(f"/api/v1/t/{tenant.slug}/settings/").status_code == 404
    assert client.get(f"/api/v1/t/{other_tenant.slug}/settings/").status_code == 200
    open_to_them = client.get("/api/v1/session/").json()["tenants"]
    assert [one["slug"] for one in open_to_them] == [other_tenant.slug]


def test_who_was_demoted_on_the_way_acts_as_what_they_are(tenant):
    """The role a request came with was read before the lock."""
    was_admin, gone, other = (member_of(tenant, role) for role in ("viewer", "owner", "member"))
    gone_actor = Actor("user", str(gone.id), gone.name)
    with tenant_tx(tenant.id):
        Membership.objects.for_tenant(tenant.id).filter(user_id=gone.id).delete()
    asked = {"tenant_id": tenant.id, "member_id": row_of(tenant, other).id}

    with pytest.raises(Forbidden):
        services.member_remove(
            actor=Actor("user", str(was_admin.id), was_admin.name), acting_as="admin", **asked
        )
    with pytest.raises(NotFound):
        services.member_remove(actor=gone_actor, acting_as="owner", **asked)


@pytest.mark.parametrize("verb", ["change", "remove"])
def test_two_owners_who_unmake_each_other_at_once_leave_one(committed_db, verb):
    tenant = TenantFactory()
    owners = [member_of(tenant, "owner") for _ in range(2)]
    rows = [row_of(tenant, owner) for owner in owners]
    start, refused = threading.Barrier(2), []

    def unmake(mine: int) -> None:
        actor = Actor("user", str(owners[mine].id), owners[mine].name)
        asked = {"tenant_id": tenant.id, "actor": actor, "acting_as": "owner"}
        try:
            start.wait()
            if verb == "change":
                services.member_change(member_id=rows[1 - mine].id, role="viewer", **asked)
            else:
                services.member_remove(member_id=rows[1 - mine].id, **asked)
        except (Forbidden, NotFound, LastOwner) as exc:
            refused.append(exc)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=unmake, args=(mine,)) for mine in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    with tenant_tx(tenant.id):
        assert selectors.member_list(tenant_id=tenant.id).filter(role="owner").count() == 1
