from apps.tenants.models.access import ApiKey, Membership
from apps.tenants.models.audit import AuditEvent
from apps.tenants.models.people import User
from apps.tenants.models.tenant import Tenant

__all__ = ["ApiKey", "AuditEvent", "Membership", "Tenant", "User"]
