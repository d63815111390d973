from apps.core.errors import Conflict, Invalid, Unavailable


class SampleInvalid(Invalid):
    code = "sample_invalid"


class NothingToTrainOn(Conflict):
    code = "nothing_to_train_on"


class WindowRulesInvalid(Invalid):
    code = "training_window_rules_invalid"


class CalendarInvalid(Invalid):
    code = "training_calendar_invalid"


class CalendarNameTaken(Conflict):
    code = "training_calendar_name_taken"


class GoogleNotSetUp(Unavailable):
    code = "training_google_not_set_up"
