"""Task sets, rollouts, and how far those are."""

from uuid import UUID

from django.db.models import Avg, Count, F, Func, IntegerField, Q, QuerySet

from apps.core.errors import NotFound
from apps.core.tenancy import directory
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


def rollout_of_step(*, tenant_id: UUID, job_id: UUID, step: int) -> Rollout | None:
    return rollout_list(tenant_id=tenant_id).filter(job_id=job_id, step=step).first()


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


def rollout_used(*, tenant_id: UUID, rollout_id: UUID) -> int:
    """Tokens that were read and said, as far as they are stored."""
    rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
    return int(rows.values_list(F("tokens") + F("prompt_tokens"), flat=True).get())


def rollout_is_wanted(*, tenant_id: UUID, rollout_id: UUID) -> bool:
    """Whether there is anything left to do, as far as people are concerned."""
    rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
    return rows.exclude(status__in=Rollout.ENDED).exists()


def rollouts_open() -> list[tuple[UUID, UUID]]:
    """(workspace, rollout) of all that have not ended, of every workspace."""
    with directory():
        rows = Rollout.objects.across_tenants().exclude(status__in=Rollout.ENDED)
        return list(rows.values_list("tenant_id", "id"))


def _on_episodes(status: str) -> Q:
    return Q(episodes__status=status)
