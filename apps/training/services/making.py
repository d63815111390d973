"""A checkpoint from what a job has stored at the trainer."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from apps.live.events import Changed, publish_on_commit
from apps.skills.selectors import generation_get
from apps.training.models import BatchSample, Checkpoint, TrainingJob, TrainingStep
from apps.training.recipe import Recipe


def checkpoint_make(
    *,
    job: TrainingJob,
    steps: int,
    state_path: str,
    sampler_path: str,
    expires_at: datetime | None = None,
    note: str = "",
) -> Checkpoint:
    """The weights behind ``steps`` steps of this job, as a candidate. Runs in the caller's
    transaction. A job that has one already keeps it: safe to repeat."""
    tenant_id = job.tenant_id
    rows = Checkpoint.objects.for_tenant(tenant_id)
    found = rows.filter(job=job).first()
    if found is not None:
        return found
    recipe = Recipe.read(job.settings)
    checkpoint = Checkpoint.objects.create(
        tenant_id=tenant_id,
        policy_id=job.policy_id,
        job=job,
        parent=job.start,
        step=_age(tenant_id, job, steps),
        base_model=recipe.base_model,
        rank=recipe.rank,
        state_path=state_path,
        sampler_path=sampler_path,
        generation=generation_get(tenant_id=tenant_id),
        samples=_samples(tenant_id, job),
        expires_at=expires_at,
        note=note,
    )
    publish_on_commit(
        tenant_id, Changed("training.checkpoint", str(checkpoint.id), checkpoint.status)
    )
    return checkpoint


def _age(tenant_id: UUID, job: TrainingJob, steps: int) -> int:
    """In optimizer steps since the adapter was new. Two jobs that went on from one checkpoint
    with as many steps would have one age: the later is counted on from the oldest there is."""
    age = (job.start.step if job.start_id and job.start else 0) + steps
    rows = Checkpoint.objects.for_tenant(tenant_id).filter(policy_id=job.policy_id)
    if rows.filter(step=age).exists():
        age = (rows.aggregate(most=Max("step"))["most"] or 0) + steps
    return age


def _samples(tenant_id: UUID, job: TrainingJob) -> int:
    confirmed = TrainingStep.objects.for_tenant(tenant_id).filter(
        job=job, status=TrainingStep.Status.CONFIRMED
    )
    batches = BatchSample.objects.for_tenant(tenant_id)
    return batches.filter(batch_id__in=confirmed.values("batch_id")).count()
