import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench import compiler, load, processes, prompts
from bench.load import END_MARK, Dose, Request, Target
from bench.requests import make

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
FOUND = {
    "latency_ms": {"p50": 1.5, "p90": 2.0, "p99": 3.5, "most": 9.0},
    "first_byte_ms": {"p50": 0.5, "p90": 1.0, "p99": 2.5, "most": 9.0},
    "started": 12,
    "completed": 10,
    "errors": 1,
    "unfinished": 2,
    "requests_per_second": 5.0,
    "last_error": "",
}


def test_requests_that_were_never_answered_count_as_errors():
    found = load.read(FOUND)

    assert (found.requests, found.errors, found.problem) == (10, 3, "2 unanswered")


def test_percentiles_are_taken_over_as_they_are():
    found = load.read(FOUND)

    assert (found.p50, found.p99, found.first_byte_p50, found.first_byte_p99) == (
        1.5,
        3.5,
        0.5,
        2.5,
    )


def test_the_request_has_about_four_kilobytes_and_a_number():
    body = prompts.request_body(is_stream=True)

    assert 3900 < len(body) < 4300
    assert json.loads(body)["stream"] is True
    assert b"number 0000000000" in body


@pytest.fixture(scope="module")
def provider() -> Iterator[Target]:
    compiler.build()
    with processes.upstream() as address:
        yield Target("direct", address)


@needs_compiler
@pytest.mark.parametrize("is_stream", [False, True])
def test_a_round_counts_what_it_sent(provider, tmp_path, is_stream):
    requests = make(tmp_path, provider)
    request = requests.stream if is_stream else requests.whole

    found = load.run(provider, request, Dose(clients=4, seconds=10, most_requests=25))

    assert (found.requests, found.errors) == (25, 0)
    assert 0 < found.first_byte_p50 <= found.p50 <= found.p99


@needs_compiler
def test_other_bytes_than_expected_are_errors(provider, tmp_path):
    whole = make(tmp_path, provider).whole
    answer = whole.expected.read_bytes()
    whole.expected.write_bytes(answer.replace(b"little", b"LITTLE", 1))

    found = load.run(provider, whole, Dose(clients=2, seconds=10, most_requests=6))

    assert (found.errors, found.problem) == (6, "other bytes than expected (status 200)")


@needs_compiler
def test_a_stream_without_its_end_is_an_error(provider, tmp_path):
    whole = make(tmp_path, provider).whole

    found = load.run(
        provider, Request(whole.body, is_stream=True), Dose(clients=1, seconds=10, most_requests=3)
    )

    assert (found.errors, found.problem) == (3, "no end mark (status 200)")


@needs_compiler
def test_a_paced_stream_takes_its_time(tmp_path):
    compiler.build()
    with processes.upstream(pace_ms=2) as address:
        target = Target("direct", address)
        stream = make(tmp_path, target).stream

        found = load.run(target, stream, Dose(clients=2, seconds=10, most_requests=2))

    assert found.p50 >= 100
    assert found.first_byte_p50 < 60


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.headers.get("x-session-id", ""), body))
        answer = END_MARK.encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments: object) -> None:
        """Keep the test's output clean."""


@needs_compiler
def test_sessions_go_round_and_every_request_has_its_own_number(tmp_path: Path):
    compiler.build()
    _Echo.seen.clear()
    body = tmp_path / "body"
    body.write_bytes(prompts.request_body(is_stream=False))
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        target = Target("echo", f"http://127.0.0.1:{server.server_port}/v1")
        dose = Dose(clients=2, seconds=10, sessions=3, most_requests=7)
        found = load.run(target, Request(body, is_stream=True), dose)
        server.shutdown()
        thread.join()

    assert (found.requests, found.errors) == (7, 0)
    assert {session for session, _ in _Echo.seen} == {f"bench-{n:010d}" for n in range(3)}
    assert len({sent for _, sent in _Echo.seen}) == 7
    assert all(json.loads(sent)["messages"] for _, sent in _Echo.seen)


@needs_compiler
def test_nothing_listening_is_said_in_a_sentence(tmp_path):
    compiler.build()
    body = tmp_path / "body"
    body.write_bytes(b"{}")
    line = [str(compiler.BUILT / "load"), "--url", "http://127.0.0.1:1/v1", "--body", str(body)]

    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (1, "nothing listens there\n")
