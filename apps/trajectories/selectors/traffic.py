"""Whether people and their agents are at work."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.trajectories.models import Turn
from apps.trajectories.months import first_id

# Turns that training itself plays, with nobody waiting for them.
_PLAYED = Q(key_id__isnull=True, tags__has_any_keys=["rollout", "resample"])
# Ids are made when a request comes: a long answer may end after some that came later.
_LATEST = 20


def last_asked_at(*, tenant_id: UUID, since: datetime) -> datetime | None:
    """When the last main turn of the workspace ended; None for none since then.

    Side turns of agents, and those that training plays for itself, do not count.
    """
    turns = Turn.objects.for_tenant(tenant_id).filter(id__gte=first_id(since), kind=Turn.Kind.MAIN)
    latest = turns.exclude(_PLAYED).order_by("-id").values_list("finished_at", flat=True)
    return max(latest[:_LATEST], default=None)
