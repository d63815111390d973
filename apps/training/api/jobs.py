from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.tenants.api import TenantApi
from apps.training import services
from apps.training.models import TrainingJob, TrainingStep
from apps.training.selectors.jobs import job_get, job_list, step_list


class StepOutput(serializers.ModelSerializer[TrainingStep]):
    """``metrics``: what is drawn, by name; those of the trainer itself begin with ``trainer.``."""

    metrics = serializers.DictField(child=serializers.FloatField())

    class Meta:
        model = TrainingStep
        ref_name = "TrainingStep"
        fields = [
            "number",
            "status",
            "sends",
            "metrics",
            "tokens",
            "cost_micros",
            "sampled_tokens",
            "sampled_micros",
            "sent_at",
            "confirmed_at",
        ]


class JobOutput(serializers.ModelSerializer[TrainingJob]):
    """``reason`` and ``note``: why it stands where it stands, for programs and for people."""

    policy = serializers.UUIDField(source="policy_id")
    policy_name = serializers.CharField(source="policy.name")
    done_steps = serializers.IntegerField(source="confirmed")
    note_said = SaidOutput(source="note")
    start = serializers.UUIDField(source="start_id", allow_null=True)

    class Meta:
        model = TrainingJob
        ref_name = "TrainingJob"
        fields = [
            "id",
            "policy",
            "policy_name",
            "status",
            "reason",
            "note",
            "note_said",
            "trigger",
            "is_now",
            "asked_by",
            "planned_steps",
            "done_steps",
            "start",
            "wants_cancel",
            "wants_pause",
            "created_at",
            "started_at",
            "ended_at",
        ]


class JobDetailOutput(JobOutput):
    steps = serializers.SerializerMethodField()

    class Meta:
        model = TrainingJob
        ref_name = "TrainingJobDetail"
        fields = [*JobOutput.Meta.fields, "steps"]

    @extend_schema_field(StepOutput(many=True))
    def get_steps(self, job: TrainingJob) -> Any:
        rows = step_list(tenant_id=job.tenant_id, job_id=job.id)
        return StepOutput(rows, many=True).data


class JobListApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        policy = serializers.UUIDField(required=False)
        status = serializers.ChoiceField(choices=TrainingJob.Status.choices, required=False)

    class Input(serializers.Serializer[Any]):
        """``steps``: the policy's own number unless given. ``is_now``: without waiting for a
        window. ``start``: a checkpoint to go on from, the youngest unless given."""

        policy = serializers.UUIDField()
        steps = serializers.IntegerField(min_value=1, max_value=10_000, required=False)
        is_now = serializers.BooleanField(default=False)
        start = serializers.UUIDField(required=False, allow_null=True)

        class Meta:
            ref_name = "TrainingJobInput"

    @extend_schema(
        operation_id="training_jobs_list", parameters=[Filters], responses=JobOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = job_list(tenant_id=self.tenant_id)
        wanted = filters.validated_data
        if "policy" in wanted:
            rows = rows.filter(policy_id=wanted["policy"])
        if "status" in wanted:
            rows = rows.filter(status=wanted["status"])
        return self.page_of(rows, JobOutput)

    @extend_schema(
        operation_id="training_jobs_create", request=Input, responses={201: JobDetailOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        row = services.job_create(
            tenant_id=self.tenant_id,
            actor=self.actor,
            policy_id=wanted["policy"],
            trigger="hand",
            steps=wanted.get("steps"),
            is_now=wanted["is_now"],
            start_id=wanted.get("start"),
        )
        return Response(JobDetailOutput(row).data, status.HTTP_201_CREATED)


class JobDetailApi(TenantApi):
    @extend_schema(operation_id="training_jobs_get", responses=JobDetailOutput)
    def get(self, request: Request, tenant_slug: str, job_id: UUID) -> Response:
        row = job_get(tenant_id=self.tenant_id, job_id=job_id)
        return Response(JobDetailOutput(row).data)


class JobCancelApi(TenantApi):
    @extend_schema(operation_id="training_jobs_cancel", request=None, responses=JobDetailOutput)
    def post(self, request: Request, tenant_slug: str, job_id: UUID) -> Response:
        """End it after the step in hand; what its last step left becomes a checkpoint."""
        row = services.job_cancel(tenant_id=self.tenant_id, actor=self.actor, job_id=job_id)
        return Response(JobDetailOutput(row).data)


class JobPauseApi(TenantApi):
    @extend_schema(operation_id="training_jobs_pause", request=None, responses=JobDetailOutput)
    def post(self, request: Request, tenant_slug: str, job_id: UUID) -> Response:
        row = services.job_pause(tenant_id=self.tenant_id, actor=self.actor, job_id=job_id)
        return Response(JobDetailOutput(row).data)


class JobResumeApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        is_now = serializers.BooleanField(default=False)

        class Meta:
            ref_name = "TrainingJobResume"

    @extend_schema(operation_id="training_jobs_resume", request=Input, responses=JobDetailOutput)
    def post(self, request: Request, tenant_slug: str, job_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.job_resume(
            tenant_id=self.tenant_id,
            actor=self.actor,
            job_id=job_id,
            is_now=body.validated_data["is_now"],
        )
        return Response(JobDetailOutput(row).data)
