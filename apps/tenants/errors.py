from apps.core.errors import Conflict, Invalid


class TenantTaken(Conflict):
    code = "tenant_taken"


class KeyInvalid(Invalid):
    code = "key_invalid"


class AgentTaken(Conflict):
    code = "agent_taken"
