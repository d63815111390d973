"""A small real HTTP server that stands for a model provider and remembers who called."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Provider:
    """Answers every request with ``status`` and ``body``."""

    def __init__(self, status: int = 200, body: Any = None, **headers: str) -> None:
        self.status, self.body, self.headers = status, body, headers
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.url = ""


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def do_GET(self) -> None:
            provider.calls.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            body = provider.body
            blob = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(provider.status)
            for name, value in provider.headers.items():
                self.send_header(name, value)
            if not isinstance(body, bytes):
                self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(blob)))
            self.end_headers()
            self.wfile.write(blob)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    provider.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
