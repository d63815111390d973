"""What an answer seems to have used, read off its last bytes while it passes.

Good enough until the recorder has read the whole answer: the ledger's number replaces it.
"""

import re
from dataclasses import dataclass

_TAIL_BYTES = 4096
_USAGE = b'"usage"'
_COUNT = re.compile(rb'"([a-z_]+)"\s*:\s*(\d{1,9})')
_OUTPUT = (b"completion_tokens", b"output_tokens")
_INPUT = (b"prompt_tokens", b"input_tokens")
# About how many bytes of an answer carry one token, in events and in one piece.
_STREAM_BYTES, _WHOLE_BYTES = 120, 4


@dataclass(frozen=True, slots=True)
class Used:
    input_tokens: int
    output_tokens: int
    cache_read: int = 0
    cache_write: int = 0


class Meter:
    """Fed with every byte of one answer."""

    __slots__ = ("_size", "_tail", "is_stream")

    def __init__(self, *, is_stream: bool) -> None:
        self.is_stream = is_stream
        self._tail = b""
        self._size = 0

    def feed(self, data: bytes) -> None:
        self._size += len(data)
        self._tail = (self._tail + data)[-_TAIL_BYTES:]

    def used(self, asked_tokens: int) -> Used:
        """``asked_tokens``: what the input was taken for, where the answer does not say."""
        counts = self._counts()
        output = next((counts[name] for name in _OUTPUT if name in counts), None)
        if output is None:
            output = self._size // (_STREAM_BYTES if self.is_stream else _WHOLE_BYTES)
        read = counts.get(b"cache_read_input_tokens", 0)
        written = counts.get(b"cache_creation_input_tokens", 0)
        given = next((counts[name] for name in _INPUT if name in counts), None)
        if given is None:
            return Used(asked_tokens, output)
        # Anthropic counts cached input beside the input, all others inside it.
        whole = given + read + written
        return Used(whole, output, read or counts.get(b"cached_tokens", 0), written)

    def _counts(self) -> dict[bytes, int]:
        at = self._tail.rfind(_USAGE)
        if at < 0:
            return {}
        return {name: int(number) for name, number in _COUNT.findall(self._tail, at)}
