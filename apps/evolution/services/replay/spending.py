"""What a replay costs, and what a turn would cost more with the skill."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any
from uuid import UUID

from apps.evolution.models import ReplayCase
from apps.evolution.services.replay.asking import Sample
from apps.integrations.llm.client import Completion
from apps.usage.selectors import price_table
from apps.usage.types import Price


@dataclass(slots=True)
class Spent:
    """What a turn of a replay took: the answers, and the judge's votes on them."""

    samples: list[Sample] = field(default_factory=list)
    votes: list[Completion] = field(default_factory=list)
    # The practice model answered.
    is_simulated: bool = False

    @property
    def tokens(self) -> int:
        answers = sum(one.input_tokens + one.output_tokens for one in self.samples)
        votes = sum((one.input_tokens or 0) + (one.output_tokens or 0) for one in self.votes)
        return answers + votes

    def micros(self, tenant_id: UUID, *, is_free: bool) -> int | None:
        """USD / 10⁶; None where a price is not known. ``is_free``: nobody pays for the votes."""
        costs = [one.cost_micros for one in self.samples]
        if not is_free:
            prices = price_table(tenant_id=tenant_id)
            costs += [_cost_of(prices.price_of(one.model), one) for one in self.votes]
        return None if None in costs else sum(filter(None, costs))


def extra_tokens(cases: Sequence[ReplayCase]) -> float:
    """How many tokens more a turn takes with the skill, on average."""
    if not cases:
        return 0.0

    def tokens(samples: list[dict[str, Any]]) -> float:
        return fmean(one["input_tokens"] + one["output_tokens"] for one in samples)

    return round(fmean(tokens(case.with_skill) - tokens(case.without) for case in cases), 1)


def extra_micros(cases: Sequence[ReplayCase]) -> float | None:
    """How much more a turn costs with the skill, in USD / 10⁶; None where that is not known."""
    differences = []
    for case in cases:
        # Samples from before prices were kept have none.
        before = [one.get("cost_micros") for one in case.without]
        after = [one.get("cost_micros") for one in case.with_skill]
        if None in before or None in after:
            return None
        differences.append(fmean(after) - fmean(before))
    return round(fmean(differences), 1) if differences else 0.0


def _cost_of(price: Price | None, answer: Completion) -> int | None:
    if price is None:
        return None
    return price.cost(
        input_tokens=answer.input_tokens or 0, output_tokens=answer.output_tokens or 0
    )
