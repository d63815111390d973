"""What the evolver is shown: one pattern, and what is near it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any
from uuid import UUID

from apps.core.sensitive import redact
from apps.core.text import estimate_tokens
from apps.evolution import selectors
from apps.evolution.models import FailureCluster, LearningPolicy
from apps.evolution.services.learning.similarity import by_words, failure_of
from apps.skills import selectors as skills
from apps.skills.indexed import entry_of
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import CATEGORIES
from apps.skills.types import SkillText
from apps.trajectories import selectors as turns
from apps.trajectories.types import BriefTurn, EvidenceTurn

PROMPT_VERSION = "evolver-v2"
PROMPT = files("apps.evolution").joinpath(f"prompts/{PROMPT_VERSION}.md").read_text()

_SHOWN = 20
_SHOWN_TOKENS = 12_000
_CONTRAST = 3
# So many of the latest passing turns are looked at for the nearest ones.
_CONTRAST_FROM = 200
_NEAREST = 3
# Skills that were in the prompts of the failing turns.
_CARRIED = 3
# Lower than for prompts: the evolver should rather see a skill too many than write it again.
_NEAREST_THRESHOLD = 0.12
_REJECTIONS = 10
_TOOL_ERRORS = 5
_TOOL_ERROR_CHARACTERS = 300
_ERROR = re.compile(
    r"\b(error|exception|traceback|failed|failure|fatal|denied|refused|timed out|not found|no such)"
    r"\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What one run of the evolver is asked, and what it may refer to in its answer."""

    text: str
    shown: list[EvidenceTurn]
    skills: list[SkillText]
    min_sessions: int


def question_for(*, tenant_id: UUID, cluster: FailureCluster, policy: LearningPolicy) -> Question:
    """Whole turns of the cluster, with everything that helps to learn from them."""
    is_summary = policy.evidence == LearningPolicy.EvidenceMode.SUMMARIZE
    members = selectors.cluster_turns(tenant_id=tenant_id, cluster_id=cluster.id)
    brief = turns.turns_brief(tenant_id=tenant_id, turn_ids=members, whole_sessions=is_summary)
    shown = _shown(tenant_id, brief, policy.min_sessions)
    near = _near_skills(tenant_id, brief, [turn.turn_id for turn in shown])
    asked = {turn.turn_id: turn.user_text for turn in brief} if is_summary else {}
    document = {
        "task": "evolve",
        "evidence": "summaries" if is_summary else "failures",
        "failures": [_failure(turn, asked.get(turn.turn_id, "")) for turn in shown],
        "contrast": [
            {"user": turn.user_text, "response": turn.response_text}
            for turn in _contrast(tenant_id, brief)
        ],
        "nearest_skills": [
            {"slug": skill.slug, "version": skill.version, "text": skill.text} for skill in near
        ],
        "rejections": selectors.rejections(tenant_id=tenant_id, limit=_REJECTIONS),
        "min_sessions": policy.min_sessions,
        "categories": list(CATEGORIES),
    }
    text, _ = redact(json.dumps(document, ensure_ascii=False))
    return Question(text, shown, near, policy.min_sessions)


def tool_errors(messages: Sequence[dict[str, Any]]) -> list[str]:
    """What tools said went wrong, the latest last."""
    found = []
    for message in messages:
        content = str(message.get("content") or "")
        results = re.findall(r"\[result: (.*?)\](?=\n|$)", content, re.DOTALL)
        said = [content] if message.get("role") == "tool" else results
        found += [one[:_TOOL_ERROR_CHARACTERS] for one in said if _ERROR.search(one)]
    return found[-_TOOL_ERRORS:]


def _shown(tenant_id: UUID, brief: Sequence[BriefTurn], min_sessions: int) -> list[EvidenceTurn]:
    """Whole turns, as many as fit: first one of each session, then the others, oldest first.

    So many sessions as the policy asks for are shown whatever their length.
    """
    seen: set[UUID] = set()
    first: list[UUID] = []
    others: list[UUID] = []
    for turn in brief:
        (others if turn.session_id in seen else first).append(turn.turn_id)
        seen.add(turn.session_id)
    order = [*first, *others][:_SHOWN]
    whole = {t.turn_id: t for t in turns.whole_turns(tenant_id=tenant_id, turn_ids=order)}
    fitting: list[EvidenceTurn] = []
    budget = _SHOWN_TOKENS
    for found in (whole[turn_id] for turn_id in order if turn_id in whole):
        budget -= estimate_tokens(json.dumps(found.messages) + found.response_text)
        if len(fitting) >= min_sessions and budget < 0:
            break
        fitting.append(found)
    return fitting


def _failure(turn: EvidenceTurn, session_asked: str) -> dict[str, Any]:
    shown = {
        "turn_id": str(turn.turn_id),
        "session": str(turn.session_id),
        "messages": turn.messages,
        "response": turn.response_text,
        "follow_up": turn.follow_up,
        "rationales": turn.rationales,
        "tool_errors": tool_errors(turn.messages),
    }
    return shown | {"asked": session_asked} if session_asked else shown


def _contrast(tenant_id: UUID, brief: Sequence[BriefTurn]) -> list[BriefTurn]:
    """Turns that went well although much the same was asked; failing that, the latest."""
    passed = turns.passing_turns(tenant_id=tenant_id, limit=_CONTRAST_FROM)
    if not brief or not passed:
        return []
    pattern = [failure_of(turn, None) for turn in brief[:_SHOWN]]
    near = []
    for place, turn in enumerate(passed):
        one = failure_of(turn, None)
        near.append((-max(by_words(one, failure) for failure in pattern), place, turn))
    return [turn for _, _, turn in sorted(near, key=lambda found: found[:2])[:_CONTRAST]]


def _near_skills(
    tenant_id: UUID, brief: Sequence[BriefTurn], shown: Sequence[UUID]
) -> list[SkillText]:
    """Skills about the pattern, and those that were in the prompts of its turns."""
    if not brief:
        return []
    library = skills.library_get(tenant_id=tenant_id)
    # House rules compete like all others here: what is asked for is what is near.
    index = SkillIndex(replace(entry_of(skill), reach="relevant") for skill in library.skills)
    first = brief[0]
    query = " ".join([first.user_text, first.follow_up, first.rationale])
    hits = index.search(query, limit=_NEAREST, threshold=_NEAREST_THRESHOLD)
    carried = turns.skills_carried(tenant_id=tenant_id, turn_ids=shown)[:_CARRIED]
    slugs = {*(hit.skill.slug for hit in hits), *carried}
    return skills.skill_texts(tenant_id=tenant_id, slugs=slugs)
