"""What the evolver is shown."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from uuid import UUID

from apps.core.clock import now
from apps.core.sensitive import redact
from apps.core.text import estimate_tokens
from apps.evolution import selectors
from apps.skills import selectors as skills
from apps.skills.indexed import entry_of
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import CATEGORIES
from apps.skills.types import SkillText
from apps.trajectories import selectors as turns
from apps.trajectories.types import EvidenceTurn

PROMPT_VERSION = "evolver-v1"
PROMPT = files("apps.evolution").joinpath(f"prompts/{PROMPT_VERSION}.md").read_text()

_LOOK_BACK = timedelta(days=7)
_FAILURES_LIMIT = 20
_FAILURES_TOKENS = 12_000
_ATTEMPTS_PER_TURN = 2
_CONTRAST = 3
_NEAREST = 3
# Lower than for prompts: the evolver should rather see a skill too many than write it again.
_NEAREST_THRESHOLD = 0.12
_REJECTIONS = 10


def open_failures(tenant_id: UUID) -> list[EvidenceTurn]:
    """Whole failing turns, oldest first, as many as fit the evolver's budget."""
    found = turns.failing_turns(
        tenant_id=tenant_id,
        since=now() - _LOOK_BACK,
        attempts_below=_ATTEMPTS_PER_TURN,
        limit=_FAILURES_LIMIT,
    )
    fitting: list[EvidenceTurn] = []
    budget = _FAILURES_TOKENS
    for turn in found:
        budget -= estimate_tokens(json.dumps(turn.messages) + turn.response_text)
        if fitting and budget < 0:
            break
        fitting.append(turn)
    return fitting


def question_for(tenant_id: UUID, failures: Sequence[EvidenceTurn]) -> str:
    contrast = turns.contrast_turns(tenant_id=tenant_id, limit=_CONTRAST)
    document = {
        "task": "evolve",
        "failures": [
            {
                "turn_id": str(turn.turn_id),
                "messages": turn.messages,
                "response": turn.response_text,
                "follow_up": turn.follow_up,
                "rationales": turn.rationales,
            }
            for turn in failures
        ],
        "contrast": [{"user": t.user_text, "response": t.response_text} for t in contrast],
        "nearest_skills": [
            {"slug": skill.slug, "version": skill.version, "text": skill.text}
            for skill in _nearest(tenant_id, failures)
        ],
        "rejections": selectors.rejections(tenant_id=tenant_id, limit=_REJECTIONS),
        "categories": list(CATEGORIES),
    }
    text, _ = redact(json.dumps(document, ensure_ascii=False))
    return text


def _nearest(tenant_id: UUID, failures: Sequence[EvidenceTurn]) -> list[SkillText]:
    library = skills.library_get(tenant_id=tenant_id)
    # House rules compete like all others here: what is asked for is what is near.
    index = SkillIndex(replace(entry_of(skill), reach="relevant") for skill in library.skills)
    first = failures[0]
    query = " ".join([first.user_text, first.follow_up or "", *first.rationales])
    hits = index.search(query, limit=_NEAREST, threshold=_NEAREST_THRESHOLD)
    return skills.skill_texts(tenant_id=tenant_id, slugs=[hit.skill.slug for hit in hits])
