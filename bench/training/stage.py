"""Workspaces that train on the local trainer, and a worker that does what is due for them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from uuid import UUID, uuid4

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.client import open_sampler
from apps.integrations.tinker.types import SamplingWish, TrainerConnection
from apps.jobs import runner
from apps.tenants.services import tenant_create
from apps.tenants.types import SYSTEM
from apps.training import services
from apps.training.checkers import answer_check
from apps.training.models import Checkpoint, TrainingJob, TrainingPolicy, TrainingStep
from apps.training.selectors.jobs import job_get, step_list
from apps.training.services.task_sets import task_set_create
from apps.upstreams.services import upstream_create
from bench.errors import BenchError

BASE_MODEL = "local/demo-1"
# What answers are rewarded for: the share of their characters that are one of these.
MARKS = "[^a-z ]"
# Three that have nothing in common, and each of which the demo model has tokens for that are
# nothing else: foreign letters and halves of them; capitals, digits and signs; small letters.
APART = ("[^ -~]", "[!-Z]", "[a-z ]")
_TASKS = 40
_UNSEEN = 4
_LOOK_SECONDS = 0.02
_KINDS = "training."


@dataclass(frozen=True, slots=True)
class Workspace:
    tenant_id: UUID
    upstream_id: UUID
    task_set_id: UUID


def workspace(url: str, key: str, *, wanted: str = MARKS, name: str = "train") -> Workspace:
    """A workspace with a connection to the trainer and tasks that ask for some letters."""
    tenant_id = tenant_create(slug=f"{name}-{uuid4().hex[:12]}", name="Training").id
    upstream = upstream_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        name="trainer",
        kind="tinker-policy",
        base_url=url,
        api_key=key,
        model=BASE_MODEL,
    )
    task_set = task_set_create(
        tenant_id=tenant_id, actor=SYSTEM, name="letters", content=tasks(wanted)
    )
    services.budget_set(tenant_id=tenant_id, actor=SYSTEM, daily_steps=None)
    return Workspace(tenant_id, upstream.id, task_set.id)


def tasks(wanted: str) -> bytes:
    """A file of tasks, all rewarded alike."""
    line = '{{"task_id": "t{0}", "instruction": "Say something, {0}.", "checker": {1}}}'
    checker = f'{{"kind": "share", "value": "{wanted}"}}'
    return "\n".join(line.format(number, checker) for number in range(_TASKS)).encode()


def policy(at: Workspace, name: str, **fields: Any) -> TrainingPolicy:
    """Settings under which the demo model learns in seconds."""
    wanted = {
        "upstream_id": at.upstream_id,
        "base_model": BASE_MODEL,
        "rank": 8,
        "source": "tasks",
        "task_set_id": at.task_set_id,
        "learning_rate": 2e-2,
        "groups_per_step": 4,
        "group_size": 16,
        "max_tokens": 16,
    }
    return services.policy_create(
        tenant_id=at.tenant_id, actor=SYSTEM, name=name, **(wanted | fields)
    )


def begin(of: TrainingPolicy, steps: int) -> TrainingJob:
    return services.job_create(
        tenant_id=of.tenant_id,
        actor=SYSTEM,
        policy_id=of.id,
        trigger="api",
        steps=steps,
        is_now=True,
    )


def fresh(job: TrainingJob) -> TrainingJob:
    with tenant_tx(job.tenant_id):
        return job_get(tenant_id=job.tenant_id, job_id=job.id)


def steps_of(job: TrainingJob) -> list[TrainingStep]:
    with tenant_tx(job.tenant_id):
        return list(step_list(tenant_id=job.tenant_id, job_id=job.id))


def checkpoint_of(job: TrainingJob) -> Checkpoint:
    with tenant_tx(job.tenant_id):
        return Checkpoint.objects.for_tenant(job.tenant_id).get(job=job)


def is_trained(job: TrainingJob) -> bool:
    """Whether all its steps are behind it. Raises BenchError where that will not be."""
    now = fresh(job)
    if now.status in ("failed", "cancelled", "paused"):
        raise BenchError(f"The training job is {now.status}: {now.note}")
    return now.status in ("gating", "done")


def work(until: Callable[[], bool], *, most_seconds: float, kinds: str = _KINDS) -> float:
    """Do what is due, one after the other, until that is so; answers with the seconds it took."""
    began = time.monotonic()
    while not until():
        if time.monotonic() - began > most_seconds:
            raise BenchError("Training did not get done in time: see its job.")
        due = [job for job in runner.jobs_due() if job.kind.startswith(kinds)]
        for job in due[:1]:
            runner.job_run(tenant_id=job.tenant_id, job_id=job.id)
        if not due:
            time.sleep(_LOOK_SECONDS)
    return time.monotonic() - began


def train(of: TrainingPolicy, steps: int, *, most_seconds: float = 600) -> "Trained":
    """A whole job, by one worker, as it would be at night."""
    job = begin(of, steps)
    seconds = work(lambda: is_trained(job), most_seconds=most_seconds)
    return Trained(job, steps_of(job), seconds)


@dataclass(frozen=True, slots=True)
class Trained:
    job: TrainingJob
    steps: Sequence[TrainingStep]
    seconds: float

    def figures(self, name: str) -> list[float]:
        return [float(step.metrics[name]) for step in self.steps]


def reward_of(job: TrainingJob, url: str, key: str, *, wanted: str = MARKS) -> float:
    """What the job's checkpoint says to tasks it has not seen, as their checker rewards it."""
    checkpoint = checkpoint_of(job)
    connection = TrainerConnection(base_url=url, api_key=key)
    found: list[float] = []
    with open_sampler(connection, base_model=BASE_MODEL, path=checkpoint.sampler_path) as sampler:
        renderer = sampler.renderer()
        for number in range(_UNSEEN):
            asked = {"role": "user", "content": f"Say something, {_TASKS + number}."}
            wish = SamplingWish(max_tokens=16, seed=number)
            for said in sampler.sample(renderer.prompt([asked]), 16, wish):
                text = renderer.said(said.tokens).text
                checker = {"kind": "share", "value": wanted}
                found.append(answer_check(checker, text, None).reward)
    return fmean(found)
