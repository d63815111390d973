from apps.core.errors import Conflict, Invalid


class SampleInvalid(Invalid):
    code = "sample_invalid"


class NothingToTrainOn(Conflict):
    code = "nothing_to_train_on"


class CheckpointState(Conflict):
    """Not now: what is asked does not fit what the checkpoint is."""

    code = "checkpoint_state"


class CannotServe(Conflict):
    """The policy lacks something to be served with."""

    code = "policy_cannot_serve"
