"""The requests of a run, and asking once by hand before asking a thousand times."""

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import prompts
from bench.errors import BenchError
from bench.load import END_MARK, Request, Target
from bench.measuring import DIRECT, GATEWAY
from bench.scenarios import EVENTS, Scenario


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests, with what the provider answers to them."""

    whole: Request
    stream: Request
    large: Request

    def asking(self, scenario: Scenario) -> Callable[[Target], Request]:
        """By target: ours must not change a byte, another gateway may word things otherwise."""
        strict = self.stream if scenario.is_stream else self.whole
        if scenario.is_large:
            strict = self.large
        loose = Request(strict.body, strict.is_stream)
        return lambda target: strict if target.name in (DIRECT, GATEWAY) else loose


def make(folder: Path, provider: Target) -> Requests:
    """Write the bodies and what the provider answers. Raises BenchError."""
    return Requests(
        whole=_make(folder, provider, "whole", prompts.request_body(is_stream=False)),
        stream=_make(folder, provider, "stream", prompts.request_body(is_stream=True)),
        large=_make(folder, provider, "large", prompts.large_body()),
    )


def check(target: Target, request: Request) -> None:
    """Ask the gateway once: it answers with the provider's bytes, and the skill went in."""
    answer, skills = _ask(target, request.body.read_bytes())
    if request.expected is None or answer != request.expected.read_bytes():
        raise BenchError("The gateway's answer is not the provider's.")
    if skills != f"{prompts.SKILL_SLUG}@1":
        raise BenchError(f"Not exactly the one skill went into the request: {skills!r}.")


def _make(folder: Path, provider: Target, name: str, content: bytes) -> Request:
    is_stream = name == "stream"
    body, expected = folder / f"{name}.request", folder / f"{name}.answer"
    body.write_bytes(content)
    answer, _ = _ask(provider, body.read_bytes())
    if is_stream:
        is_right = answer.endswith(END_MARK.encode()) and answer.count(b"data: ") == EVENTS
        if not is_right:
            raise BenchError("The fake provider's stream is not what it should be.")
    expected.write_bytes(answer)
    return Request(body, is_stream, expected)


def _ask(target: Target, body: bytes) -> tuple[bytes, str]:
    """The answer's bytes and the skills that went into the request."""
    request = urllib.request.Request(f"{target.url}/chat/completions", body)
    request.add_header("content-type", "application/json")
    for header in target.headers:
        name, _, value = header.partition(":")
        request.add_header(name, value.strip())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read(), answer.headers.get("x-metaclaw-skills", "")
    except OSError as exc:
        raise BenchError(f"The {target.name} does not answer: {exc}.") from exc
