from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.core import crypto
from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import directory
from apps.tenants.keys import KeyText
from apps.tenants.models import Agent, ApiKey, Membership, Tenant
from apps.tenants.types import NO_DIGEST, KeyGrant, KeyHolder

_RANKS = [
    Membership.Role.VIEWER,
    Membership.Role.MEMBER,
    Membership.Role.REVIEWER,
    Membership.Role.ADMIN,
    Membership.Role.OWNER,
]

# In an installation where anybody may make workspaces, nobody fills it.
_OWNED_MOST = 50

# A key acts like a member of the highest role that one of its scopes stands for.
ROLE_OF_SCOPE = {
    ApiKey.Scope.READ: Membership.Role.VIEWER,
    ApiKey.Scope.REVIEW: Membership.Role.REVIEWER,
    ApiKey.Scope.ADMIN: Membership.Role.ADMIN,
}


def role_rank(role: str) -> int:
    return _RANKS.index(Membership.Role(role))


def membership_get(*, user_id: UUID, tenant_slug: str) -> Membership:
    """The user's membership of the workspace; NotFound for strangers and unknown slugs alike."""
    with directory():
        found = (
            Membership.objects.across_tenants()
            .filter(user_id=user_id, tenant__slug=tenant_slug, tenant__deleting_since__isnull=True)
            .select_related("tenant")
            .first()
        )
    if found is None:
        raise NotFound
    return found


def tenants_of_user(*, user_id: UUID) -> list[tuple[Tenant, str]]:
    """The workspaces of a user with the role in each, by name."""
    with directory():
        rows = (
            Membership.objects.across_tenants()
            .filter(user_id=user_id, tenant__deleting_since__isnull=True)
            .select_related("tenant")
            .order_by("tenant__name")
        )
        return [(row.tenant, row.role) for row in rows]


def member_list(*, tenant_id: UUID) -> QuerySet[Membership]:
    return Membership.objects.for_tenant(tenant_id).select_related("user")


def member_get(*, tenant_id: UUID, member_id: UUID) -> Membership:
    found = member_list(tenant_id=tenant_id).filter(id=member_id).first()
    if found is None:
        raise NotFound
    return found


def member_find(*, tenant_id: UUID, user_id: UUID) -> Membership | None:
    """The membership of a person, by who they are."""
    return member_list(tenant_id=tenant_id).filter(user_id=user_id).first()


def owner_other_than(*, tenant_id: UUID, member_id: UUID) -> bool:
    """Whether somebody else owns the workspace who can still sign in."""
    owners = Membership.objects.for_tenant(tenant_id).filter(role=Membership.Role.OWNER)
    return owners.filter(user__is_active=True).exclude(id=member_id).exists()


def creation_refusal(*, user_id: UUID) -> str | None:
    """Why this person may not make another workspace; None: they may."""
    if settings.METACLAW_WORKSPACE_CREATION == "nobody":
        english = "Workspaces are made by whoever runs this installation."
        return say("workspaces_by_operator", english)
    owned = sum(role == Membership.Role.OWNER for _, role in tenants_of_user(user_id=user_id))
    if settings.METACLAW_WORKSPACE_CREATION == "owners" and not owned:
        return say("workspaces_by_owners", "Only people who own a workspace make others here.")
    if owned >= _OWNED_MOST:
        english = "You own {count} workspaces. Delete one first."
        return say("workspaces_owned", english, count=owned)
    return None


def first_owner_find(*, tenant_id: UUID) -> UUID | None:
    """Who has owned the workspace for longest."""
    owners = Membership.objects.for_tenant(tenant_id).filter(role=Membership.Role.OWNER)
    return owners.order_by("id").values_list("user_id", flat=True).first()


def members_who_are(*, tenant_id: UUID, least: str) -> set[str]:
    """Ids of the people who have at least this role."""
    roles = [role for role in _RANKS if role_rank(role) >= role_rank(least)]
    members = Membership.objects.for_tenant(tenant_id).filter(role__in=roles, user__is_active=True)
    return {str(user_id) for user_id in members.values_list("user_id", flat=True)}


def key_list(*, tenant_id: UUID) -> QuerySet[ApiKey]:
    return ApiKey.objects.for_tenant(tenant_id).filter(is_internal=False)


def key_exists(*, tenant_id: UUID, key_id: UUID) -> bool:
    return ApiKey.objects.for_tenant(tenant_id).filter(id=key_id).exists()


def key_get(*, tenant_id: UUID, key_id: UUID) -> ApiKey:
    found = ApiKey.objects.for_tenant(tenant_id).filter(id=key_id).first()
    if found is None:
        raise NotFound
    return found


def agent_list(*, tenant_id: UUID) -> QuerySet[Agent]:
    return Agent.objects.for_tenant(tenant_id)


def agent_get(*, tenant_id: UUID, agent_id: UUID) -> Agent:
    found = agent_list(tenant_id=tenant_id).filter(id=agent_id).first()
    if found is None:
        raise NotFound
    return found


def key_holder_find(*, public_id: str, at: datetime) -> KeyHolder | None:
    """Whose key has this public id, and why it cannot be used; None: nobody's that stays."""
    with directory():
        row = (
            ApiKey.objects.across_tenants()
            .filter(public_id=public_id, tenant__delete_after__isnull=True)
            .first()
        )
    if row is None:
        return None
    is_over = row.expires_at is not None and row.expires_at <= at
    why_not = "key_revoked" if row.revoked_at else "key_expired" if is_over else ""
    return KeyHolder(row.tenant_id, row.id, why_not)


def key_grants(*, tenant_id: UUID, at: datetime) -> list[KeyGrant]:
    """Every key of the tenant that is neither revoked nor expired; none of one that is to go."""
    rows = ApiKey.objects.for_tenant(tenant_id).filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=at),
        revoked_at__isnull=True,
        tenant__delete_after__isnull=True,
    )
    return [_grant(row) for row in rows]


def key_grant_find(*, key: KeyText, at: datetime) -> KeyGrant | None:
    """The grant behind a key's text, or None if it is unknown, wrong, revoked or expired."""
    with directory():
        staying = ApiKey.objects.across_tenants().filter(tenant__delete_after__isnull=True)
        row = staying.filter(public_id=key.public_id).first()
    computed = crypto.keyed_digest(settings.METACLAW_KEY_PEPPER, key.secret)
    if row is None:
        # An unknown id costs the same comparisons as a known one.
        for _ in range(2):
            crypto.same(NO_DIGEST, computed)
        return None
    grant = _grant(row)
    match = grant.secret_matches(computed)
    if match is None or row.revoked_at is not None or not match.is_usable(at):
        return None
    return grant


def _grant(row: ApiKey) -> KeyGrant:
    return KeyGrant(
        key_id=row.id,
        tenant_id=row.tenant_id,
        public_id=row.public_id,
        name=row.name,
        digest=bytes(row.digest),
        scopes=frozenset(row.scopes),
        expires_at=row.expires_at,
        agent=row.agent,
        passes_credentials=row.passes_credentials,
        path_allowed=row.path_allowed,
        previous_digest=bytes(row.previous_digest or b""),
        previous_until=row.previous_until,
    )


def key_names(*, tenant_id: UUID) -> dict[UUID, str]:
    """Of all keys, revoked ones too."""
    return dict(ApiKey.objects.for_tenant(tenant_id).values_list("id", "name"))
