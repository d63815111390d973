"""Annotation: a person is asked about a turn, without seeing what the judge said of it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.rating import COMMENT_LENGTH, CORRECTION_LENGTH
from apps.evolution import annotated, services
from apps.evolution.models import AnnotationItem
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership
from apps.trajectories import selectors as turns

State, Stratum = AnnotationItem.State, AnnotationItem.Stratum


class AnnotatedSkill(serializers.Serializer[Any]):
    slug = serializers.CharField()
    version = serializers.IntegerField()


class AnnotatedMessage(serializers.Serializer[Any]):
    role = serializers.CharField()
    content = serializers.CharField()


class AnnotatedTurn(serializers.Serializer[Any]):
    """What a judge reads of a turn, and the conversation before it. No scores."""

    at = serializers.DateTimeField()
    system = serializers.CharField()
    messages = AnnotatedMessage(many=True)
    user = serializers.CharField()
    response = serializers.CharField()
    follow_up = serializers.CharField(allow_null=True)
    skills = AnnotatedSkill(many=True)


class AnnotationResult(serializers.Serializer[Any]):
    """What was said, and what the judge had said; null where no judge had."""

    value = serializers.ChoiceField(choices=[-1, 0, 1])
    answered_at = serializers.DateTimeField()
    answered_by = serializers.CharField()
    judge_value = serializers.ChoiceField(choices=[-1, 0, 1], allow_null=True)
    judge_model = serializers.CharField()
    prompt_version = serializers.CharField()
    rationale = serializers.CharField()
    stratum = serializers.ChoiceField(choices=Stratum.choices)


class AnnotationLeaseOutput(serializers.Serializer[Any]):
    holder = serializers.CharField()
    expires_at = serializers.DateTimeField()
    is_yours = serializers.BooleanField()

    class Meta:
        ref_name = "AnnotationLease"


class AnnotationOutput(serializers.ModelSerializer[AnnotationItem]):
    """Why a turn was picked is told with the result: it says what the judge thought."""

    is_by_hand = serializers.SerializerMethodField()

    class Meta:
        model = AnnotationItem
        ref_name = "Annotation"
        fields = ["id", "turn_id", "state", "is_by_hand", "added_by", "note", "created_at"]

    def get_is_by_hand(self, item: AnnotationItem) -> bool:
        return bool(item.added_by)


class AnnotationDetailOutput(AnnotationOutput):
    turn = serializers.SerializerMethodField()
    lease = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    class Meta:
        model = AnnotationItem
        ref_name = "AnnotationDetail"
        fields = [*AnnotationOutput.Meta.fields, "turn", "lease", "result"]

    @extend_schema_field(AnnotatedTurn(allow_null=True))
    def get_turn(self, item: AnnotationItem) -> Any:
        """Null where the turn is gone by now."""
        whole = turns.whole_turns(tenant_id=item.tenant_id, turn_ids=[item.turn_id])
        if not whole:
            return None
        read = turns.judge_input(tenant_id=item.tenant_id, turn_id=item.turn_id)
        return AnnotatedTurn(asdict(read) | {"messages": whole[0].messages}).data

    @extend_schema_field(AnnotationLeaseOutput(allow_null=True))
    def get_lease(self, item: AnnotationItem) -> Any:
        lease = annotated.lease_find(tenant_id=item.tenant_id, item_id=item.id)
        if lease is None:
            return None
        actor = self.context["actor"]
        is_yours = (lease.holder_kind, lease.holder_id) == (actor.kind, actor.id)
        shown = {"holder": lease.holder, "expires_at": lease.expires_at, "is_yours": is_yours}
        return AnnotationLeaseOutput(shown).data

    @extend_schema_field(AnnotationResult(allow_null=True))
    def get_result(self, item: AnnotationItem) -> Any:
        if item.state != State.ANSWERED:
            return None
        said = turns.judge_said(tenant_id=item.tenant_id, turn_id=item.turn_id)
        item.rationale = said.rationale if said else ""  # type: ignore[attr-defined]  # for this answer
        return AnnotationResult(item).data


class AnnotationProgressOutput(serializers.Serializer[Any]):
    waiting = serializers.IntegerField()
    open_to_you = serializers.IntegerField()
    being_read = serializers.IntegerField()
    answered_today = serializers.IntegerField()
    answered_by_you_today = serializers.IntegerField()
    answered = serializers.IntegerField()

    class Meta:
        ref_name = "AnnotationProgress"


class _AnnotationApi(TenantApi):
    write_role = Membership.Role.REVIEWER

    def shown(self, item: AnnotationItem) -> Any:
        return AnnotationDetailOutput(item, context={"actor": self.actor}).data

    def progress(self) -> Any:
        found = annotated.progress_get(tenant_id=self.tenant_id, actor=self.actor)
        return AnnotationProgressOutput(found).data


class AnnotationListApi(TenantApi):
    write_role = Membership.Role.MEMBER

    class Filters(serializers.Serializer[Any]):
        state = serializers.ChoiceField(choices=State.choices, required=False)

        class Meta:
            ref_name = "AnnotationFilters"

    class Input(serializers.Serializer[Any]):
        turn_id = serializers.UUIDField()
        note = serializers.CharField(
            max_length=COMMENT_LENGTH, required=False, allow_blank=True, default=""
        )

        class Meta:
            ref_name = "AnnotationWanted"

    @extend_schema(
        operation_id="annotations_list",
        parameters=[Filters],
        responses=AnnotationOutput(many=True),
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = annotated.item_list(
            tenant_id=self.tenant_id, state=filters.validated_data.get("state", "")
        )
        return self.page_of(rows, AnnotationOutput)

    @extend_schema(operation_id="annotations_add", request=Input, responses={201: AnnotationOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        """Have people look at a turn, before all that wait."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        item = services.item_add(tenant_id=self.tenant_id, actor=self.actor, **body.validated_data)
        return Response(AnnotationOutput(item).data, status.HTTP_201_CREATED)


class AnnotationNextApi(_AnnotationApi):
    class Output(serializers.Serializer[Any]):
        item = AnnotationDetailOutput(allow_null=True)
        progress = AnnotationProgressOutput()

        class Meta:
            ref_name = "AnnotationNext"

    @extend_schema(operation_id="annotations_next", request=None, responses=Output)
    def post(self, request: Request, tenant_slug: str) -> Response:
        """The turn the caller is asked about now, with the lease on it; null if none is left."""
        item = services.item_next(tenant_id=self.tenant_id, actor=self.actor)
        return Response({"item": item and self.shown(item), "progress": self.progress()})


class AnnotationProgressApi(_AnnotationApi):
    @extend_schema(operation_id="annotations_progress", responses=AnnotationProgressOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        return Response(self.progress())


class AnnotationDetailApi(_AnnotationApi):
    @extend_schema(operation_id="annotations_get", responses=AnnotationDetailOutput)
    def get(self, request: Request, tenant_slug: str, item_id: UUID) -> Response:
        return Response(self.shown(annotated.item_get(tenant_id=self.tenant_id, item_id=item_id)))

    @extend_schema(operation_id="annotations_drop", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, item_id: UUID) -> Response:
        """Take it out of the queue; nobody is asked about it."""
        services.item_drop(tenant_id=self.tenant_id, actor=self.actor, item_id=item_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AnnotationLeaseApi(_AnnotationApi):
    @extend_schema(operation_id="annotations_lease", request=None, responses=AnnotationDetailOutput)
    def post(self, request: Request, tenant_slug: str, item_id: UUID) -> Response:
        return Response(
            self.shown(
                services.item_lease(tenant_id=self.tenant_id, actor=self.actor, item_id=item_id)
            )
        )

    @extend_schema(operation_id="annotations_lease_end", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, item_id: UUID) -> Response:
        services.item_give_back(tenant_id=self.tenant_id, actor=self.actor, item_id=item_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AnnotationSkipApi(_AnnotationApi):
    @extend_schema(operation_id="annotations_skip", request=None, responses=AnnotationDetailOutput)
    def post(self, request: Request, tenant_slug: str, item_id: UUID) -> Response:
        """Leave it to others; the caller is not asked about it again."""
        item = services.item_skip(tenant_id=self.tenant_id, actor=self.actor, item_id=item_id)
        return Response(self.shown(item))


class AnnotationAnswerApi(_AnnotationApi):
    class Input(serializers.Serializer[Any]):
        value = serializers.ChoiceField(choices=[-1, 0, 1])
        comment = serializers.CharField(
            max_length=COMMENT_LENGTH, required=False, allow_blank=True, default=""
        )

        # What should have been answered: policies may learn from it.
        correction = serializers.CharField(
            max_length=CORRECTION_LENGTH, required=False, allow_blank=True, default=""
        )

        class Meta:
            ref_name = "AnnotationAnswer"

    @extend_schema(
        operation_id="annotations_answer", request=Input, responses=AnnotationDetailOutput
    )
    def post(self, request: Request, tenant_slug: str, item_id: UUID) -> Response:
        """Say how the turn went: a human score. The answer says what the judge had said."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        item = services.item_answer(
            tenant_id=self.tenant_id, actor=self.actor, item_id=item_id, **body.validated_data
        )
        return Response(self.shown(item))
