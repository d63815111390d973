from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.skills import services
from apps.skills.skillmd import MAX_TAG, tags_of
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership
from apps.tenants.types import AGENT_NAME_LENGTH

_BY = ["lexical", "hybrid"]
_BECAUSE = ["", "not_configured", "embedder_away", "unknown_script", "no_vectors"]


class TryoutInput(serializers.Serializer[Any]):
    """``on_trial``: as a session that gets the versions on trial would; otherwise as one that
    does not."""

    message = serializers.CharField(max_length=20_000)
    agent = serializers.CharField(max_length=AGENT_NAME_LENGTH, default="", allow_blank=True)
    tags = serializers.DictField(child=serializers.CharField(max_length=MAX_TAG), default=dict)
    on_trial = serializers.BooleanField(default=False)

    class Meta:
        ref_name = "TryoutAsked"


class TriedSkillOutput(serializers.Serializer[Any]):
    """``verdict`` is ``in``, or why the skill stays out. ``used_by``: the skills that go in and
    use it, so that its text goes in anyway, once; ``brings``: whose texts follow its own."""

    slug = serializers.CharField()
    version = serializers.IntegerField()
    description = serializers.CharField()
    reach = serializers.CharField()
    tokens = serializers.IntegerField()
    score = serializers.FloatField()
    relevance = serializers.FloatField()
    factor = serializers.FloatField()
    verdict = serializers.CharField()
    is_house_rule = serializers.BooleanField()
    used_by = serializers.ListField(child=serializers.CharField())
    brings = serializers.ListField(child=serializers.CharField())

    class Meta:
        ref_name = "TriedSkill"


class TriedTrialOutput(serializers.Serializer[Any]):
    """``counts``: the message makes the session one of the trial's."""

    slug = serializers.CharField()
    version = serializers.IntegerField()
    share = serializers.FloatField()
    instead_of = serializers.IntegerField(allow_null=True)
    is_treated = serializers.BooleanField()
    counts = serializers.BooleanField()

    class Meta:
        ref_name = "TriedTrial"


class TryoutOutput(serializers.Serializer[Any]):
    """``by_words_because``: why meaning had no say; empty where it had. With ``injects`` false
    nothing goes into a prompt: the rest is what would."""

    generation = serializers.IntegerField()
    query = serializers.CharField()
    mode = serializers.CharField()
    injects = serializers.BooleanField()
    max_skills = serializers.IntegerField()
    token_budget = serializers.IntegerField()
    by = serializers.ChoiceField(choices=_BY)
    by_words_because = serializers.ChoiceField(choices=_BECAUSE)
    candidates = TriedSkillOutput(many=True)
    trials = TriedTrialOutput(many=True)
    block = serializers.CharField()
    tokens = serializers.IntegerField()

    class Meta:
        ref_name = "Tryout"


class LibraryTryoutApi(TenantApi):
    """A question in a body: it writes nothing, so whoever may read may ask."""

    write_role = Membership.Role.VIEWER
    opens_own_transactions = True

    @extend_schema(operation_id="library_tryout", request=TryoutInput, responses=TryoutOutput)
    def post(self, request: Request, tenant_slug: str) -> Response:
        """What a new session would get for its first message, and why the rest stays out."""
        body = TryoutInput(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        tried = services.library_try(
            tenant_id=self.tenant_id,
            message=asked["message"],
            agent=asked["agent"],
            tags=tags_of(asked["tags"]),
            is_treated=asked["on_trial"],
        )
        return Response(TryoutOutput(asdict(tried)).data)
