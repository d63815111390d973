"""A bell makes things quick, and nothing depends on it."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest

from apps.core import bell
from apps.jobs import runner
from tests import database
from tests.jobs.conftest import change, enqueue, stored

PATIENCE_SECONDS = 10


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue that no worker of this machine listens to."""
    name = f"t{uuid4().hex[:7]}"
    yield name
    with bell.redis_client() as redis:
        redis.delete(name, f"_kombu.binding.{name}")


def rung_for(queue: str) -> list[UUID]:
    with bell.redis_client() as redis:
        messages = [json.loads(message) for message in redis.lrange(queue, 0, -1)]
    bodies = [json.loads(base64.b64decode(message["body"])) for message in messages]
    return [UUID(kwargs["job_id"]) for _, kwargs, _ in bodies]


def eventually(check) -> bool:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not check() and time.monotonic() < give_up:
        time.sleep(0.02)
    return check()


def test_a_committed_job_rings_for_a_worker(committed_tenant, queue):
    job_id = enqueue(committed_tenant, queue=queue)

    assert eventually(lambda: rung_for(queue) == [job_id])


def test_the_sweep_rings_again_for_a_bell_that_was_lost(committed_tenant, queue, work):
    job_id = enqueue(committed_tenant, queue=queue)
    assert eventually(lambda: rung_for(queue))
    with bell.redis_client() as redis:
        redis.delete(queue)  # as after a restart of Redis without its data

    runner.jobs_sweep()

    assert eventually(lambda: rung_for(queue) == [job_id])
    runner.job_run(tenant_id=committed_tenant, job_id=job_id)
    runner.job_run(tenant_id=committed_tenant, job_id=job_id)
    assert (stored(committed_tenant, job_id).status, len(work.begun)) == ("done", 1)


def test_bells_that_ring_twice_do_the_work_once(committed_tenant, queue, work):
    job_id = enqueue(committed_tenant, queue=queue)
    change(committed_tenant, job_id, queue=queue)
    runner.jobs_sweep()
    runner.jobs_sweep()
    assert eventually(lambda: len(rung_for(queue)) == 3)

    for rung in rung_for(queue):
        runner.job_run(tenant_id=committed_tenant, job_id=rung)

    assert len(work.begun) == 1


@contextmanager
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]  # bound, not listening: connections are refused


@contextmanager
def black_hole() -> Iterator[int]:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        yield silent.getsockname()[1]  # accepts, and never says a word


ENQUEUE_TWENTY = """
import sys, time, uuid
import django
django.setup()
from django.db import connection
from apps.core.tenancy import tenant_tx
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
tenant = uuid.UUID(sys.argv[1])
with tenant_tx(tenant):
    pass
slowest = 0.0
for number in range(20):
    started = time.monotonic()
    with tenant_tx(tenant):
        job_enqueue(tenant_id=tenant, kind="test.work", payload={"number": number})
        publish_on_commit(tenant, Changed("trajectories.turn", str(number), "complete"))
    slowest = max(slowest, time.monotonic() - started)
print(slowest)
"""


@pytest.mark.parametrize("redis", [closed_port, black_hole])
def test_a_redis_that_is_away_neither_fails_nor_delays_anybody(committed_tenant, redis):
    with redis() as port:
        done = subprocess.run(
            [sys.executable, "-c", ENQUEUE_TWENTY, str(committed_tenant)],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "metaclaw_web.settings.test",
                "DATABASE_URL": database.url(),
                "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 0.5
    assert runner.jobs_sweep() == 20  # they are all there, for the sweep to ring for
