from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.evolution import selectors, services
from apps.evolution.api.output import DECIDE_ROLE
from apps.evolution.models import FailureCluster
from apps.tenants.api import TenantApi
from apps.trajectories.types import BriefTurn

_SAMPLES_IN_LIST = 3
_SAMPLES_OF_ONE = 50


class ClusterSampleOutput(serializers.Serializer[Any]):
    turn_id = serializers.UUIDField()
    session_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    user_text = serializers.CharField()
    follow_up = serializers.CharField()
    rationale = serializers.CharField()

    class Meta:
        ref_name = "ClusterSample"


class FailureClusterOutput(serializers.ModelSerializer[FailureCluster]):
    """Needs ``samples`` (by cluster) and ``min_sessions`` in its context."""

    size = serializers.IntegerField()
    sessions = serializers.IntegerField()
    sessions_missing = serializers.SerializerMethodField()
    proposal = serializers.UUIDField(source="proposal_id", allow_null=True)
    slug = serializers.SerializerMethodField()
    reason_said = SaidOutput(source="reason")
    samples = serializers.SerializerMethodField()

    class Meta:
        model = FailureCluster
        ref_name = "FailureCluster"
        fields = [
            "id",
            "state",
            "reason",
            "reason_said",
            "tries",
            "size",
            "sessions",
            "sessions_missing",
            "proposal",
            "slug",
            "samples",
            "created_at",
            "updated_at",
        ]

    def get_sessions_missing(self, cluster: Any) -> int:
        if cluster.state != FailureCluster.State.WAITING:
            return 0
        return max(0, int(self.context["min_sessions"]) - int(cluster.sessions))

    def get_slug(self, cluster: FailureCluster) -> str | None:
        return cluster.proposal.slug if cluster.proposal else None

    @extend_schema_field(ClusterSampleOutput(many=True))
    def get_samples(self, cluster: FailureCluster) -> Any:
        samples: Mapping[UUID, Sequence[BriefTurn]] = self.context["samples"]
        return ClusterSampleOutput(samples.get(cluster.id, ()), many=True).data


class _ClusterApi(TenantApi):
    write_role = DECIDE_ROLE

    def shown(self, clusters: Sequence[FailureCluster], samples: int = _SAMPLES_IN_LIST) -> Any:
        ids = [cluster.id for cluster in clusters]
        policy = selectors.learning_policy(tenant_id=self.tenant_id)
        context = {
            "samples": selectors.cluster_samples(
                tenant_id=self.tenant_id, cluster_ids=ids, each=samples
            ),
            "min_sessions": policy.min_sessions,
        }
        return FailureClusterOutput(clusters, many=True, context=context).data


class FailureClusterListApi(_ClusterApi):
    class Filters(serializers.Serializer[Any]):
        state = serializers.ChoiceField(choices=FailureCluster.State.choices, required=False)

        class Meta:
            ref_name = "FailureClusterFilters"

    @extend_schema(
        operation_id="failure_clusters_list",
        parameters=[Filters],
        responses=FailureClusterOutput(many=True),
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = selectors.cluster_list(
            tenant_id=self.tenant_id, state=filters.validated_data.get("state", "")
        )
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(self.shown(page))


class FailureClusterDetailApi(_ClusterApi):
    """One of them, with more of its turns."""

    @extend_schema(operation_id="failure_clusters_get", responses=FailureClusterOutput)
    def get(self, request: Request, tenant_slug: str, cluster_id: UUID) -> Response:
        found = selectors.cluster_get(tenant_id=self.tenant_id, cluster_id=cluster_id)
        return Response(self.shown([found], samples=_SAMPLES_OF_ONE)[0])


class FailureClusterRetryApi(_ClusterApi):
    @extend_schema(
        operation_id="failure_clusters_retry", request=None, responses=FailureClusterOutput
    )
    def post(self, request: Request, tenant_slug: str, cluster_id: UUID) -> Response:
        found = services.cluster_retry(
            tenant_id=self.tenant_id, actor=self.actor, cluster_id=cluster_id
        )
        return Response(self.shown([found])[0])
