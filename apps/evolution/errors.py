from apps.core.errors import Conflict, Forbidden, Invalid


class ProposalChanged(Conflict):
    code = "proposal_changed"


class ProposalStale(Conflict):
    """The skill that the proposal is about moved on; the proposal's own text did not."""

    code = "proposal_stale"


class ProposalDecided(Conflict):
    code = "proposal_decided"


class ProposalInvalid(Invalid):
    code = "proposal_invalid"


class ReplayRunning(Conflict):
    code = "replay_running"


class NothingToReplay(Conflict):
    code = "nothing_to_replay"


class TurnNotReplayable(Conflict):
    """The turn cannot be asked again as it was; the detail says why."""

    code = "turn_not_replayable"


class LeaseHeld(Conflict):
    """Somebody else reads the proposal, or looks at the turn, right now."""

    code = "lease_held"


class ApproveRoleMissing(Forbidden):
    code = "approve_role_missing"


class SelfApprovalRefused(Forbidden):
    code = "self_approval_refused"


class ReauthenticationNeeded(Forbidden):
    code = "reauthentication_needed"


class MemberNeeded(Forbidden):
    """An API key does not count as a person here."""

    code = "member_needed"


class LearningPaused(Conflict):
    code = "learning_paused"


class ClusterBusy(Conflict):
    """Only failures that nobody asks about now, and that no proposal answers, can be retried."""

    code = "cluster_busy"


class ItemAnswered(Conflict):
    """Nobody is asked about this turn any more."""

    code = "item_answered"
