"""Stand-ins for the outside world, one per integration protocol."""

import json
from typing import Any

from apps.core.errors import UpstreamFailed
from apps.integrations.llm.client import Completion


class FakeModel:
    """A chat model that gives prepared answers and remembers what it was asked."""

    def __init__(self, *answers: str | dict[str, Any] | UpstreamFailed) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def complete(self, *, system: str, user: str) -> Completion:
        self.asked.append((system, json.loads(user)))
        # The last answer is given as often as it is asked for.
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, UpstreamFailed):
            raise answer
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return Completion(text=text, model="fake-1", input_tokens=10, output_tokens=5)
