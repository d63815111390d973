"""Between one API dialect and another. Placeholder until the translators join."""

from typing import Any, Protocol


class Untranslatable(Exception):
    field = ""


class StreamTranslator(Protocol):
    is_complete: bool
    error: Any

    def feed(self, data: bytes) -> bytes: ...
    def end(self) -> bytes: ...


class Translation(Protocol):
    left_out: list[str]

    def request(self, body: dict[str, Any]) -> dict[str, Any]: ...
    def answer(self, body: dict[str, Any]) -> dict[str, Any]: ...
    def error(self, status: int, body: bytes) -> bytes: ...
    def stream(self) -> StreamTranslator: ...


def translation(caller: str, provider: str, request: dict[str, Any]) -> Translation | None:
    return None
