"""What the turns of a batch did with skills: counted here, so that storing it is one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.skills.types import OTHER_AGENT, OTHER_TAG, SkillCount
from apps.trajectories.types import TurnRecord
from apps.usage.types import PriceTable, UsageFact

# A skill that is for somebody else did not come into question.
_NOT_FOR_IT = (OTHER_AGENT, OTHER_TAG)


@dataclass(slots=True)
class _Sums:
    considered: int = 0
    uses: int = 0
    tokens: int = 0
    nanos: int = 0
    unpriced: int = 0
    last_used_at: datetime | None = None


def counts_of(
    turns: Iterable[tuple[TurnRecord, UsageFact]], prices: PriceTable
) -> Sequence[SkillCount]:
    """By version and hour. A turn that carried a version has considered it, too."""
    found: dict[tuple[str, int, datetime], _Sums] = {}
    for record, fact in turns:
        hour = record.started_at.replace(minute=0, second=0, microsecond=0)
        carried = {(used.slug, used.version): used.tokens for used in record.skills}
        looked_at = {
            (slug, version)
            for slug, version, _, verdict, *_ in record.injection.get("candidates", ())
            if verdict not in _NOT_FOR_IT
        }
        for slug, version in carried.keys() | looked_at:
            sums = found.setdefault((slug, version, hour), _Sums())
            sums.considered += 1
            tokens = carried.get((slug, version))
            if tokens is not None:
                _add_use(sums, record, tokens, prices.share_nanos(fact, tokens))
    return [
        SkillCount(
            slug,
            version,
            hour,
            considered=sums.considered,
            uses=sums.uses,
            tokens=sums.tokens,
            nanos=sums.nanos,
            unpriced=sums.unpriced,
            last_used_at=sums.last_used_at,
        )
        for (slug, version, hour), sums in found.items()
    ]


def _add_use(sums: _Sums, record: TurnRecord, tokens: int, nanos: int | None) -> None:
    sums.uses += 1
    sums.tokens += tokens
    if nanos is None:
        sums.unpriced += 1
    else:
        sums.nanos += nanos
    at = record.started_at
    sums.last_used_at = at if sums.last_used_at is None else max(at, sums.last_used_at)
