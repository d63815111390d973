"""Workers and the trainer, killed at any moment: is the number of steps what was planned?"""

import multiprocessing
import os
import random
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.training.models import BatchSample, Checkpoint, TrainingJob, TrainingStep
from apps.training.services import jobs_sweep
from bench.errors import BenchError
from bench.training import stage
from bench.training.finding import Found
from tests import database
from tests.trainer.process import TrainerProcess

_PAUSE = (0.1, 3.0)
# Of the kills; the others are of the worker.
_TRAINER_SHARE = 0.15
_STEPS = 12
_MOST_SECONDS = 3_600.0
_WORKERS = multiprocessing.get_context("forkserver")
_WORKERS.set_forkserver_preload(["bench.training.worker"])


def measure(trainer: TrainerProcess, key: str, found: Found, *, kills: int) -> None:
    """One job after the other until so many kills have been; then each has to be whole."""
    at = stage.workspace(trainer.url, key)
    ends_at = time.monotonic() + _MOST_SECONDS
    killed: Counter[str] = Counter()
    jobs: list[TrainingJob] = []
    while killed.total() < kills:
        of = stage.policy(
            at,
            f"killed {len(jobs)}",
            groups_per_step=1,
            group_size=8,
            # So slow that it never knows its tasks by heart, which would end a job early.
            learning_rate=1e-4,
        )
        jobs.append(stage.begin(of, _STEPS))
        killed += _through(trainer, jobs[-1], kills - killed.total(), ends_at)
    problems = [problem for job in jobs for problem in _problems(job)]
    found.add(
        f"{killed['worker']} SIGKILLs of the worker and {killed['trainer']} of the trainer during"
        f" {len(jobs)} jobs of {_STEPS} steps: jobs with another number of optimizer steps, samples"
        " used twice",
        "0",
        f"{len(problems)}{': ' + problems[0] if problems else ''}",
        is_met=not problems,
    )


def _through(trainer: TrainerProcess, job: TrainingJob, left: int, ends_at: float) -> Counter[str]:
    """Kill while the job is under way; answers with how many of whom."""
    killed: Counter[str] = Counter()
    worker = worker_start()
    try:
        while not stage.is_trained(job):
            if time.monotonic() > ends_at:
                raise BenchError("The jobs did not get done: see the steps that are left.")
            time.sleep(random.uniform(*_PAUSE))
            jobs_sweep()
            if killed.total() >= left:
                continue
            if random.random() < _TRAINER_SHARE:
                trainer.kill()
                trainer.start()
                killed["trainer"] += 1
            else:
                worker_end(worker)
                worker = worker_start()
                killed["worker"] += 1
    finally:
        worker_end(worker)
    return killed


def _problems(job: TrainingJob) -> list[str]:
    tenant_id: UUID = job.tenant_id
    with tenant_tx(tenant_id):
        steps = list(TrainingStep.objects.for_tenant(tenant_id).filter(job=job))
        checkpoints = list(Checkpoint.objects.for_tenant(tenant_id).filter(job=job))
        batches = [step.batch_id for step in steps]
        used = BatchSample.objects.for_tenant(tenant_id).filter(batch_id__in=batches)
        sample_ids = list(used.values_list("sample_id", flat=True))
    found = []
    confirmed = sum(step.status == "confirmed" for step in steps)
    if confirmed != job.planned_steps or len(steps) != job.planned_steps:
        found.append(f"{confirmed} of {len(steps)} steps are confirmed")
    if len(set(batches)) != len(batches) or len(set(sample_ids)) != len(sample_ids):
        found.append("samples were used twice")
    if len(checkpoints) != 1 or checkpoints[0].step != job.planned_steps:
        found.append(f"there are {len(checkpoints)} checkpoints")
    return found


def worker_start() -> BaseProcess:
    """A worker for training jobs, on the database of this benchmark; it begins at once."""
    # What workers are forked from is started with the first, and reads where the database is.
    os.environ["DATABASE_URL"] = database.url()
    process = _WORKERS.Process(target=work_forever, daemon=True)
    process.start()
    return process


def worker_end(process: BaseProcess) -> None:
    """At once, whatever it does."""
    process.kill()
    process.join()


def work_forever() -> None:
    from bench.training.worker import work

    work()
