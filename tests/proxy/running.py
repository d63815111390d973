"""The gateway as users run it: a process of its own, with a spool of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import database

SECONDS = 15.0
MAX_BODY_MB = 4
FIRST_BYTE_SECONDS = 2
IDLE_SECONDS = 2


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["error"]
        return found

    @property
    def turn_id(self) -> str:
        return self.headers["x-metaclaw-turn"]

    @property
    def session_id(self) -> str:
        return self.headers["x-metaclaw-session"]

    @property
    def skills(self) -> list[str]:
        return [one for one in self.headers["x-metaclaw-skills"].split(",") if one]


class RunningGateway:
    """A gateway process; ``key`` is what requests are signed with unless they say otherwise."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.spool = folder / "spool"
        self.port = free_port()
        self.log = folder / f"gateway-{self.port}.log"
        self.key = ""
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "metaclaw_web.settings.test",
            "DATABASE_URL": database.url(),
            "METACLAW_GATEWAY_PORT": str(self.port),
            "METACLAW_SPOOL_DIR": str(self.spool),
            "METACLAW_MAX_BODY_MB": str(MAX_BODY_MB),
            "METACLAW_FIRST_BYTE_TIMEOUT_SECONDS": str(FIRST_BYTE_SECONDS),
            "METACLAW_IDLE_TIMEOUT_SECONDS": str(IDLE_SECONDS),
            **environment,
        }
        self.process: subprocess.Popen[bytes]

    def launch(self) -> "RunningGateway":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "metaclaw_web.gateway"],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        return self

    def wait(self) -> "RunningGateway":
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.get("/healthz", key="").status == 200:
                    return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait(10)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    @property
    def memory_bytes(self) -> int:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    # Asking ------------------------------------------------------------------------------

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, b"", headers)

    def chat(
        self,
        body: bytes | dict[str, Any],
        dialect: str = "openai",
        **headers: str,
    ) -> Answer:
        """One request, read to its end. A broken connection shows as IncompleteRead."""
        path = path_of(dialect)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", path, raw, {"content-type": "application/json", **headers})

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Underscores in header names stand for hyphens; ``key`` replaces the usual key."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body or None, self._headers(headers))
            response = connection.getresponse()
            data = response.read()
            return Answer(
                response.status, {k.lower(): v for k, v in response.headers.items()}, data
            )
        finally:
            connection.close()

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        key = given.pop("key", self.key)
        return ({"authorization": f"Bearer {key}"} if key else {}) | given

    def open(self, body: dict[str, Any], dialect: str = "openai", **headers: str) -> "Wire":
        """Send a request and hand over the connection before anything is read of it."""
        raw = json.dumps(body).encode()
        lines = [f"POST {path_of(dialect)} HTTP/1.1", "host: gateway", "connection: close"]
        given = {"content-type": "application/json", "content-length": str(len(raw))}
        lines += [f"{k}: {v}" for k, v in (self._headers(headers) | given).items()]
        return self.wire("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)

    def wire(self, data: bytes, receive_buffer: int = 0) -> "Wire":
        plug = socket.socket()
        if receive_buffer:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plug.settimeout(SECONDS)
        plug.connect(("127.0.0.1", self.port))
        plug.sendall(data)
        return Wire(plug)


class Wire:
    """A raw connection to the gateway."""

    def __init__(self, plug: socket.socket) -> None:
        self.socket = plug
        self.data = b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def read_until(self, mark: bytes) -> bytes:
        while mark not in self.data:
            piece = self.socket.recv(65536)
            assert piece, self.data
            self.data += piece
        return self.data

    def read_all(self) -> bytes:
        for piece in self._pieces():
            self.data += piece
        return self.data

    def _pieces(self) -> Iterator[bytes]:
        while True:
            try:
                piece = self.socket.recv(65536)
            except ConnectionResetError:
                return
            if not piece:
                return
            yield piece

    def header(self, name: str) -> str:
        head = self.read_until(b"\r\n\r\n").partition(b"\r\n\r\n")[0].decode("latin-1")
        for line in head.split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name:
                return value
        raise AssertionError(f"no {name} in {head}")

    @property
    def status(self) -> int:
        return int(self.read_until(b"\r\n").split(b" ")[1])


_PATHS = {
    "openai": "/v1/chat/completions",
    "anthropic": "/v1/messages",
    "responses": "/v1/responses",
    "completions": "/v1/completions",
    "embeddings": "/v1/embeddings",
    "feedback": "/v1/feedback",
    "train_step": "/v1/admin/train_step",
    "count": "/v1/messages/count_tokens",
}


def path_of(dialect: str) -> str:
    return _PATHS[dialect]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def dechunked(data: bytes) -> tuple[bytes, bool]:
    """The body inside chunked framing, and whether its terminator was there."""
    body, rest = b"", data.partition(b"\r\n\r\n")[2]
    while rest:
        size, mark, rest = rest.partition(b"\r\n")
        if not mark:
            return body, False
        length = int(size, 16)
        if length == 0:
            return body, True
        body, rest = body + rest[:length], rest[length + 2 :]
    return body, False
