from apps.tenants.services.access import key_create, key_revoke, key_update, keys_used, member_add
from apps.tenants.services.agents import agent_create, agent_delete, agent_update
from apps.tenants.services.audit import audit_record
from apps.tenants.services.deletion import (
    deletion_announce,
    deletion_begin,
    deletion_finish,
    deletion_withdraw,
    tenant_hold,
)
from apps.tenants.services.invitations import (
    Invited,
    invitation_accept,
    invitation_create,
    invitation_join,
    invitation_renew,
    invitation_revoke,
)
from apps.tenants.services.jobs import job_try_again
from apps.tenants.services.members import member_change, member_remove
from apps.tenants.services.owner_access import OwnerAccess, owner_access_reset, owner_create
from apps.tenants.services.refused import refused_record
from apps.tenants.services.rotation import key_rotate, key_rotation_finish
from apps.tenants.services.saved_filters import filter_delete, filter_keep
from apps.tenants.services.tenant import (
    config_changed,
    tenant_create,
    tenant_mark_demo,
    tenant_update,
    user_create,
)

__all__ = [
    "Invited",
    "OwnerAccess",
    "agent_create",
    "agent_delete",
    "agent_update",
    "audit_record",
    "config_changed",
    "deletion_announce",
    "deletion_begin",
    "deletion_finish",
    "deletion_withdraw",
    "filter_delete",
    "filter_keep",
    "invitation_accept",
    "invitation_create",
    "invitation_join",
    "invitation_renew",
    "invitation_revoke",
    "job_try_again",
    "key_create",
    "key_revoke",
    "key_rotate",
    "key_rotation_finish",
    "key_update",
    "keys_used",
    "member_add",
    "member_change",
    "member_remove",
    "owner_access_reset",
    "owner_create",
    "refused_record",
    "tenant_create",
    "tenant_hold",
    "tenant_mark_demo",
    "tenant_update",
    "user_create",
]
