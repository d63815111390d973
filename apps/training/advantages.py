"""What an answer was worth beside the others to the same prompt.

Group-relative advantages as in GRPO: the reward less the group's mean, over its standard
deviation (Shao et al., "DeepSeekMath", 2024, section 4.1; https://arxiv.org/abs/2402.03300).
A group whose answers were all worth the same says nothing about any of them and is left out,
not trained on with zeros (Yu et al., "DAPO", 2025, section 3.2; https://arxiv.org/abs/2503.14476).

The losses of the Tinker API are sums over tokens, so that what a token counts is decided here:
``token`` gives every token of the batch the same weight, ``sequence`` every answer.
"""

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean, pstdev
from typing import Literal
from uuid import UUID

from apps.training.types import Rewarded, Weighed

# Rewards this close to each other are the same; what is left is rounding.
FLAT = 1e-6

Normalisation = Literal["token", "sequence"]


def by_group(samples: Iterable[Rewarded]) -> dict[UUID, list[Rewarded]]:
    """The samples by group, groups in order of their first sample."""
    found: dict[UUID, list[Rewarded]] = defaultdict(list)
    for one in samples:
        found[one.group_id].append(one)
    return dict(found)


def is_flat(group: list[Rewarded]) -> bool:
    """Whether nothing is to be learned from comparing these: one alone is flat, too."""
    rewards = _rewards(group)
    return not rewards or max(rewards) - min(rewards) < FLAT


def weighed(groups: Iterable[list[Rewarded]], normalisation: Normalisation) -> list[Weighed]:
    """The samples of these groups, none of them flat, with the advantage of each token.

    Over the whole batch the weights of all tokens add up to 1 before they are multiplied with
    the advantages: a batch of twice the size makes no step of twice the length.
    """
    found: list[tuple[Rewarded, float]] = []
    for group in groups:
        rewards = _rewards(group)
        mean, spread = fmean(rewards), pstdev(rewards)
        found += [
            (one, (reward - mean) / spread) for one, reward in zip(group, rewards, strict=True)
        ]
    return _shared(found, normalisation)


def unweighed(groups: Iterable[list[Rewarded]], normalisation: Normalisation) -> list[Weighed]:
    """The samples of these groups with no advantage of their own: a teacher weighs their tokens."""
    return _shared([(one, 0.0) for group in groups for one in group], normalisation)


def _shared(found: list[tuple[Rewarded, float]], normalisation: Normalisation) -> list[Weighed]:
    tokens = sum(one.token_count for one, _ in found)
    weights = [1 / _share(one, tokens, len(found), normalisation) for one, _ in found]
    return [
        Weighed(one, advantage * weight, weight)
        for (one, advantage), weight in zip(found, weights, strict=True)
    ]


def _share(one: Rewarded, tokens: int, answers: int, normalisation: Normalisation) -> float:
    return float(tokens if normalisation == "token" else one.token_count * answers)


def _rewards(group: list[Rewarded]) -> list[float]:
    return [one.reward for one in group if one.reward is not None]
