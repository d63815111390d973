"""One run: everything is set up, measured, counted and taken down again.

The recorder joins after the comparison, for the steady load at the end: until then turns wait
in the spool, and what is measured is the gateway's process.
"""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import aims, capture, idle, machine, measuring, processes, report, requests, workspace
from bench.capture import Capture
from bench.load import Round, Target
from bench.measuring import DIRECT, GATEWAY, Meter, Row
from bench.requests import Requests
from bench.scenarios import PACE_MS, SESSIONS, Extent
from bench.workspace import Workspace
from metaclaw_web.stack.ports import free_port

# No judge is asked about a side turn: it would call the fake provider for every request.
_KIND = "x-turn-type: side"
_SOAK_CLIENTS = 64

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says."""

    extent: Extent
    peers: tuple[Target, ...] = ()
    upstream_port: int = 0
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class _Scene:
    """What stands ready. Providers, workspaces and targets by the pace of the provider."""

    meter: Meter
    requests: Requests
    providers: Mapping[int, Target]
    spaces: Mapping[int, Workspace]
    gateways: Mapping[int, Target]
    spool: Path
    folder: Path
    idle: idle.Place


def run(choices: Choices, say: Say) -> report.Report:
    """Measure. Raises BenchError when something does not work at all."""
    extent = choices.extent
    with ExitStack() as running:
        scene = _set_up(choices, running)
        for target in scene.gateways.values():
            requests.check(target, scene.requests.whole)
            scene.meter.through_gateway += 1
        scene.meter.note_memory()
        averages = [machine.load_average()]
        _soak(scene, extent.warm_up_seconds)
        rows = _compare_all(scene, choices, averages, say)
        idle_kb = idle.cost_of_streams(scene.meter.gateway, scene.idle, extent.idle_streams)
        say(f"  {extent.idle_streams} open streams")
        recording = processes.recorder(spool=scene.spool, log=scene.folder / "recorder.log")
        recorder = running.enter_context(recording)
        before = len(scene.meter.memory.points)
        soaked = _soak(scene, extent.soak_seconds)
        points = scene.meter.memory.points[before:]
        say(f"  Steady load of {SESSIONS:,} sessions; waiting for the recorder")
        wanted = scene.meter.through_gateway
        captured = capture.await_all(scene.spaces.values(), recorder, wanted)
        return report.Report(
            measured_at=report.today(),
            machine=machine.describe(),
            load_averages=averages,
            extent=extent,
            rows=rows,
            memory=scene.meter.memory.points,
            facts=_facts(scene.meter, points, soaked, captured),
            aims=[
                aims.of_throughput(rows),
                aims.of_first_requests(rows),
                aims.of_first_byte(rows),
                aims.of_first_byte_without_pause(rows),
                aims.of_added_latency(rows),
                aims.of_added_latency_at_worst(rows),
                aims.of_large_requests(rows),
                aims.of_many_streams(rows),
                aims.of_many_streams_at_worst(rows),
                aims.of_rate_held(rows),
                aims.of_idle_streams(idle_kb, extent.idle_streams),
                aims.of_memory(points),
                aims.of_capture(wanted, captured.turns, captured.with_skill),
            ],
        )


def _set_up(choices: Choices, running: ExitStack) -> _Scene:
    folder = Path(running.enter_context(tempfile.TemporaryDirectory(dir=choices.folder)))
    addresses = {
        0: running.enter_context(processes.upstream(port=choices.upstream_port)),
        PACE_MS: running.enter_context(processes.upstream(pace_ms=PACE_MS)),
    }
    silent = running.enter_context(processes.upstream(pace_ms=idle.SILENT_MS))
    silent_space = workspace.create(silent)
    providers = {pace: Target(DIRECT, address) for pace, address in addresses.items()}
    spaces = {pace: workspace.create(address) for pace, address in addresses.items()}
    spool, port = folder / "spool", free_port()
    starting = processes.gateway(port=port, spool=spool, log=folder / "gateway.log")
    return _Scene(
        meter=Meter(running.enter_context(starting)),
        requests=requests.make(folder, providers[0]),
        providers=providers,
        spaces=spaces,
        gateways={
            pace: Target(
                GATEWAY,
                f"http://127.0.0.1:{port}/v1",
                (f"authorization: Bearer {space.key}", _KIND),
            )
            for pace, space in spaces.items()
        },
        spool=spool,
        folder=folder,
        idle=idle.Place(port, silent_space.key),
    )


def _compare_all(scene: _Scene, choices: Choices, averages: list[float], say: Say) -> list[Row]:
    rows: list[Row] = []
    for scenario in choices.extent.scenarios:
        pace = scenario.pace_ms
        targets = [scene.providers[pace], scene.gateways[pace]]
        if not pace:
            targets += choices.peers
        rows += measuring.compare(
            scene.meter,
            scenario,
            targets,
            scene.requests.asking(scenario),
            rounds=choices.extent.rounds,
            say=say,
        )
        averages.append(machine.load_average())
    return rows


def _soak(scene: _Scene, seconds: float) -> Round:
    return measuring.soak(
        scene.meter,
        scene.gateways[0],
        scene.requests.whole,
        seconds=seconds,
        clients=_SOAK_CLIENTS,
    )


def _facts(
    meter: Meter, points: list[tuple[int, float]], soaked: Round, captured: Capture
) -> dict[str, float]:
    return {
        "gateway, MB at the start": meter.memory.points[0][1],
        "gateway, MB before the steady load": points[0][1],
        "gateway, MB at the end": points[-1][1],
        "requests/s with the recorder beside it": soaked.per_second,
        "turns waiting in the spool when the load ended": captured.waiting_at_end,
        "turns/s the recorder stored after that": captured.per_second,
        "recorder, CPU us per turn": captured.cpu_us,
        "recorder, MB": captured.resident_mb,
    }
