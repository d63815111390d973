"""uvicorn's HTTP/1 protocol without what two readers of a request could understand differently.

The parser below it (llhttp) refuses most of that itself: two lengths, bare line ends, folded
lines, control bytes. What it lets through, and RFC 9112 does not, is refused here, where the
request's first line, trailers and framing can still be told from its headers. A connection
on which something was refused is closed: nobody knows where its next request begins.
"""

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from apps.proxy.gateway.dialects import OPENAI

# What clients send is a tenth of these; without a limit one connection could fill the memory.
HEAD_BYTES = 64 * 1024
_HEAD_LINES = 200
_CODE = "request_malformed"
# host [":" port]; https://www.rfc-editor.org/rfc/rfc9110#section-7.2
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])?(?::[0-9]*)?")
_ORIGIN_OR_ABSOLUTE = re.compile(rb"/|https?://[^/]|\*$", re.IGNORECASE)


class _Malformed(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class StrictHttp(HttpToolsProtocol):
    """One connection from a caller."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reason: _Malformed | None = None
        # Bytes since anything of use came: of a head, of trailers, of a chunk's extensions.
        self._idle_bytes = 0
        self._is_useful = False

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._is_useful = False
        super().data_received(data)
        self._idle_bytes = 0 if self._is_useful else self._idle_bytes + len(data)
        if self._idle_bytes > HEAD_BYTES and not self.transport.is_closing():
            self._reason = _too_large()
            self.send_400_response(self._reason.message)

    def on_body(self, body: bytes) -> None:
        self._is_useful = True
        super().on_body(body)

    def on_headers_complete(self) -> None:
        self._is_useful = True
        try:
            check_head(self.parser.get_http_version(), self.url, self.headers)
            is_upgrade = self.parser.should_upgrade()
            if is_upgrade:
                _check_upgrade(self.headers)
        except _Malformed as reason:
            # The parser turns this into its own error, and forgets which it was.
            self._reason = reason
            raise
        super().on_headers_complete()
        if is_upgrade:
            # Answered as if it had not asked. What follows may be in another protocol.
            self.cycle.keep_alive = False
        # Trailers come through on_header too. In the list that the application reads they would
        # count as headers, or not, as the packets fall.
        # https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1
        self.headers = []

    def send_400_response(self, msg: str) -> None:
        """Refuse what came, and close: in place of the answer, never in the middle of one."""
        cycle = self.cycle
        is_idle = cycle is None or cycle.response_complete
        if self.pipeline or (not is_idle and cycle.response_started and cycle.more_body):
            self.transport.close()
        elif is_idle or cycle.more_body:
            self.transport.write(self._refusal(msg))
            self.transport.close()
        else:
            # The request before it is whole: it gets its answer, as the connection's last.
            cycle.keep_alive = False
            self.transport.pause_reading()

    def _refusal(self, message: str) -> bytes:
        status = self._reason.status if self._reason else 400
        message = self._reason.message if self._reason else "The request is not valid HTTP."
        body = OPENAI.error(400, message, _CODE)
        head = (
            b"content-type: application/json\r\nconnection: close\r\n"
            b"x-metaclaw-error: %s\r\ncontent-length: %d\r\n\r\n" % (_CODE.encode(), len(body))
        )
        return STATUS_LINE[status] + head + body


def check_head(version: str, target: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """Raise for a head that is too large, or from which requests could be told in two ways."""
    if len(headers) > _HEAD_LINES:
        raise _too_large()
    size = len(target)
    hosts: list[bytes] = []
    encodings: list[bytes] = []
    for name, value in headers:
        size += len(name) + len(value)
        if name == b"host":
            hosts.append(value)
        elif name == b"transfer-encoding":
            encodings.append(value)
    if size > HEAD_BYTES:
        raise _too_large()
    if version not in ("1.1", "1.0"):
        raise _Malformed(400, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    if b"#" in target or not _ORIGIN_OR_ABSOLUTE.match(target):
        raise _Malformed(400, "The request's target is not valid.")
    if encodings:
        _check_encodings(version, encodings)
    _check_hosts(version, hosts)


def _check_encodings(version: str, encodings: list[bytes]) -> None:
    """One encoding in one line. The parser looks at the last word alone, and others at the first.
    https://www.rfc-editor.org/rfc/rfc9112#section-6.1"""
    if len(encodings) > 1 or encodings[0].strip().lower() != b"chunked":
        raise _Malformed(400, "The only transfer encoding that is read here is chunked.")
    if version == "1.0":
        raise _Malformed(400, "HTTP/1.0 has no transfer encodings.")


def _check_hosts(version: str, hosts: list[bytes]) -> None:
    """https://www.rfc-editor.org/rfc/rfc9112#section-3.2"""
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        raise _Malformed(400, "A request has exactly one Host header.")
    if hosts and not _HOST.fullmatch(hosts[0].strip()):
        raise _Malformed(400, "The Host header is not valid.")


def _check_upgrade(headers: list[tuple[bytes, bytes]]) -> None:
    """The parser takes the body of such a request for another protocol's first bytes: whoever
    reads on would take it for the next request."""
    if any(name in (b"content-length", b"transfer-encoding") for name, _ in headers):
        raise _Malformed(400, "Only HTTP/1.1 is spoken here: send no Upgrade header with a body.")


def _too_large() -> _Malformed:
    return _Malformed(431, "The head of the request is too large.")
