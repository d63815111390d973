"""Task sets, rollouts, and how far those are."""

from uuid import UUID

from django.db.models import Avg, Count, Func, IntegerField, Q, QuerySet

from apps.core.errors import NotFound
from apps.training.models import Rollout, RolloutEpisode, TaskSet, TrainingPolicy
from apps.training.types import Played

_PLAYED = Q(status=RolloutEpisode.Status.PLAYED)
_FAILED = Q(status=RolloutEpisode.Status.FAILED)
_WAITING = Q(status=RolloutEpisode.Status.WAITING)


class _Length(Func):
    function = "jsonb_array_length"
    output_field = IntegerField()


def task_set_list(*, tenant_id: UUID) -> QuerySet[TaskSet]:
    """Without the tasks themselves, but with how many there are."""
    rows = TaskSet.objects.for_tenant(tenant_id).annotate(count=_Length("tasks"))
    return rows.defer("tasks")


def task_set_get(*, tenant_id: UUID, task_set_id: UUID) -> TaskSet:
    found = task_set_list(tenant_id=tenant_id).filter(id=task_set_id).first()
    if found is None:
        raise NotFound
    return found


def task_set_user(*, tenant_id: UUID, task_set_id: UUID) -> str:
    """The name of a policy that learns from the set; empty if none does."""
    rows = TrainingPolicy.objects.for_tenant(tenant_id).filter(task_set_id=task_set_id)
    return rows.values_list("name", flat=True).first() or ""


def rollout_list(*, tenant_id: UUID, policy_id: UUID | None = None) -> QuerySet[Rollout]:
    """With ``played``, ``failed`` and ``waiting`` episodes, and the mean reward of those played.

    Of one policy, where it is named.
    """
    rows = Rollout.objects.for_tenant(tenant_id)
    if policy_id is not None:
        rows = rows.filter(policy_id=policy_id)
    return (
        rows.select_related("policy", "task_set")
        .defer("task_set__tasks")
        .annotate(
            played=Count("episodes", filter=_on_episodes(RolloutEpisode.Status.PLAYED)),
            failed=Count("episodes", filter=_on_episodes(RolloutEpisode.Status.FAILED)),
            waiting=Count("episodes", filter=_on_episodes(RolloutEpisode.Status.WAITING)),
            mean_reward=Avg("episodes__reward"),
        )
    )


def rollout_get(*, tenant_id: UUID, rollout_id: UUID) -> Rollout:
    found = rollout_list(tenant_id=tenant_id).filter(id=rollout_id).first()
    if found is None:
        raise NotFound
    return found


def episode_list(*, tenant_id: UUID, rollout_id: UUID) -> QuerySet[RolloutEpisode]:
    return RolloutEpisode.objects.for_tenant(tenant_id).filter(rollout_id=rollout_id)


def rollout_played(*, tenant_id: UUID, rollout_id: UUID) -> Played:
    """How far it is. Raises NotFound."""
    row = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id).first()
    if row is None:
        raise NotFound
    counted = episode_list(tenant_id=tenant_id, rollout_id=rollout_id).aggregate(
        played=Count("id", filter=_PLAYED),
        failed=Count("id", filter=_FAILED),
        waiting=Count("id", filter=_WAITING),
        mean_reward=Avg("reward", filter=_PLAYED),
    )
    return Played(rollout_id=rollout_id, status=row.status, tokens=row.tokens, **counted)


def rollout_is_wanted(*, tenant_id: UUID, rollout_id: UUID) -> bool:
    """Whether there is anything left to do, as far as people are concerned."""
    rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
    return rows.exclude(status__in=Rollout.ENDED).exists()


def _on_episodes(status: str) -> Q:
    return Q(episodes__status=status)
