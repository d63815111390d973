from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.clock import now
from apps.evolution import selectors
from apps.jobs.selectors import job_counts
from apps.skills.selectors import generation_get, library_counts
from apps.tenants.api import TenantApi
from apps.tenants.models import AuditEvent
from apps.tenants.selectors import audit_list
from apps.trajectories.selectors import traffic_overview
from apps.upstreams.selectors import serving_find

_ACTIVITY = 20
_MOMENTS = 100
_DAY = timedelta(hours=24)
# What changed the answers that agents get: the success rate is read against these.
_CHANGED_ANSWERS = [
    "proposal.approved",
    "skill.published",
    "skill.activated",
    "skill.killed",
    "skill.retired",
    "library.restored",
    "canary.started",
    "canary.promoted",
    "canary.rolled_back",
    "checkpoint.canary_started",
    "checkpoint.promoted",
    "checkpoint.rolled_back",
]


class TrafficOutput(serializers.Serializer[Any]):
    total_24h = serializers.IntegerField(source="total")
    failed_24h = serializers.IntegerField(source="failed")
    p50_ms = serializers.FloatField(allow_null=True)
    p95_ms = serializers.FloatField(allow_null=True)
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)


class BucketOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    turns = serializers.IntegerField()
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()


class OutcomesOutput(serializers.Serializer[Any]):
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    neutral = serializers.IntegerField()
    unscored = serializers.IntegerField()
    error = serializers.IntegerField()


class ReviewQueueOutput(serializers.Serializer[Any]):
    pending = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True)


class LibraryOutput(serializers.Serializer[Any]):
    live = serializers.IntegerField()
    learned = serializers.IntegerField()
    generation = serializers.IntegerField()


class ServingOutput(serializers.Serializer[Any]):
    upstream = serializers.CharField()
    kind = serializers.ChoiceField(choices=["openai", "anthropic", "practice"])
    model = serializers.CharField()
    is_simulated = serializers.BooleanField()


class JobsOutput(serializers.Serializer[Any]):
    queued = serializers.IntegerField()
    running = serializers.IntegerField()
    dead = serializers.IntegerField()


class ActivityOutput(serializers.ModelSerializer[AuditEvent]):
    at = serializers.DateTimeField(source="created_at")
    actor = serializers.CharField(source="actor_label")

    class Meta:
        model = AuditEvent
        ref_name = "Activity"
        fields = ["id", "at", "actor", "action", "subject", "detail"]


class OverviewApi(TenantApi):
    """Everything the console's first page shows, in one answer."""

    class Output(serializers.Serializer[Any]):
        gateway_url = serializers.CharField()
        turns = TrafficOutput()
        series = BucketOutput(many=True)
        # When what agents are answered changed, in the time of the series; earliest first.
        moments = ActivityOutput(many=True)
        outcomes = OutcomesOutput()
        review = ReviewQueueOutput()
        skills = LibraryOutput()
        serving = ServingOutput(allow_null=True)
        jobs = JobsOutput()
        activity = ActivityOutput(many=True)

        class Meta:
            ref_name = "Overview"

    @extend_schema(operation_id="overview_get", responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        at = now()
        traffic = traffic_overview(tenant_id=self.tenant_id, at=at)
        events = audit_list(tenant_id=self.tenant_id)
        moments = events.filter(action__in=_CHANGED_ANSWERS, created_at__gte=at - _DAY)
        oldest = selectors.oldest_pending(tenant_id=self.tenant_id)
        live, learned = library_counts(tenant_id=self.tenant_id)
        serving = serving_find(tenant_id=self.tenant_id)
        overview = {
            "gateway_url": settings.METACLAW_GATEWAY_URL,
            "turns": asdict(traffic),
            "series": traffic.series,
            "moments": reversed(moments.order_by("-id")[:_MOMENTS]),
            "outcomes": traffic.outcomes,
            "review": {
                "pending": selectors.pending_count(tenant_id=self.tenant_id),
                "oldest_at": oldest.created_at if oldest else None,
            },
            "skills": {
                "live": live,
                "learned": learned,
                "generation": generation_get(tenant_id=self.tenant_id),
            },
            "serving": asdict(serving) if serving else None,
            "jobs": job_counts(tenant_id=self.tenant_id),
            "activity": events.order_by("-id")[:_ACTIVITY],
        }
        return Response(self.Output(overview).data)
