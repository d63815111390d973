"""A workspace of a journey's own: its queue, its numbers and its log are what the journey made."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
from playwright.sync_api import APIRequestContext, BrowserContext


def chat(gateway_url: str, key: str, text: str, **headers: str) -> httpx2.Response:
    """Send a request as an agent would; headers by their names with underscores."""
    return httpx2.post(
        f"{gateway_url}/v1/chat/completions",
        json={"model": "practice-1", "messages": [{"role": "user", "content": text}]},
        headers={
            "authorization": f"Bearer {key}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        timeout=30,
    )


@dataclass(frozen=True, slots=True)
class Workspace:
    """``key`` is what its agents send, ``api`` its REST interface with an admin's key."""

    slug: str
    name: str
    key: str
    gateway_url: str
    api: httpx2.Client

    def at(self, page: str) -> str:
        return f"/t/{self.slug}/{page}"

    def ask(self, text: str, **headers: str) -> httpx2.Response:
        return chat(self.gateway_url, self.key, text, **headers)


@contextmanager
def workspace_made(
    context: BrowserContext, stack: dict[str, str], name: str
) -> Iterator[Workspace]:
    """Made by whoever is signed in; the practice model answers in it."""
    made = _post(context, "workspaces/", {"name": name, "time_zone": "UTC"})
    wanted = {"name": "journey", "scopes": ["admin"], "expires_at": None}
    admin = _post(context, f"t/{made['slug']}/keys/", wanted)
    with httpx2.Client(
        base_url=f"{stack['console_url']}/api/v1/t/{made['slug']}/",
        headers={"authorization": f"Bearer {admin['secret']}"},
        timeout=30,
    ) as api:
        yield Workspace(made["slug"], made["name"], made["secret"], stack["gateway_url"], api)


def _post(context: BrowserContext, path: str, body: dict[str, object]) -> dict[str, str]:
    request: APIRequestContext = context.request
    (token,) = [one["value"] for one in context.cookies() if one["name"] == "csrftoken"]
    answer = request.post(f"/api/v1/{path}", data=body, headers={"x-csrftoken": token})
    assert answer.ok, answer.text()
    found: dict[str, str] = answer.json()
    return found
