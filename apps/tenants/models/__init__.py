from apps.tenants.models.access import Agent, ApiKey, Membership
from apps.tenants.models.audit import AuditEvent, AuditHead
from apps.tenants.models.invitations import Invitation
from apps.tenants.models.people import User
from apps.tenants.models.refused import RefusedRequest
from apps.tenants.models.saved_filters import SavedFilter
from apps.tenants.models.tenant import Tenant

__all__ = [
    "Agent",
    "ApiKey",
    "AuditEvent",
    "AuditHead",
    "Invitation",
    "Membership",
    "RefusedRequest",
    "SavedFilter",
    "Tenant",
    "User",
]
