from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.jobs import selectors as jobs
from apps.tenants import services
from apps.tenants.api.base import TenantApi
from apps.tenants.models import Membership

_STATUSES = ["queued", "running", "done", "dead"]


class BackgroundJobOutput(serializers.Serializer[Any]):
    """``last_error``: why the last try failed. ``run_after``: not before then."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    queue = serializers.ChoiceField(choices=["fast", "slow", "train"])
    status = serializers.ChoiceField(choices=_STATUSES)
    attempts = serializers.IntegerField()
    max_attempts = serializers.IntegerField()
    # Workers that died with it: counted apart, it may not be to blame.
    crashes = serializers.IntegerField()
    last_error = serializers.CharField()
    last_error_said = SaidOutput(source="last_error")
    created_at = serializers.DateTimeField()
    run_after = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        ref_name = "BackgroundJob"


class JobListApi(TenantApi):
    """Background work, newest first. What is done goes after a while."""

    # Errors quote what others answered.
    read_role = Membership.Role.ADMIN

    class Filters(serializers.Serializer[Any]):
        status = serializers.ChoiceField(choices=_STATUSES, required=False)
        kind = serializers.CharField(max_length=80, required=False)

        class Meta:
            ref_name = "BackgroundJobFilters"

    @extend_schema(
        operation_id="jobs_list", parameters=[Filters], responses=BackgroundJobOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = jobs.jobs_list(tenant_id=self.tenant_id, **filters.validated_data)
        return self.page_of(rows, BackgroundJobOutput)


class JobRetryApi(TenantApi):
    """Only what has been given up is tried again by hand."""

    @extend_schema(operation_id="jobs_retry", request=None, responses=BackgroundJobOutput)
    def post(self, request: Request, tenant_slug: str, job_id: UUID) -> Response:
        services.job_try_again(tenant_id=self.tenant_id, actor=self.actor, job_id=job_id)
        found = jobs.job_get(tenant_id=self.tenant_id, job_id=job_id)
        return Response(BackgroundJobOutput(found).data)
