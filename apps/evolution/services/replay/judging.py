"""A judge who sees one answer at a time and is not told which arm it comes from."""

import json
import re
from importlib.resources import files

from pydantic import BaseModel, Field, ValidationError

from apps.core.errors import UpstreamFailed
from apps.core.said import say
from apps.evolution.services.replay.asking import Arms
from apps.integrations.llm.client import ChatModel, Completion

PROMPT_VERSION = "replay-v1"
_PROMPT = files("apps.evolution").joinpath(f"prompts/{PROMPT_VERSION}.md").read_text()
_JSON = re.compile(r"\{.*\}", re.DOTALL)
_SYSTEM_CHARACTERS = 4_000
_ANSWER_CHARACTERS = 12_000


class _Answer(BaseModel):
    vote: int = Field(ge=-1, le=1)
    rationale: str = Field(default="", max_length=4000)


def vote(model: ChatModel, arms: Arms, response: str) -> tuple[int, str, Completion]:
    """The vote, its reason, and the answer it was taken from. Raises UpstreamFailed."""
    question = {
        "task": "judge",
        "system": arms.system[:_SYSTEM_CHARACTERS],
        "user": arms.turn.user_text[:_ANSWER_CHARACTERS],
        "response": response[:_ANSWER_CHARACTERS],
        "said_of_another_answer": arms.said_of_it,
    }
    answer = model.complete(system=_PROMPT, user=json.dumps(question, ensure_ascii=False))
    found = _JSON.search(answer.text)
    try:
        parsed = _Answer.model_validate_json(found[0] if found else "")
    except ValidationError as exc:
        raise UpstreamFailed(
            say("judge_no_vote", "The judge gave no vote that could be understood."),
            permanent=False,
        ) from exc
    return parsed.vote, parsed.rationale, answer
