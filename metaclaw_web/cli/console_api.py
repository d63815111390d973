"""The REST interface of one workspace."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx2

from metaclaw_web.cli import http
from metaclaw_web.cli.connection import Connection

Json = dict[str, Any]


class ConsoleApi:
    """Reads and decides with the admin key, unless ``key`` names another one of the connection.

    Use as a context manager.
    """

    def __init__(self, connection: Connection, *, key: str = "admin_key") -> None:
        self._origin = connection.need("console_url", "METACLAW_CONSOLE_URL")
        tenant = connection.need("tenant", "METACLAW_TENANT")
        token = connection.need(key, f"METACLAW_{key.upper()}")
        self._client = http.open_client(f"{self._origin}/api/v1/t/{tenant}/", token=token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, **params: str | int) -> Json:
        return self._json("GET", path, params=params)

    def post(self, path: str, body: Json | None = None) -> Json:
        return self._json("POST", path, json=body or {})

    def delete(self, path: str) -> Json:
        return self._json("DELETE", path)

    def upload(
        self, path: str, file_name: str, content: bytes, *, method: str = "POST", **values: str
    ) -> Json:
        return self._json(method, path, files={"file": (file_name, content)}, data=values)

    def download(self, path: str, **params: str) -> bytes:
        content: bytes = self._request("GET", path, params=params).content
        return content

    def pages(self, path: str, *, most: int, **params: str | int) -> Iterator[Json]:
        """The rows of a list, newest first, at most ``most`` of them."""
        page: Json = self.get(path, limit=min(most, 100), **params)
        while True:
            for row in page["results"]:
                if most <= 0:
                    return
                most -= 1
                yield row
            if not page.get("next") or most <= 0:
                return
            page = self.get(path, limit=min(most, 100), cursor=page["next"], **params)

    def _json(self, method: str, path: str, **content: Any) -> Json:
        response = self._request(method, path, **content)
        if response.status_code == httpx2.codes.NO_CONTENT:
            return {}
        try:
            value: Json = response.json()
        except ValueError:
            # A page instead of JSON: some other server listens there.
            raise http.not_ours("console", self._origin) from None
        return value

    def _request(self, method: str, path: str, **content: Any) -> Any:
        with http.speaking_to("console", self._origin):
            response = self._client.request(method, path, **content)
        http.raise_refusal("console", response)
        return response
