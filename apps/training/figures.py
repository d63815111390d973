"""What is logged of every step, worked out here from log-probabilities, so that it means the same
whatever trainer did the step.

KL is Schulman's third estimator, never negative and of low variance
(http://joschu.net/blog/kl-approx.html); entropy is estimated by what was sampled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np


@dataclass(frozen=True, slots=True)
class Learned:
    """One answer of a step: what its tokens were worth, and how likely they were when they were
    sampled and when they were trained on."""

    advantages: Sequence[float]
    sampled: Sequence[float]
    trained: Sequence[float]


def figures_of(rows: Sequence[Learned], *, clip: tuple[float, float] | None) -> dict[str, float]:
    """Means over the tokens of all rows. ``clip``: the bounds of the ratio, where a loss has any.

    Raises ValueError where a row's arrays differ in length.
    """
    if any(len(row.sampled) != len(row.trained) for row in rows):
        raise ValueError("the trainer answered with another number of log-probabilities")
    advantages = np.concatenate([np.asarray(row.advantages, np.float64) for row in rows])
    sampled = np.concatenate([np.asarray(row.sampled, np.float64) for row in rows])
    trained = np.concatenate([np.asarray(row.trained, np.float64) for row in rows])
    distance = trained - sampled
    # Beyond this the ratio says nothing any more, and its square overflows.
    ratio = np.exp(np.clip(distance, -20, 20))
    found = {
        "tokens": float(len(sampled)),
        "ratio_mean": float(ratio.mean()),
        "ratio_max": float(ratio.max()),
        "kl": float((1 / ratio - 1 + distance).mean()),
        "entropy": float(-trained.mean()),
        "logprob_distance_max": float(np.abs(distance).max()),
        "zero_advantage_share": float((advantages == 0).mean()),
    }
    if clip is not None:
        found["clip_fraction"] = float(((ratio < clip[0]) | (ratio > clip[1])).mean())
    return found


def likeness_of(answers: Sequence[Sequence[float]]) -> dict[str, float]:
    """How likely answers are that are imitated, from their tokens' log-probabilities before the
    step: ``nll``, the mean negative one in nats, falls as the policy comes to say them."""
    values = np.concatenate([np.asarray(answer, np.float64) for answer in answers])
    return {"tokens": float(len(values)), "nll": float(-values.mean())}


def rewards_of(rewards: Sequence[float]) -> dict[str, float]:
    """The rewards of a batch, from -1 to 1; nothing where none are known."""
    if not rewards:
        return {}
    return {
        "reward": fmean(rewards),
        "reward_min": min(rewards),
        "reward_max": max(rewards),
    }
