"""A simulated prompt cache: how much of a prompt this provider read shortly before.

Real providers keep the beginnings of prompts; a gateway that puts something new in front makes
them read everything again. Only the benchmark's agent is told, so that it can be measured.
"""

from collections import deque

from apps.integrations.practice.chat import ChatRequest, estimate_tokens

_PROMPTS_KEPT = 64


class PrefixCache:
    def __init__(self) -> None:
        self._prompts: deque[str] = deque(maxlen=_PROMPTS_KEPT)

    def tokens_cached(self, request: ChatRequest) -> int:
        """The part of the prompt that an earlier one began with; remembers this one."""
        parts = (f"{message.role}: {message.text}" for message in request.messages)
        prompt = "\n".join((request.system, *parts))
        shared = max((_shared(prompt, one) for one in self._prompts), default=0)
        self._prompts.append(prompt)
        return min(estimate_tokens(prompt[:shared]), request.input_tokens) if shared else 0


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
