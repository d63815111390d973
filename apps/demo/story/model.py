"""The practice model without its process: the same answers, at once."""

from apps.core.text import estimate_tokens
from apps.integrations.llm.client import Completion
from apps.integrations.practice.answers import reply_to
from apps.integrations.practice.chat import MODEL_ID, SERVED_MODEL, ChatRequest, Message


class PracticeModel:
    """Judge and evolver of the story."""

    def complete(self, *, system: str, user: str) -> Completion:
        asked = ChatRequest(model=MODEL_ID, system=system, messages=(Message("user", user),))
        text = reply_to(asked).text
        return Completion(text, SERVED_MODEL, estimate_tokens(system + user), estimate_tokens(text))
