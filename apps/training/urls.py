from django.urls import path

from apps.training.api.rollouts import (
    RolloutCancelApi,
    RolloutDetailApi,
    RolloutEpisodesApi,
    RolloutListApi,
)
from apps.training.api.task_sets import TaskSetDetailApi, TaskSetListApi

_ROLLOUT = "t/<slug:tenant_slug>/training/rollouts/<uuid:rollout_id>/"

urlpatterns = [
    path("t/<slug:tenant_slug>/training/task-sets/", TaskSetListApi.as_view()),
    path(
        "t/<slug:tenant_slug>/training/task-sets/<uuid:task_set_id>/", TaskSetDetailApi.as_view()
    ),
    path("t/<slug:tenant_slug>/training/rollouts/", RolloutListApi.as_view()),
    path(_ROLLOUT, RolloutDetailApi.as_view()),
    path(f"{_ROLLOUT}episodes/", RolloutEpisodesApi.as_view()),
    path(f"{_ROLLOUT}cancel/", RolloutCancelApi.as_view()),
]
