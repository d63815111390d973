from apps.core.errors import Conflict, Invalid


class SampleInvalid(Invalid):
    code = "sample_invalid"


class NothingToTrainOn(Conflict):
    code = "nothing_to_train_on"
