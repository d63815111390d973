from apps.core.errors import Conflict, Invalid, Unavailable


class SampleInvalid(Invalid):
    code = "sample_invalid"


class NothingToTrainOn(Conflict):
    code = "nothing_to_train_on"


class JudgeLate(Conflict):
    """What was played has no rewards yet: to be tried again in a while."""

    code = "training_judge_late"
    reason = "judge"


class CheckpointState(Conflict):
    """Not now: what is asked does not fit what the checkpoint is."""

    code = "checkpoint_state"


class CannotServe(Conflict):
    """The policy lacks something to be served with."""

    code = "policy_cannot_serve"


class PolicyInvalid(Invalid):
    code = "training_policy_invalid"


class PolicyTaken(Conflict):
    code = "training_policy_taken"


class PolicyInUse(Conflict):
    code = "training_policy_in_use"


class JobAlreadyActive(Conflict):
    code = "training_job_already_active"


class JobEnded(Conflict):
    code = "training_job_ended"


class BudgetReached(Conflict):
    """A day's limit does not hold the next step."""

    code = "training_budget_reached"


class TeacherUnfit(Invalid):
    """A teacher that cannot be learned from."""

    code = "training_teacher_unfit"


class TasksInvalid(Invalid):
    code = "tasks_invalid"


class TaskSetInUse(Conflict):
    code = "task_set_in_use"


class RolloutRefused(Invalid):
    """A rollout that cannot be played as it was asked for."""

    code = "rollout_refused"


class CheckerFailed(Invalid):
    """A checker that does not work, or may not run: what it was to check has no reward."""

    code = "checker_failed"


class SandboxRefused(Invalid):
    """Tools are switched off, or nothing here can confine them."""

    code = "sandbox_refused"


class TaskSetTaken(Conflict):
    code = "task_set_taken"


class WindowRulesInvalid(Invalid):
    code = "training_window_rules_invalid"


class CalendarInvalid(Invalid):
    code = "training_calendar_invalid"


class CalendarNameTaken(Conflict):
    code = "training_calendar_name_taken"


class GoogleNotSetUp(Unavailable):
    code = "training_google_not_set_up"
