from django.urls import path

from apps.evolution.api.learning import (
    EvolutionRunListApi,
    FailureClusterListApi,
    FailureClusterRetryApi,
    LearningPolicyApi,
)
from apps.evolution.api.overview import OverviewApi
from apps.evolution.api.proposals import (
    ProposalApproveApi,
    ProposalDetailApi,
    ProposalListApi,
    ProposalRejectApi,
)
from apps.evolution.api.replays import ReplayCancelApi, ReplayDetailApi, ReplayListApi

_ONE = "t/<slug:tenant_slug>/proposals/<uuid:proposal_id>/"

urlpatterns = [
    path("t/<slug:tenant_slug>/overview/", OverviewApi.as_view()),
    path("t/<slug:tenant_slug>/learning-policy/", LearningPolicyApi.as_view()),
    path("t/<slug:tenant_slug>/evolution-runs/", EvolutionRunListApi.as_view()),
    path("t/<slug:tenant_slug>/failure-clusters/", FailureClusterListApi.as_view()),
    path(
        "t/<slug:tenant_slug>/failure-clusters/<uuid:cluster_id>/retry/",
        FailureClusterRetryApi.as_view(),
    ),
    path("t/<slug:tenant_slug>/proposals/", ProposalListApi.as_view()),
    path(_ONE, ProposalDetailApi.as_view()),
    path(f"{_ONE}approve/", ProposalApproveApi.as_view()),
    path(f"{_ONE}reject/", ProposalRejectApi.as_view()),
    path(f"{_ONE}replays/", ReplayListApi.as_view()),
    path("t/<slug:tenant_slug>/replays/<uuid:replay_id>/", ReplayDetailApi.as_view()),
    path("t/<slug:tenant_slug>/replays/<uuid:replay_id>/cancel/", ReplayCancelApi.as_view()),
]
