from apps.core.errors import Conflict, Invalid


class TenantTaken(Conflict):
    code = "tenant_taken"


class KeyInvalid(Invalid):
    code = "key_invalid"


class AgentTaken(Conflict):
    code = "agent_taken"


class DeletionBegun(Conflict):
    """The workspace is going: too late to undo."""

    code = "deletion_begun"
