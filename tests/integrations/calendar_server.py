"""A small real HTTP server that stands for calendar servers, and for Google's."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class CalendarServer:
    """Answers every request with ``status`` and ``body``, and Google's paths as Google does."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    # Google: the codes of consents with their challenges, tokens, and who is busy when.
    codes: dict[str, str] = field(default_factory=dict)
    refresh_tokens: set[str] = field(default_factory=set)
    google_busy: list[dict[str, str]] = field(default_factory=list)
    google_errors: list[dict[str, str]] = field(default_factory=list)
    scope: str = "https://www.googleapis.com/auth/calendar.freebusy"
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def consent(self, address: str) -> dict[str, str]:
        """A person who says yes: what the browser comes back with."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = query["code_challenge"]
        return {"state": query["state"], "code": code}

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        if asked.path == "/google/token":
            return self._token({k: v[0] for k, v in parse_qs(asked.body.decode()).items()})
        if asked.path == "/google/revoke":
            self.refresh_tokens.discard(parse_qs(asked.body.decode())["token"][0])
            return 200, b""
        if asked.path == "/google/api/freeBusy":
            return self._free_busy(asked)
        return self.status, self.body

    def _token(self, form: dict[str, str]) -> tuple[int, bytes]:
        if (form.get("client_id"), form.get("client_secret")) != ("our-id", "our-secret"):
            return 401, b'{"error": "invalid_client"}'
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh_tokens:
                return 400, b'{"error": "invalid_grant"}'
            return 200, _json(access_token="access-1", expires_in=3599)
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if self.codes.pop(form["code"], None) != made.rstrip(b"=").decode():
            return 400, b'{"error": "invalid_grant"}'
        self.refresh_tokens.add("refresh-1")
        return 200, _json(access_token="access-1", refresh_token="refresh-1", scope=self.scope)

    def _free_busy(self, asked: Asked) -> tuple[int, bytes]:
        if asked.headers.get("authorization") != "Bearer access-1":
            return 401, b"{}"
        assert json.loads(asked.body)["items"] == [{"id": "primary"}]
        calendar: dict[str, Any] = {"busy": self.google_busy}
        if self.google_errors:
            calendar["errors"] = self.google_errors
        return 200, _json(calendars={"primary": calendar})


def _json(**content: Any) -> bytes:
    return json.dumps(content).encode()


@contextmanager
def running(server: CalendarServer) -> Iterator[CalendarServer]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            server.asked.append(asked)
            status, body = server.answer(asked)
            self.send_response(status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_REPORT = do_GET  # names that the base class asks for

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
