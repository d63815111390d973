"""A file as an answer, however large: read piece by piece, asynchronously too."""

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import FileResponse


class FileDownload(FileResponse):
    """Django reads a file whole before it sends the first byte of it over ASGI; this does not."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces()

    async def _pieces(self) -> AsyncIterator[bytes]:
        content: Any = self.streaming_content
        pieces = iter(content)

        def read() -> bytes:
            return next(pieces, b"")

        while piece := await sync_to_async(read, thread_sensitive=False)():
            yield piece
