from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import say
from apps.tenants.api import TenantApi
from apps.training.errors import TasksInvalid
from apps.training.models import TaskSet
from apps.training.selectors import rollouts as selectors
from apps.training.services import task_sets as services
from apps.training.tasks_file import MOST_BYTES


class TaskSetOutput(serializers.ModelSerializer[TaskSet]):
    # How many tasks there are.
    count = serializers.IntegerField()

    class Meta:
        model = TaskSet
        ref_name = "TaskSet"
        fields = ["id", "name", "count", "sha256", "created_at"]


class TaskSetTasksOutput(TaskSetOutput):
    """With its tasks, as they were uploaded."""

    tasks = serializers.ListField(child=serializers.DictField())

    class Meta(TaskSetOutput.Meta):
        ref_name = "TaskSetWithTasks"
        fields = [*TaskSetOutput.Meta.fields, "tasks"]


class TaskSetInput(serializers.Serializer[Any]):
    """One JSON object a line, as a ``file`` (multipart) or as text in ``jsonl``."""

    name = serializers.CharField(max_length=80)
    jsonl = serializers.CharField(required=False, trim_whitespace=False)
    file = serializers.FileField(required=False)

    class Meta:
        ref_name = "TaskSetUpload"


class TaskSetChange(TaskSetInput):
    name = serializers.CharField(max_length=80, required=False)

    class Meta:
        ref_name = "TaskSetChange"


class TaskSetListApi(TenantApi):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(operation_id="task_sets_list", responses=TaskSetOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.task_set_list(tenant_id=self.tenant_id), TaskSetOutput)

    @extend_schema(
        operation_id="task_sets_create", request=TaskSetInput, responses={201: TaskSetOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        """422 names every line that is wrong, and why."""
        body = TaskSetInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.task_set_create(
            tenant_id=self.tenant_id,
            actor=self.actor,
            name=body.validated_data["name"],
            content=_content(body.validated_data) or b"",
        )
        return Response(TaskSetOutput(row).data, status.HTTP_201_CREATED)


class TaskSetDetailApi(TenantApi):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(operation_id="task_sets_get", responses=TaskSetTasksOutput)
    def get(self, request: Request, tenant_slug: str, task_set_id: UUID) -> Response:
        row = selectors.task_set_get(tenant_id=self.tenant_id, task_set_id=task_set_id)
        return Response(TaskSetTasksOutput(row).data)

    @extend_schema(operation_id="task_sets_change", request=TaskSetChange, responses=TaskSetOutput)
    def put(self, request: Request, tenant_slug: str, task_set_id: UUID) -> Response:
        """Rename it, or replace all of its tasks; what is left out stays."""
        body = TaskSetChange(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.task_set_update(
            tenant_id=self.tenant_id,
            actor=self.actor,
            task_set_id=task_set_id,
            name=body.validated_data.get("name", ""),
            content=_content(body.validated_data),
        )
        return Response(TaskSetOutput(row).data)

    @extend_schema(operation_id="task_sets_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, task_set_id: UUID) -> Response:
        services.task_set_delete(
            tenant_id=self.tenant_id, actor=self.actor, task_set_id=task_set_id
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _content(given: dict[str, Any]) -> bytes | None:
    file = given.get("file")
    if file is None:
        text = given.get("jsonl")
        return None if text is None else str(text).encode()
    if file.size > MOST_BYTES:
        english = "The file is larger than {limit} MB."
        raise TasksInvalid(say("file_large", english, limit=MOST_BYTES // 2**20))
    content: bytes = file.read()
    return content
