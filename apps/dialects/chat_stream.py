"""A chat-completions stream as it comes from a provider, read for another API."""

from abc import abstractmethod
from typing import Any

from apps.dialects.chat_parts import Part, Parts
from apps.dialects.failures import failure_of
from apps.dialects.names import core_of
from apps.dialects.shape import dict_of, dicts_in, text_of
from apps.dialects.streams import ProviderStream

Body = dict[str, Any]


class ChatStream(ProviderStream):
    """Collects the answer in ``parts``; a subclass says what the caller hears of it, and when."""

    def __init__(self, request: Body) -> None:
        super().__init__()
        self.asked = request
        self.parts = Parts()
        self.core = ""
        self.model = text_of(request.get("model"))
        self.finish_reason = ""
        self.stop_text: Any = None
        self.usage: Body = {}
        self._has_begun = False

    def _take_event(self, event: Body) -> bytes:
        if event.get("error") or event.get("object") == "error":
            return self._fail(failure_of(event.get("error") or event))
        said = self._begun(event)
        self.usage = dict_of(event.get("usage")) or self.usage
        for choice in dicts_in(event.get("choices")):
            if choice.get("index") in (0, None):
                said += self._take_choice(choice)
        return said

    def _take_choice(self, choice: Body) -> bytes:
        # Moonshot counts inside the choice.
        self.usage = dict_of(choice.get("usage")) or self.usage
        self.parts.grow(dict_of(choice.get("delta")) or dict_of(choice.get("message")))
        if text_of(choice.get("finish_reason")):
            self.finish_reason = choice["finish_reason"]
            self.stop_text = choice.get("stop_reason")
        return self._grown()

    def _take_done(self) -> bytes:
        # Nothing is closed before: some providers still speak after they gave a reason to stop.
        said = self._begun({}) + self._finished() + self._completed()
        self.is_complete = True
        return said

    def _begun(self, event: Body) -> bytes:
        if self._has_begun:
            return b""
        self._has_begun = True
        self.core = core_of(event.get("id"), self.asked)
        self.model = text_of(event.get("model")) or self.model
        return self._opening()

    def call_id(self, part: Part) -> str:
        """The provider's id of a call, or one made of the answer's; the same whenever asked."""
        part.call_id = part.call_id or f"call_{self.core}_{self.parts.all.index(part)}"
        return part.call_id

    @abstractmethod
    def _opening(self) -> bytes:
        """Before anything else."""

    @abstractmethod
    def _grown(self) -> bytes:
        """``parts`` may have more in them than the caller has heard."""

    @abstractmethod
    def _finished(self) -> bytes:
        """No part grows any more."""

    @abstractmethod
    def _completed(self) -> bytes:
        """The provider's end mark was seen: the caller's end."""
