from apps.core.errors import Conflict, Invalid


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


class LearningPaused(Conflict):
    code = "learning_paused"


class ClusterBusy(Conflict):
    """Only failures that nobody asks about now, and that no proposal answers, can be retried."""

    code = "cluster_busy"
