from django.urls import path

from apps.training.api.calendars import (
    CalendarCheckApi,
    CalendarDetailApi,
    CalendarListApi,
    GoogleBeginApi,
    GoogleFinishApi,
)
from apps.training.api.checkpoints import (
    CheckpointCanaryApi,
    CheckpointCasesApi,
    CheckpointDeleteApi,
    CheckpointDetailApi,
    CheckpointGateApi,
    CheckpointLineageApi,
    CheckpointListApi,
    CheckpointPassApi,
    CheckpointPromoteApi,
    CheckpointRetireApi,
    CheckpointTurnsApi,
    PolicyRollbackApi,
)
from apps.training.api.jobs import (
    JobCancelApi,
    JobDetailApi,
    JobListApi,
    JobPauseApi,
    JobResumeApi,
)
from apps.training.api.overview import BudgetApi, FunnelApi
from apps.training.api.policies import (
    PolicyCheckApi,
    PolicyDetailApi,
    PolicyListApi,
    TrainStepApi,
)
from apps.training.api.rollouts import (
    RolloutCancelApi,
    RolloutDetailApi,
    RolloutEpisodesApi,
    RolloutListApi,
)
from apps.training.api.task_sets import TaskSetDetailApi, TaskSetListApi
from apps.training.api.windows import PresenceApi, WindowHistoryApi, WindowsApi

_TENANT = "t/<slug:tenant_slug>/training"
_CALENDARS = f"{_TENANT}/calendars/"
_POLICY = f"{_TENANT}/policies/<uuid:policy_id>"
_CHECKPOINT = f"{_TENANT}/checkpoints/<uuid:checkpoint_id>"
_JOB = f"{_TENANT}/jobs/<uuid:job_id>"

_ROLLOUT = f"{_TENANT}/rollouts/<uuid:rollout_id>/"

urlpatterns = [
    path(f"{_TENANT}/windows/", WindowsApi.as_view()),
    path(f"{_TENANT}/windows/history/", WindowHistoryApi.as_view()),
    path(f"{_TENANT}/presence/", PresenceApi.as_view()),
    path(_CALENDARS, CalendarListApi.as_view()),
    path(f"{_CALENDARS}google/", GoogleBeginApi.as_view()),
    path(f"{_CALENDARS}google/finish/", GoogleFinishApi.as_view()),
    path(f"{_CALENDARS}<uuid:calendar_id>/", CalendarDetailApi.as_view()),
    path(f"{_CALENDARS}<uuid:calendar_id>/check/", CalendarCheckApi.as_view()),
    path(f"{_TENANT}/funnel/", FunnelApi.as_view()),
    path(f"{_TENANT}/budget/", BudgetApi.as_view()),
    path(f"{_TENANT}/policies/", PolicyListApi.as_view()),
    path(f"{_POLICY}/", PolicyDetailApi.as_view()),
    path(f"{_POLICY}/check/", PolicyCheckApi.as_view()),
    path(f"{_POLICY}/train-step/", TrainStepApi.as_view()),
    path(f"{_TENANT}/jobs/", JobListApi.as_view()),
    path(f"{_JOB}/", JobDetailApi.as_view()),
    path(f"{_JOB}/cancel/", JobCancelApi.as_view()),
    path(f"{_JOB}/pause/", JobPauseApi.as_view()),
    path(f"{_JOB}/resume/", JobResumeApi.as_view()),
    path(f"{_TENANT}/checkpoints/", CheckpointListApi.as_view()),
    path(f"{_CHECKPOINT}/", CheckpointDetailApi.as_view()),
    path(f"{_CHECKPOINT}/gates/<uuid:gate_id>/cases/", CheckpointCasesApi.as_view()),
    path(f"{_CHECKPOINT}/lineage/", CheckpointLineageApi.as_view()),
    path(f"{_CHECKPOINT}/turns/", CheckpointTurnsApi.as_view()),
    path(f"{_CHECKPOINT}/gate/", CheckpointGateApi.as_view()),
    path(f"{_CHECKPOINT}/pass/", CheckpointPassApi.as_view()),
    path(f"{_CHECKPOINT}/promote/", CheckpointPromoteApi.as_view()),
    path(f"{_CHECKPOINT}/canary/", CheckpointCanaryApi.as_view()),
    path(f"{_CHECKPOINT}/retire/", CheckpointRetireApi.as_view()),
    path(f"{_CHECKPOINT}/delete/", CheckpointDeleteApi.as_view()),
    path(f"{_POLICY}/rollback/", PolicyRollbackApi.as_view()),
    path(f"{_TENANT}/task-sets/", TaskSetListApi.as_view()),
    path(f"{_TENANT}/task-sets/<uuid:task_set_id>/", TaskSetDetailApi.as_view()),
    path(f"{_TENANT}/rollouts/", RolloutListApi.as_view()),
    path(_ROLLOUT, RolloutDetailApi.as_view()),
    path(f"{_ROLLOUT}episodes/", RolloutEpisodesApi.as_view()),
    path(f"{_ROLLOUT}cancel/", RolloutCancelApi.as_view()),
]
