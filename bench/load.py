"""One round of load: the C program, told what to send and read for what it found."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import compiler
from bench.errors import BenchError

END_MARK = "data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that answers chat requests: the provider itself, the gateway, another one."""

    name: str
    url: str
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What every client sends, and what has to come back."""

    body: Path
    is_stream: bool
    # Byte for byte; None where a target may word its answer otherwise.
    expected: Path | None = None


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of it."""

    clients: int
    seconds: float
    sessions: int = 0
    # So many requests of a session carry the same message of the user.
    repeats: int = 1
    # The clients begin within this time instead of all at once.
    spread_seconds: float = 0.0
    most_requests: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """What one run of the load generator found. Times in milliseconds."""

    requests: int
    errors: int
    per_second: float
    p50: float
    p99: float
    first_byte_p50: float
    first_byte_p99: float
    # Of the measured process; 0 where none was watched.
    cpu_us: float = 0.0
    problem: str = field(default="", compare=False)


def run(target: Target, request: Request, dose: Dose) -> Round:
    """Send a dose and wait for its end. Raises BenchError if that cannot be done at all."""
    line = _line(target, request, dose)
    within = dose.seconds + dose.spread_seconds + 60
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=within, check=False)
    except subprocess.TimeoutExpired:
        raise BenchError(f"The load on {target.name} did not end.") from None
    if done.returncode:
        raise BenchError(f"The load on {target.name} failed: {done.stderr.strip()}")
    return read(json.loads(done.stdout))


def read(found: Mapping[str, Any]) -> Round:
    """What the load generator printed; requests without an answer count as errors too."""
    latency, first_byte = found["latency_ms"], found["first_byte_ms"]
    unfinished = found["unfinished"]
    problem = found["last_error"] or (f"{unfinished} unanswered" if unfinished else "")
    return Round(
        requests=found["completed"],
        errors=found["errors"] + unfinished,
        per_second=found["requests_per_second"],
        p50=latency["p50"],
        p99=latency["p99"],
        first_byte_p50=first_byte["p50"],
        first_byte_p99=first_byte["p99"],
        problem=problem,
    )


def _line(target: Target, request: Request, dose: Dose) -> Sequence[str]:
    line = [str(compiler.BUILT / "load"), "--url", f"{target.url}/chat/completions"]
    line += ["--body", str(request.body), "--clients", str(dose.clients)]
    line += ["--seconds", str(dose.seconds)]
    if request.expected is not None:
        line += ["--expect", str(request.expected)]
    if request.is_stream:
        line += ["--ending", END_MARK]
    if dose.sessions:
        line += ["--sessions", str(dose.sessions), "--repeat", str(dose.repeats)]
    if dose.spread_seconds:
        line += ["--spread", str(dose.spread_seconds)]
    if dose.most_requests:
        line += ["--requests", str(dose.most_requests)]
    for header in target.headers:
        line += ["--header", header]
    return line
