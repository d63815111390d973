from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import say
from apps.core.said_output import unfit
from apps.evolution import services
from apps.evolution.api.output import DECIDE_ROLE
from apps.evolution.services.importing import OUTCOMES
from apps.skills import archive
from apps.tenants.api import TenantApi


class ProposalImportApi(TenantApi):
    """Skills other tools wrote become proposals. Sending the same text again changes nothing."""

    write_role = DECIDE_ROLE
    parser_classes = [MultiPartParser]

    class Input(serializers.Serializer[Any]):
        """``name``: where they come from, shown as the author. ``dry_run``: say what would
        become of them, and change nothing."""

        file = serializers.FileField(max_length=200)
        name = serializers.CharField(max_length=80, required=False, default="upload")
        dry_run = serializers.BooleanField(default=False)

        class Meta:
            ref_name = "ProposalUpload"

        def validate_name(self, value: str) -> str:
            if not value.isprintable():
                english = "This name has characters that cannot be shown."
                raise unfit(say("name_unprintable", english))
            return value

    class Output(serializers.Serializer[Any]):
        class One(serializers.Serializer[Any]):
            file = serializers.CharField()
            slug = serializers.CharField()
            outcome = serializers.ChoiceField(choices=list(OUTCOMES))
            proposal_id = serializers.UUIDField(allow_null=True)

            class Meta:
                ref_name = "ImportedText"

        texts = One(many=True)

        class Meta:
            ref_name = "ProposalImport"

    @extend_schema(operation_id="proposals_import", request=Input, responses=Output)
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        if file.size > archive.MAX_ARCHIVE:
            raise archive.too_large()
        texts = services.proposals_import(
            tenant_id=self.tenant_id,
            actor=self.actor,
            name=body.validated_data["name"],
            entries=archive.read_upload(file.name or "", file.read(), is_foreign=True),
            is_rehearsal=body.validated_data["dry_run"],
        )
        return Response({"texts": [asdict(one) for one in texts]})
