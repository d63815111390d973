"""Requests while a job trains, weights are swapped and the trainer goes away: does one notice?

Asked are, in turns, the route of a policy, whose stand-in is the practice model, and the practice
model itself, twenty times a second together.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections

from apps.tenants.services import key_create
from apps.tenants.types import SYSTEM
from apps.upstreams.services import route_create, route_update, upstream_create
from bench.training import killing, stage
from bench.training.finding import Found
from bench.workers import practice
from tests.proxy.running import RunningGateway, free_port
from tests.trainer.process import TrainerProcess

_RATE = 20
_SECONDS = 20.0
_TIMES_IDLE = 1.5
_TRAINER_RESTARTS = 3
_STEPS = 60
_POLICY, _OTHER = "helper", "plain"


@dataclass(slots=True)
class _Asked:
    """Of each route the seconds a request took, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {_POLICY: [], _OTHER: []})
    failed: list[str] = field(default_factory=list)

    def p99(self, route: str) -> float:
        return statistics.quantiles(self.seconds[route], n=100)[98]

    @property
    def count(self) -> int:
        return sum(map(len, self.seconds.values())) + len(self.failed)


def measure(trainer: TrainerProcess, key: str, found: Found) -> None:
    """First with nothing else under way, then during a job, swaps and restarts of the trainer."""
    at = stage.workspace(trainer.url, key)
    with (
        tempfile.TemporaryDirectory(prefix="metaclaw-bench-") as folder,
        practice.running() as url,
        _policy_process(Path(folder)) as policy_url,
        _gateway(Path(folder), policy_url) as gateway,
    ):
        other = upstream_create(
            tenant_id=at.tenant_id,
            actor=SYSTEM,
            name="practice",
            # As anybody's provider: the practice model of an installation serves nowhere else.
            kind="openai",
            base_url=f"{url}/v1",
            api_key="sk-practice",
            model="practice-1",
        )
        stand_in = {"upstream": str(other.id), "model": "practice-1"}
        trained = stage.train(stage.policy(at, "first", steps_per_job=3), 3)
        paths = ["", stage.checkpoint_of(trained.job).sampler_path]
        route = route_create(
            tenant_id=at.tenant_id,
            actor=SYSTEM,
            model=_POLICY,
            targets=_targets(at, paths, stand_in),
        )
        route_create(tenant_id=at.tenant_id, actor=SYSTEM, model=_OTHER, targets=[stand_in])
        _, gateway.key = key_create(
            tenant_id=at.tenant_id, actor=SYSTEM, name="bench", scopes=["gateway"]
        )
        _ask(gateway, seconds=3.0)
        idle = _ask(gateway, seconds=_SECONDS)
        busy = _while_training(trainer, at, gateway, route.id, paths, stand_in)
    _report(idle, busy, found)


def _while_training(
    trainer: TrainerProcess,
    at: stage.Workspace,
    gateway: RunningGateway,
    route_id: Any,
    paths: list[str],
    stand_in: dict[str, str],
) -> _Asked:
    stage.begin(stage.policy(at, "second"), _STEPS)
    worker = killing.worker_start()
    over = threading.Event()

    def disturb() -> None:
        for number in range(_TRAINER_RESTARTS):
            over.wait(_SECONDS / (_TRAINER_RESTARTS + 1))
            paths.reverse()
            route_update(
                tenant_id=at.tenant_id,
                actor=SYSTEM,
                route_id=route_id,
                targets=_targets(at, paths, stand_in),
            )
            if number == 1:
                trainer.kill()
                trainer.start()
        # This thread's own.
        connections.close_all()

    disturbing = threading.Thread(target=disturb, name="disturbing")
    disturbing.start()
    try:
        return _ask(gateway, seconds=_SECONDS)
    finally:
        over.set()
        disturbing.join()
        killing.worker_end(worker)


def _targets(
    at: stage.Workspace, paths: list[str], stand_in: dict[str, str]
) -> list[dict[str, str]]:
    """The policy's weights first (none: the base model), then who stands in."""
    model = paths[0] or stage.BASE_MODEL
    return [{"upstream": str(at.upstream_id), "model": model}, stand_in]


def _ask(gateway: RunningGateway, *, seconds: float) -> _Asked:
    """At a fixed rate, whatever comes of it."""
    asked, began = _Asked(), time.monotonic()
    lock = threading.Lock()

    def one(number: int) -> None:
        route = (_POLICY, _OTHER)[number % 2]
        due = began + number / _RATE
        time.sleep(max(0.0, due - time.monotonic()))
        started = time.monotonic()
        problem = _request(gateway, route, number)
        with lock:
            if problem:
                asked.failed.append(f"{route}: {problem}")
            else:
                asked.seconds[route].append(time.monotonic() - started)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(one, range(int(seconds * _RATE))))
    return asked


def _request(gateway: RunningGateway, route: str, number: int) -> str:
    """What went wrong; empty for a whole answer."""
    body = {
        "model": route,
        "max_tokens": 16,
        "messages": [{"role": "user", "content": f"Say something, {number}."}],
    }
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=60)
    try:
        headers = {"authorization": f"Bearer {gateway.key}", "content-type": "application/json"}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        return "" if answer.status == 200 and said["choices"] else f"{answer.status} {said}"
    except (OSError, http.client.HTTPException, ValueError, KeyError) as exc:
        return repr(exc)
    finally:
        connection.close()


def _report(idle: _Asked, busy: _Asked, found: Found) -> None:
    failed = idle.failed + busy.failed
    found.add(
        f"{_RATE} requests/s during steps, {_TRAINER_RESTARTS} swaps of weights and a SIGKILL of"
        " the trainer: failed",
        "0",
        f"{len(busy.failed)} of {busy.count}{': ' + failed[0][:150] if failed else ''}",
        is_met=not failed,
    )
    for route, of in ((_OTHER, "another provider"), (_POLICY, "the policy that trains")):
        if not (idle.seconds[route] and busy.seconds[route]):
            continue
        before, during = idle.p99(route), busy.p99(route)
        found.add(
            f"p99 of requests to {of}, of that with nothing else under way",
            f"<= {_TIMES_IDLE} x",
            f"{during / before:.2f} x ({before * 1000:.0f} to {during * 1000:.0f} ms)",
            is_met=during <= _TIMES_IDLE * before,
        )


@contextmanager
def _policy_process(folder: Path) -> Iterator[str]:
    port = free_port()
    line = [sys.executable, "-m", "apps.integrations.tinker.policy", "--port", str(port)]
    bare = {"PATH": os.defpath, "HF_HUB_OFFLINE": "1"}
    with (folder / "policy.log").open("wb") as log:
        process = subprocess.Popen([*line, "--allow-private"], env=bare, stdout=log, stderr=log)
    try:
        practice.wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _gateway(folder: Path, policy_url: str) -> Iterator[RunningGateway]:
    gateway = RunningGateway(
        folder,
        METACLAW_POLICY_URL=policy_url,
        METACLAW_FIRST_BYTE_TIMEOUT_SECONDS="60",
        METACLAW_IDLE_TIMEOUT_SECONDS="60",
    )
    try:
        yield gateway.launch().wait()
    finally:
        with suppress(OSError):
            gateway.stop()
