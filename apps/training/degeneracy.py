"""What a reward does not show of answers: loops, silence, refusals, a model that fell apart.

Pure functions. Each check compares a figure of the candidate's answers with the same figure of
the baseline's; the limits are rough on purpose: they are for what is plainly broken.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

# Below so many n-grams a repetition says nothing.
_LEAST_GRAMS = 16
_WORDS, _LETTERS = 4, 8
_REFUSAL = re.compile(
    r"^\W*(?:(?:i['’]?m|i am) (?:sorry|unable|not able)|sorry,? (?:but )?i\b|i can(?:['’]t|not)\b"
    r"|i won['’]t\b|as an ai\b|(?:很)?抱歉|对不起|我(?:无法|不能))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One answer. ``surprise``: the mean of −log p of its tokens, which at temperature 1 is an
    estimate of the policy's entropy; None where the tokens are not known."""

    text: str
    reward: float | None
    why: str
    tokens: int
    repetition: float
    is_refusal: bool
    is_cut: bool
    surprise: float | None

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Check:
    """A figure of both sides and how far the candidate's may go."""

    code: str
    title: str
    baseline: float | None
    candidate: float | None
    limit: float
    is_broken: bool


def repetition(text: str) -> float:
    """The share of an answer's n-grams that it has said before: of words, or of letters where a
    language does not part words."""
    words = text.split()
    items: Sequence[str] = words if len(words) >= _LEAST_GRAMS + _WORDS else text
    size = _WORDS if items is words else _LETTERS
    count = len(items) - size + 1
    if count < _LEAST_GRAMS:
        return 0.0
    seen = {tuple(items[at : at + size]) for at in range(count)}
    return 1 - len(seen) / count


def is_refusal(text: str) -> bool:
    return _REFUSAL.match(text.strip()) is not None


def checks(baseline: Sequence[Figures], candidate: Sequence[Figures]) -> list[Check]:
    """Every check over all answers of both sides; each side needs one."""
    return [
        _share("empty", "Empty answers", lambda one: one.is_empty, 0.1, baseline, candidate),
        _share("refusals", "Refusals", lambda one: one.is_refusal, 0.15, baseline, candidate),
        _share("cut", "Cut off at the limit", lambda one: one.is_cut, 0.3, baseline, candidate),
        _repetition(baseline, candidate),
        _length(baseline, candidate),
        *_surprise(baseline, candidate),
    ]


def _share(
    code: str,
    title: str,
    has: Callable[[Figures], bool],
    more: float,
    baseline: Sequence[Figures],
    candidate: Sequence[Figures],
) -> Check:
    before, after = (fmean(float(has(one)) for one in side) for side in (baseline, candidate))
    return Check(code, title, before, after, before + more, after > before + more)


def _repetition(baseline: Sequence[Figures], candidate: Sequence[Figures]) -> Check:
    before, after = (fmean(one.repetition for one in side) for side in (baseline, candidate))
    limit = max(0.5, before + 0.2)
    return Check("repetition", "Repeats itself", before, after, limit, after > limit)


def _length(baseline: Sequence[Figures], candidate: Sequence[Figures]) -> Check:
    """In tokens, or in letters where one side's tokens are not known."""
    is_counted = all(one.tokens for one in (*baseline, *candidate) if not one.is_empty)

    def mean(side: Sequence[Figures]) -> float:
        return fmean(one.tokens if is_counted else len(one.text) for one in side)

    before, after = mean(baseline), mean(candidate)
    # What is short anyway may well double.
    limit = max(4 * before, before + 64)
    return Check("length", "Tokens an answer", before, after, limit, after > limit)


def _surprise(baseline: Sequence[Figures], candidate: Sequence[Figures]) -> list[Check]:
    before, after = (_mean_surprise(side) for side in (baseline, candidate))
    if before is None or after is None:
        return []
    low, high = min(0.01, before / 10), before + 2.0
    return [
        Check("collapse", "Entropy a token, at least", before, after, low, after < low),
        Check("scatter", "Entropy a token, at most", before, after, high, after > high),
    ]


def _mean_surprise(side: Sequence[Figures]) -> float | None:
    known = [one.surprise for one in side if one.surprise is not None]
    return fmean(known) if known else None
