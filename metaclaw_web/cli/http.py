"""The HTTP client of the command line, with errors in words for people."""

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from metaclaw_web.cli.errors import CliError, Refused

_CONNECT_SECONDS = 5.0


def open_client(base_url: str, *, token: str = "", read_seconds: float = 60.0) -> httpx2.Client:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx2.Client(
        base_url=base_url,
        headers=headers,
        timeout=httpx2.Timeout(read_seconds, connect=_CONNECT_SECONDS),
        # A proxy of the environment cannot reach this machine's own loopback.
        trust_env=not _is_loopback(base_url),
    )


@contextmanager
def speaking_to(what: str, base_url: str) -> Iterator[None]:
    """Turn transport errors into a CliError that names the server."""
    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as exc:
        raise CliError(
            f"The {what} does not answer at {base_url}.", "Is the stack running? Try `make run`."
        ) from exc
    except httpx2.TimeoutException as exc:
        raise CliError(f"The {what} at {base_url} took too long to answer.") from exc
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as exc:
        raise CliError(f"“{base_url}” is not the address of a {what}.") from exc
    except httpx2.HTTPError as exc:
        raise CliError(f"The connection to the {what} at {base_url} broke: {exc}.") from exc


def not_ours(what: str, base_url: str) -> CliError:
    return CliError(f"What answers at {base_url} is not a MetaClaw {what}.")


def raise_refusal(what: str, response: httpx2.Response) -> None:
    """Raise Refused for an error status; the response must have been read."""
    if response.status_code < 400:
        return
    code, detail = _problem(response)
    hints = {
        401: "Check the key: it may be revoked, expired or of another stack.",
        403: "The key lacks the scope or the role for this.",
        429: "Too many requests: try again in a moment.",
    }
    message = f"The {what} answered {response.status_code}: {detail}"
    raise Refused(response.status_code, code, message, hints.get(response.status_code, ""))


def _problem(response: httpx2.Response) -> tuple[str, str]:
    """Code and sentence of an error body: ours, OpenAI's, Anthropic's, or none."""
    try:
        body: Any = response.json()
    except ValueError:
        return "", response.reason_phrase or "no explanation"
    if not isinstance(body, dict):
        return "", json.dumps(body)[:200]
    error = body.get("error")
    if isinstance(error, dict):
        return str(error.get("code") or error.get("type") or ""), str(error.get("message") or "")
    detail = str(body.get("detail") or response.reason_phrase)
    if isinstance(fields := body.get("fields"), dict):
        detail += "".join(f" {name}: {_joined(texts)}" for name, texts in fields.items())
    return str(body.get("code") or ""), detail


def _joined(texts: Any) -> str:
    return " ".join(map(str, texts)) if isinstance(texts, list) else str(texts)


def _is_loopback(url: str) -> bool:
    host = httpx2.URL(url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
