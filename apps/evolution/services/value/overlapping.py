"""Which live skills say nearly the same and go into the same prompts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.evolution.services.checking.library import SAME_MEANING, SAME_WORDS, similar_to
from apps.skills import selectors as skills
from apps.skills.skillmd import parse
from apps.skills.types import Library, LiveSkill, LiveValue
from apps.trajectories import selectors as turns

# So many turns have carried both, and so much of those that carried the rarer one.
TOGETHER_LEAST = 10
TOGETHER_SHARE = 0.5
# What is read of the past, in uses of skills.
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two skills of which one would do."""

    kept: LiveValue
    gone: LiveValue
    reason: str


def overlaps(tenant_id: UUID, lines: Sequence[LiveValue]) -> list[Overlap]:
    """Pairs of live skills, each skill in one of them at most."""
    able = {one.version_id: one for one in lines if _is_able(one)}
    together = turns.skills_together(tenant_id=tenant_id, looked_at=_LOOKED_AT)
    pairs = [
        (able[key[0]], able[key[1]], count)
        for key, count in together.most_common()
        if len(key) == 2
        and key[0] in able
        and key[1] in able
        # Of the rarer one, so many went with the other.
        and count >= max(TOGETHER_LEAST, TOGETHER_SHARE * min(together[key[:1]], together[key[1:]]))
    ]
    if not pairs:
        return []
    library = skills.library_get(tenant_id=tenant_id)
    found: list[Overlap] = []
    seen: set[UUID] = set()
    for one, other, count in pairs:
        if {one.version_id, other.version_id} & seen:
            continue
        alike = _alike(library, one, other)
        if alike:
            seen |= {one.version_id, other.version_id}
            kept, gone = sorted((one, other), key=_worth, reverse=True)
            reason = f"{alike} {count} recent turns carried both."
            found.append(Overlap(kept, gone, reason))
    return found


def _is_able(line: LiveValue) -> bool:
    """House rules are in every prompt: that they go together says nothing."""
    return line.reach == "relevant" and not line.is_on_trial


def _worth(line: LiveValue) -> tuple[float, int, str]:
    return line.value.factor, line.value.uses, line.slug


def _alike(library: Library, one: LiveValue, other: LiveValue) -> str:
    """How near they are, as a sentence; empty if that is not enough, or they belong apart."""
    live = {skill.slug: skill for skill in library.skills}
    first, second = live.get(one.slug), live.get(other.slug)
    if first is None or second is None or not _are_free(first, second):
        return ""
    others = [skill for skill in library.skills if skill.slug != one.slug]
    near = similar_to(
        parse(one.text),
        others,
        vectors=library.vectors,
        vector=library.vectors.get(one.version_id),
    )
    closest = next((found for found in near if found.slug == other.slug), None)
    if closest is None:
        return ""
    limit = SAME_MEANING if closest.by == "meaning" else SAME_WORDS
    if closest.closeness < limit:
        return ""
    measure = f"{closest.closeness:.2f} by {closest.by}"
    return f"{one.slug} and {other.slug} say nearly the same ({measure})."


def _are_free(one: LiveSkill, other: LiveSkill) -> bool:
    """For the same turns, and neither is put together with the other on purpose."""
    same = one.agents == other.agents and dict(one.scope_tags) == dict(other.scope_tags)
    return same and one.slug not in other.uses and other.slug not in one.uses
