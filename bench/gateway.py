"""One run: everything is set up, measured, counted and taken down again."""

import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import aims, machine, measuring, processes, prompts, report, workspace
from bench.errors import BenchError
from bench.load import END_MARK, Request, Target
from bench.measuring import DIRECT, GATEWAY, Meter, Row
from bench.processes import Watched
from bench.scenarios import EVENTS, PACE_MS, Extent
from bench.workspace import Workspace
from metaclaw_web.stack.ports import free_port

# No judge is asked about a side turn: it would call the fake provider for every request.
_HEADERS = ("x-turn-type: side",)
_DRAIN_SECONDS = 900.0
_QUIET_SECONDS = 30.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says."""

    extent: Extent
    peers: tuple[Target, ...] = ()
    upstream_port: int = 0
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """The two requests, and what the provider answers to them."""

    whole: Request
    stream: Request

    def of(self, *, is_stream: bool) -> Request:
        return self.stream if is_stream else self.whole


def run(choices: Choices, say: Say) -> report.Report:
    """Measure. Raises BenchError when something does not work at all."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(dir=choices.folder)))
        fast = running.enter_context(processes.upstream(port=choices.upstream_port))
        paced = running.enter_context(processes.upstream(pace_ms=PACE_MS))
        requests = _requests(folder, fast)
        spaces = {0: workspace.create(fast), PACE_MS: workspace.create(paced)}
        spool, port = folder / "spool", free_port()
        started = processes.gateway(port=port, spool=spool, log=folder / "gateway.log")
        gateway = running.enter_context(started)
        session = _Session(choices, Meter(gateway), requests, spaces, port, folder)
        return session.run({0: fast, PACE_MS: paced}, say)


@dataclass(slots=True)
class _Session:
    choices: Choices
    meter: Meter
    requests: Requests
    spaces: dict[int, Workspace]
    port: int
    folder: Path

    def run(self, upstreams: dict[int, str], say: Say) -> report.Report:
        extent, meter = self.choices.extent, self.meter
        through = {pace: self._target(space) for pace, space in self.spaces.items()}
        for target in through.values():
            self._check(target)
        meter.note_memory()
        averages = [machine.load_average()]
        whole = self.requests.whole
        measuring.soak(meter, through[0], whole, seconds=extent.warm_up_seconds, clients=64)
        rows: list[Row] = []
        for scenario in extent.scenarios:
            pace = scenario.pace_ms
            targets = [Target(DIRECT, upstreams[pace]), through[pace]]
            if not pace:
                targets += self.choices.peers
            request = self.requests.of(is_stream=scenario.is_stream)
            rows += measuring.compare(
                meter, scenario, targets, _asking(request), rounds=extent.rounds, say=say
            )
            averages.append(machine.load_average())
        before_soak = len(meter.memory.points)
        measuring.soak(meter, through[0], whole, seconds=extent.soak_seconds, clients=64)
        soaked = meter.memory.points[before_soak:]
        say("  Steady load of 1,000 sessions; waiting for the recorder")
        facts = self._drain()
        turns = sum(space.count_turns() for space in self.spaces.values())
        with_skill = sum(space.count_turns_with_skill() for space in self.spaces.values())
        return report.Report(
            measured_at=report.today(),
            machine=machine.describe(),
            load_averages=averages,
            extent=extent,
            rows=rows,
            memory=meter.memory.points,
            facts={
                "gateway, MB at the start": meter.memory.points[0][1],
                "gateway, MB after the warm-up": soaked[0][1],
                "gateway, MB at the end": soaked[-1][1],
                **facts,
            },
            aims=[
                aims.of_throughput(rows),
                aims.of_first_byte(rows),
                aims.of_first_byte_without_pause(rows),
                aims.of_memory(soaked),
                aims.of_capture(requests=meter.through_gateway, turns=turns, with_skill=with_skill),
            ],
        )

    def _target(self, space: Workspace) -> Target:
        headers = (f"authorization: Bearer {space.key}", *_HEADERS)
        return Target(GATEWAY, f"http://127.0.0.1:{self.port}/v1", headers)

    def _check(self, target: Target) -> None:
        """One request by hand: the answer is the provider's, and the skill went in."""
        body = self.requests.whole.body.read_bytes()
        answer, skills = _ask(target, body)
        self.meter.through_gateway += 1
        expected = self.requests.whole.expected
        if expected is None or answer != expected.read_bytes():
            raise BenchError("The gateway's answer is not the provider's.")
        if skills != f"{prompts.SKILL_SLUG}@1":
            raise BenchError(f"Not exactly the one skill went into the request: {skills!r}.")

    def _drain(self) -> dict[str, float]:
        """Wait until the recorder has stored everything, or stores nothing more."""
        started, wanted = time.monotonic(), self.meter.through_gateway
        first = stored = self._stored()
        moved_at = started
        while stored < wanted and time.monotonic() - started < _DRAIN_SECONDS:
            time.sleep(0.5)
            now_stored = self._stored()
            if now_stored > stored:
                stored, moved_at = now_stored, time.monotonic()
            elif time.monotonic() - moved_at > _QUIET_SECONDS:
                break
        seconds = max(0.001, moved_at - started)
        facts = {"turns waiting in the spool when the load ended": float(wanted - first)}
        if stored > first:
            facts["turns/s the recorder stored after that"] = (stored - first) / seconds
        facts["recorder, CPU us per turn"] = self.recorder.cpu_seconds() / max(1, stored) * 1e6
        facts["recorder, MB"] = self.recorder.resident_mb()
        return facts

    def _stored(self) -> int:
        return sum(space.count_turns() for space in self.spaces.values())


def _asking(request: Request) -> Callable[[Target], Request]:
    """Another gateway may word its answers otherwise; ours must not change a byte."""
    loose = Request(request.body, request.is_stream)
    return lambda target: request if target.name in (DIRECT, GATEWAY) else loose


def _requests(folder: Path, url: str) -> Requests:
    made = []
    for is_stream in (False, True):
        name = "stream" if is_stream else "whole"
        body, expected = folder / f"{name}.request", folder / f"{name}.answer"
        body.write_bytes(prompts.request_body(is_stream=is_stream))
        answer, _ = _ask(Target(DIRECT, url), body.read_bytes())
        is_right = answer.endswith(END_MARK.encode()) and answer.count(b"data: ") == EVENTS
        if is_stream and not is_right:
            raise BenchError("The fake provider's stream is not what it should be.")
        expected.write_bytes(answer)
        made.append(Request(body, is_stream, expected))
    return Requests(*made)


def _ask(target: Target, body: bytes) -> tuple[bytes, str]:
    headers: Sequence[tuple[str, str]] = [
        (name, value.strip()) for name, _, value in (one.partition(":") for one in target.headers)
    ]
    request = urllib.request.Request(
        f"{target.url}/chat/completions",
        body,
        {"content-type": "application/json", **dict(headers)},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read(), answer.headers.get("x-metaclaw-skills", "")
    except OSError as exc:
        raise BenchError(f"The {target.name} does not answer: {exc}.") from exc
