from apps.core.errors import Conflict, Forbidden, Invalid


class TenantTaken(Conflict):
    code = "tenant_taken"


class KeyInvalid(Invalid):
    code = "key_invalid"


class AgentTaken(Conflict):
    code = "agent_taken"


class DeletionBegun(Conflict):
    """The workspace is going: too late to undo."""

    code = "deletion_begun"


class LastOwner(Conflict):
    """Nobody would be left who may do everything."""

    code = "last_owner"


class AlreadyMember(Conflict):
    code = "already_member"


class TooManyInvitations(Conflict):
    code = "too_many_invitations"


class InvitationUsed(Conflict):
    code = "invitation_used"


class InvitationExpired(Conflict):
    code = "invitation_expired"


class InvitationRevoked(Conflict):
    code = "invitation_revoked"


class InvitationForAnother(Conflict):
    """Somebody else is signed in; nothing of the invitation is told."""

    code = "invitation_for_another"


class AccountExists(Conflict):
    """Whoever is invited has an account: they sign in instead of making one."""

    code = "account_exists"


class PasswordWeak(Invalid):
    code = "password_weak"


class SecondFactorNeeded(Forbidden):
    """The workspace wants it of every member; this one has none yet."""

    code = "second_factor_needed"


class SecondFactorFirst(Invalid):
    code = "second_factor_first"


class ProofNeeded(Forbidden):
    """Whoever is signed in has to show first that it is them."""

    code = "reauthentication_needed"


class FilterNameTaken(Conflict):
    code = "filter_name_taken"


class TooManyFilters(Conflict):
    code = "too_many_filters"
