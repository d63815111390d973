"""Which recorded turns a proposal is tried on."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from apps.core.clock import now
from apps.core.text import estimate_tokens
from apps.evolution import selectors
from apps.evolution.models import Proposal, ReplayCase
from apps.skills import selectors as skills
from apps.skills.indexed import IndexedSkill, entry_of
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import SkillDoc
from apps.trajectories import selectors as turns
from apps.trajectories.types import ReplayableTurn

_LOOK_BACK = timedelta(days=30)
_LOOKED_AT = 500
_EACH = 8
_CANDIDATE = "candidate"

Chosen = list[tuple[UUID, str]]


def cases_choose(*, proposal: Proposal, doc: SkillDoc) -> Chosen:
    """Turns by group. Where the skill would be retrieved comes first; latest before older.

    Held out are failing turns the evolver was not shown when it wrote the text: also those that
    later made the case for it stronger. There may be none yet.
    """
    tenant_id = proposal.tenant_id
    evidence = selectors.evidence_ids(tenant_id=tenant_id, proposal_id=proposal.id)
    # Of a text from before that was kept, all that is behind it counts as seen.
    shown = selectors.turns_shown(tenant_id=tenant_id, run_id=proposal.run_id) or evidence
    behind = [turn_id for turn_id in sorted(evidence, reverse=True) if turn_id in set(shown)]
    added = [turn_id for turn_id in sorted(evidence, reverse=True) if turn_id not in set(shown)]
    seen = {*evidence, *shown}
    since = now() - _LOOK_BACK
    failed = turns.replayable_turns(tenant_id=tenant_id, score=-1, since=since, limit=_LOOKED_AT)
    passed = turns.replayable_turns(tenant_id=tenant_id, score=1, since=since, limit=_LOOKED_AT)
    groups = ReplayCase.Group
    index = _index(tenant_id, doc)
    unseen = _fitting(index, (turn for turn in failed if turn.turn_id not in seen))
    fitting = _fitting(index, passed)
    # Turns the skill is not about are controls, too: it may be retrieved for them all the same.
    others = [turn.turn_id for turn in passed if turn.turn_id not in set(fitting)]
    controls = [*fitting[: _EACH - _EACH // 4], *others][:_EACH]
    return [
        *((turn_id, groups.EVIDENCE) for turn_id in behind[:_EACH]),
        *((turn_id, groups.HELD_OUT) for turn_id in [*added, *unseen][:_EACH]),
        *((turn_id, groups.CONTROL) for turn_id in controls),
    ]


def _index(tenant_id: UUID, doc: SkillDoc) -> SkillIndex:
    """The library as it would be with the skill in it."""
    live = skills.library_get(tenant_id=tenant_id).skills
    others = (entry_of(skill) for skill in live if skill.slug != doc.slug)
    # By fit alone, whatever reach it asks for: a house rule would fit everything.
    candidate = IndexedSkill(
        version_id=_CANDIDATE,
        slug=doc.slug,
        version=0,
        description=doc.description,
        body=doc.body,
        category=doc.category,
        tokens=estimate_tokens(doc.body),
        reach="relevant",
        learned=True,
    )
    return SkillIndex([*others, candidate])


def _fitting(index: SkillIndex, found: Iterable[ReplayableTurn]) -> list[UUID]:
    return [
        turn.turn_id
        for turn in found
        if any(hit.skill.version_id == _CANDIDATE for hit in index.search(turn.user_text))
    ]
