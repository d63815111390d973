from django.urls import path

from apps.evolution.api.agreement import AgreementApi, AnnotationPolicyApi, LearningResumeApi
from apps.evolution.api.annotating import (
    AnnotationAnswerApi,
    AnnotationDetailApi,
    AnnotationLeaseApi,
    AnnotationListApi,
    AnnotationNextApi,
    AnnotationProgressApi,
    AnnotationSkipApi,
)
from apps.evolution.api.canaries import CanaryDetailApi, CanaryListApi, CanaryStopApi
from apps.evolution.api.clusters import (
    FailureClusterDetailApi,
    FailureClusterListApi,
    FailureClusterRetryApi,
)
from apps.evolution.api.feedback import TurnFeedbackApi, TurnVerdictApi
from apps.evolution.api.importing import ProposalImportApi
from apps.evolution.api.learning import LearningPolicyApi
from apps.evolution.api.overview import OverviewApi
from apps.evolution.api.proposals import (
    ProposalApproveApi,
    ProposalDetailApi,
    ProposalListApi,
    ProposalRejectApi,
)
from apps.evolution.api.replays import (
    ProposalReplayApi,
    ReplayCancelApi,
    ReplayDetailApi,
    ReplayListApi,
    TurnReplayApi,
)
from apps.evolution.api.reviewing import (
    ProposalLeaseApi,
    ProposalQuarantineApi,
    ProposalReleaseApi,
    ReviewPolicyApi,
)
from apps.evolution.api.runs import EvolutionRunDetailApi, EvolutionRunListApi
from apps.evolution.api.skills import SkillKillApi, SkillReachApi
from apps.evolution.api.value import LedgerApi, PrecisionApi, SkillLedgerApi

_ONE = "t/<slug:tenant_slug>/proposals/<uuid:proposal_id>/"
_ASKED = "t/<slug:tenant_slug>/annotations/"

urlpatterns = [
    path("t/<slug:tenant_slug>/overview/", OverviewApi.as_view()),
    path("t/<slug:tenant_slug>/learning-policy/", LearningPolicyApi.as_view()),
    path("t/<slug:tenant_slug>/learning-policy/resume/", LearningResumeApi.as_view()),
    path(_ASKED, AnnotationListApi.as_view()),
    path(f"{_ASKED}next/", AnnotationNextApi.as_view()),
    path(f"{_ASKED}progress/", AnnotationProgressApi.as_view()),
    path(f"{_ASKED}agreement/", AgreementApi.as_view()),
    path(f"{_ASKED}policy/", AnnotationPolicyApi.as_view()),
    path(f"{_ASKED}<uuid:item_id>/", AnnotationDetailApi.as_view()),
    path(f"{_ASKED}<uuid:item_id>/lease/", AnnotationLeaseApi.as_view()),
    path(f"{_ASKED}<uuid:item_id>/skip/", AnnotationSkipApi.as_view()),
    path(f"{_ASKED}<uuid:item_id>/answer/", AnnotationAnswerApi.as_view()),
    path("t/<slug:tenant_slug>/evolution-runs/", EvolutionRunListApi.as_view()),
    path("t/<slug:tenant_slug>/evolution-runs/<uuid:run_id>/", EvolutionRunDetailApi.as_view()),
    path("t/<slug:tenant_slug>/failure-clusters/", FailureClusterListApi.as_view()),
    path(
        "t/<slug:tenant_slug>/failure-clusters/<uuid:cluster_id>/",
        FailureClusterDetailApi.as_view(),
    ),
    path(
        "t/<slug:tenant_slug>/failure-clusters/<uuid:cluster_id>/retry/",
        FailureClusterRetryApi.as_view(),
    ),
    path("t/<slug:tenant_slug>/proposals/", ProposalListApi.as_view()),
    path("t/<slug:tenant_slug>/proposals/import/", ProposalImportApi.as_view()),
    path(_ONE, ProposalDetailApi.as_view()),
    path(f"{_ONE}approve/", ProposalApproveApi.as_view()),
    path(f"{_ONE}reject/", ProposalRejectApi.as_view()),
    path(f"{_ONE}lease/", ProposalLeaseApi.as_view()),
    path(f"{_ONE}quarantine/", ProposalQuarantineApi.as_view()),
    path(f"{_ONE}release/", ProposalReleaseApi.as_view()),
    path("t/<slug:tenant_slug>/review-policy/", ReviewPolicyApi.as_view()),
    path(f"{_ONE}replays/", ProposalReplayApi.as_view()),
    path("t/<slug:tenant_slug>/canaries/", CanaryListApi.as_view()),
    path("t/<slug:tenant_slug>/canaries/<uuid:canary_id>/", CanaryDetailApi.as_view()),
    path("t/<slug:tenant_slug>/canaries/<uuid:canary_id>/stop/", CanaryStopApi.as_view()),
    path("t/<slug:tenant_slug>/evolvers/", PrecisionApi.as_view()),
    path("t/<slug:tenant_slug>/skills/ledger/", LedgerApi.as_view()),
    path("t/<slug:tenant_slug>/skills/<slug:slug>/ledger/", SkillLedgerApi.as_view()),
    path("t/<slug:tenant_slug>/skills/<slug:slug>/kill/", SkillKillApi.as_view()),
    path("t/<slug:tenant_slug>/skills/<slug:slug>/reach/", SkillReachApi.as_view()),
    path("t/<slug:tenant_slug>/turns/<uuid:turn_id>/feedback/", TurnFeedbackApi.as_view()),
    path("t/<slug:tenant_slug>/turns/<uuid:turn_id>/verdict/", TurnVerdictApi.as_view()),
    path("t/<slug:tenant_slug>/turns/<uuid:turn_id>/replays/", TurnReplayApi.as_view()),
    path("t/<slug:tenant_slug>/replays/", ReplayListApi.as_view()),
    path("t/<slug:tenant_slug>/replays/<uuid:replay_id>/", ReplayDetailApi.as_view()),
    path("t/<slug:tenant_slug>/replays/<uuid:replay_id>/cancel/", ReplayCancelApi.as_view()),
]
