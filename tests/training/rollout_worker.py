"""Workers that play a rollout until it is done, or until they are killed."""

import os
import random
import signal
import sys
import time
from uuid import UUID

from django.db import connection

from apps.training.services.rollouts import rollout_play
from tests.training.fake_sampler import FakeSampler


def _slowly(_: object, at: int) -> str:
    time.sleep(random.uniform(0, 0.01))
    return "yes" if at % 2 else "no"


def start(tenant_id: UUID, rollout_id: UUID) -> int:
    pid = os.fork()
    if pid == 0:
        random.seed()
        rollout_play(
            tenant_id=tenant_id,
            rollout_id=rollout_id,
            sampler=FakeSampler(_slowly),
            is_wanted=lambda: True,
        )
        connection.close()
        os._exit(0)
    return pid


def main(tenant_id: UUID, rollout_id: UUID, kills: int) -> None:
    """Two at once; kill one of them again and again."""
    workers = [start(tenant_id, rollout_id), start(tenant_id, rollout_id)]
    killed = 0
    for _ in range(kills):
        time.sleep(random.uniform(0.05, 0.25))
        os.kill(workers[0], signal.SIGKILL)
        _, status = os.waitpid(workers.pop(0), 0)
        killed += os.WIFSIGNALED(status)
        workers.append(start(tenant_id, rollout_id))
    for pid in workers:
        os.waitpid(pid, 0)
    sys.stdout.write(f"{killed}\n")
