"""How far judge and people agree, and the rules about it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.evolution import annotated, selectors, services
from apps.evolution.api.learning import LearningPolicyOutput
from apps.evolution.models import AnnotationPolicy
from apps.tenants.api import TenantApi

_SHARES = ("share_split", "share_failed", "share_neutral", "share_passed")


class AnnotationPolicyOutput(serializers.ModelSerializer[AnnotationPolicy]):
    class Meta:
        model = AnnotationPolicy
        ref_name = "AnnotationPolicy"
        fields = [*_SHARES, "waiting_most", "window_days", "pause_below", "pause_least"]


class AnnotationPolicyApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        """What is left out stays as it is. Shares and the level are percent; null: never pause."""

        share_split = serializers.IntegerField(min_value=0, max_value=100, required=False)
        share_failed = serializers.IntegerField(min_value=0, max_value=100, required=False)
        share_neutral = serializers.IntegerField(min_value=0, max_value=100, required=False)
        share_passed = serializers.IntegerField(min_value=0, max_value=100, required=False)
        waiting_most = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
        window_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
        pause_below = serializers.IntegerField(
            min_value=1, max_value=100, required=False, allow_null=True
        )
        pause_least = serializers.IntegerField(min_value=5, max_value=10_000, required=False)

        class Meta:
            ref_name = "AnnotationPolicyChange"

    @extend_schema(operation_id="annotation_policy_get", responses=AnnotationPolicyOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        policy = annotated.policy_get(tenant_id=self.tenant_id)
        return Response(AnnotationPolicyOutput(policy).data)

    @extend_schema(
        operation_id="annotation_policy_put", request=Input, responses=AnnotationPolicyOutput
    )
    def put(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        policy = services.annotation_policy_set(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(AnnotationPolicyOutput(policy).data)


class EstimateOutput(serializers.Serializer[Any]):
    """From 0 (kappa: -1) to 1, with its 95 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()

    class Meta:
        ref_name = "AgreementEstimate"


class JudgeAgreementOutput(serializers.Serializer[Any]):
    """``counts``: how often judge (row) and people (column) said -1, 0, 1, not weighted."""

    prompt_version = serializers.CharField(source="judge.prompt_version")
    judge_model = serializers.CharField(source="judge.model")
    is_in_use = serializers.BooleanField()
    n = serializers.IntegerField(source="agreement.n")
    raw = EstimateOutput(source="agreement.raw", allow_null=True)
    kappa = EstimateOutput(source="agreement.kappa", allow_null=True)
    counts = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), source="agreement.counts"
    )

    class Meta:
        ref_name = "JudgeAgreement"


class AgreementApi(TenantApi):
    class Output(serializers.Serializer[Any]):
        window_days = serializers.IntegerField()
        judges = JudgeAgreementOutput(many=True)

        class Meta:
            ref_name = "Agreement"

    @extend_schema(operation_id="annotations_agreement", responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        """Judge and people compared, for each judge of the window; the one in use comes first."""
        found = {
            "window_days": annotated.policy_get(tenant_id=self.tenant_id).window_days,
            "judges": annotated.agreements(tenant_id=self.tenant_id),
        }
        return Response(self.Output(found).data)


class LearningResumeApi(TenantApi):
    @extend_schema(operation_id="learning_resume", request=None, responses=LearningPolicyOutput)
    def post(self, request: Request, tenant_slug: str) -> Response:
        """Have learning go on although judge and people differ too much."""
        services.learning_resume(tenant_id=self.tenant_id, actor=self.actor)
        policy = selectors.learning_policy(tenant_id=self.tenant_id)
        return Response(LearningPolicyOutput(policy).data)
