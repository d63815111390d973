"""Workers forked from a process that has loaded everything, and their ends."""

import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from multiprocessing import Array

from django.db import connections

from apps.jobs import runner
from bench.errors import BenchError
from bench.workers.stage import Stage

_WORKERS = 3
# How long they are left alone: a part of a job takes between a few milliseconds and a second.
# With less, one and the same job would lose ten workers in a row, and be given up for it.
_PAUSE = (0.1, 1.1)
_ENOUGH_WORK = 40
_LOOK_SECONDS = 0.05
# So short only that a dead worker's job is soon taken over; long enough that a living one keeps
# its own while the machine is busy.
_LEASE = timedelta(seconds=3)
_HEARTBEAT_SECONDS = 0.5
_NAMES = 40
_SAYS_SECONDS = 15.0


class Team:
    """Workers of one machine, and what each of them does at the moment."""

    def __init__(self) -> None:
        self._doing = [Array("c", _NAMES) for _ in range(_WORKERS)]
        self._pids = [self._start(number) for number in range(_WORKERS)]

    def kill_one(self) -> str:
        """End one that has a job and put another in its place; answers with what it was doing.

        Of a worker between two jobs nothing is to be learned: it is left alone. The answer is
        empty when all were, or when the one that was ended had got done in that moment.
        """
        busy = [number for number in range(_WORKERS) if self._job_of(number)]
        if not busy:
            return ""
        number = random.choice(busy)
        os.kill(self._pids[number], signal.SIGKILL)
        os.waitpid(self._pids[number], 0)
        doing = self._job_of(number)
        self._pids[number] = self._start(number)
        return doing

    def end(self) -> None:
        for pid in self._pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _job_of(self, number: int) -> str:
        return bytes(self._doing[number].get_obj()).split(b"\0")[0].decode()

    def _start(self, number: int) -> int:
        # A worker must not share a connection with this process.
        connections.close_all()
        self._doing[number] = Array("c", _NAMES)
        pid = os.fork()
        if pid:
            return pid
        with suppress(BaseException):
            _work(self._doing[number])
        os._exit(1)


def play(stage: Stage, kills: int, *, most_seconds: float) -> Counter[str]:
    """Kill so many workers while they have work; answers with how many did what."""
    stage.workspace()
    ends_at = time.monotonic() + most_seconds
    killed: Counter[str] = Counter()
    team = Team()
    says_at = time.monotonic()
    try:
        while killed.total() < kills:
            _in_time(ends_at)
            if time.monotonic() > says_at:
                says_at += _SAYS_SECONDS
                _say(f"{killed.total():,} of {kills:,} killed, {stage.standing}")
            time.sleep(random.uniform(*_PAUSE))
            stage.review()
            if len(runner.jobs_due()) < _ENOUGH_WORK:
                stage.workspace()
            doing = team.kill_one()
            # Of a worker that was between two jobs nothing is to be learned.
            if doing:
                killed[doing] += 1
        while not stage.is_idle:
            _in_time(ends_at)
            if time.monotonic() > says_at:
                says_at += _SAYS_SECONDS
                _say(f"all killed; {stage.standing}")
            stage.review()
            time.sleep(_LOOK_SECONDS * 4)
    finally:
        team.end()
        connections.close_all()
    return killed


def _work(doing: object) -> None:
    random.seed()
    runner.LEASE, runner.HEARTBEAT_SECONDS = _LEASE, _HEARTBEAT_SECONDS
    while True:
        due = runner.jobs_due()
        if not due:
            time.sleep(_LOOK_SECONDS)
            continue
        # By kind first: there are many more turns to judge than texts to replay.
        kind = random.choice(sorted({job.kind for job in due}))
        job = random.choice([one for one in due if one.kind == kind])
        doing.value = kind.encode()[: _NAMES - 1]  # type: ignore[attr-defined]
        runner.job_run(tenant_id=job.tenant_id, job_id=job.id)
        doing.value = b""  # type: ignore[attr-defined]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _in_time(ends_at: float) -> None:
    if time.monotonic() > ends_at:
        raise BenchError("The workers did not get done: see the jobs that are left.")
