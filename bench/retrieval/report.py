"""What a run found, as Markdown, as JSON and as a verdict."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.aims import Aim
from bench.retrieval.metrics import Quality, Speed

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
_VERDICTS = {True: "met", False: "MISSED", None: "-"}

RECALL, NOTHING, ABOVE_TEMPLATE = 0.95, 0.90, 0.25
LARGE_MS, VECTOR_MS = 1.5, 15.0


@dataclass(frozen=True, slots=True)
class ModeResult:
    """One way of choosing on both parts of the set."""

    name: str
    dev: Quality
    test: Quality
    ranking: Speed
    vector: Speed | None


@dataclass(frozen=True, slots=True)
class Found:
    measured_at: str
    machine: str
    modes: list[ModeResult]
    large: Speed
    large_size: int

    def mode(self, name: str) -> ModeResult:
        return next(one for one in self.modes if one.name == name)


def aims(found: Found) -> list[Aim]:
    """Each aim with what was measured, on the test part."""
    hybrid, template = found.mode("hybrid"), found.mode("template")
    above = hybrid.test.recall - template.test.recall
    vector = hybrid.vector.p50 if hybrid.vector else 0.0
    return [
        _least("recall@3, hybrid", RECALL, hybrid.test.recall),
        _least("nothing-fits accuracy, hybrid", NOTHING, hybrid.test.nothing),
        _least("recall@3, hybrid above template", ABOVE_TEMPLATE, above),
        _most(f"lexical ranking, {found.large_size:,} skills, p99", LARGE_MS, found.large.p99),
        _most("vector of a short request, p50", VECTOR_MS, vector),
    ]


def markdown(found: Found) -> str:
    """All tables."""
    parts = [f"Measured on {found.measured_at}: {found.machine}.", ""]
    for part in ("test", "dev"):
        count = getattr(found.modes[0], part).count
        parts += [f"**The `{part}` part: {count} requests**", ""]
        parts += [*_table(_quality_rows(found, part)), ""]
    parts += ["**The `test` part by language of the request: recall@3**", ""]
    parts += [*_table(_language_rows(found)), ""]
    parts += ["**Milliseconds for one request**", "", *_table(_speed_rows(found)), ""]
    parts += ["**Aims**", "", *_table(_aim_rows(found))]
    return "\n".join(parts)


def write(found: Found, *, data: Path, document: Path) -> None:
    """The figures as JSON, and the tables between the two marks of the document."""
    figures: dict[str, Any] = asdict(found)
    data.write_text(json.dumps(figures, indent=1) + "\n")
    text = document.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    document.write_text(f"{head}{BEGIN}\n{markdown(found)}\n{END}{tail}")


def _quality_rows(found: Found, part: str) -> Iterable[Sequence[str]]:
    yield (
        "mode", "recall@3", "same language", "other language", "precision@3", "nothing fits",
        "hard negatives", "small talk, other topics",
    )  # fmt: skip
    for one in found.modes:
        got: Quality = getattr(one, part)
        groups = got.groups
        shares = (
            got.recall, groups["same"], groups["other"], got.precision, got.nothing,
            groups["trap"], groups["none"],
        )  # fmt: skip
        yield (one.name, *(f"{share:.3f}" for share in shares))


def _language_rows(found: Found) -> Iterable[Sequence[str]]:
    names = list(found.modes[0].test.languages)
    yield ("mode", *names)
    for one in found.modes:
        yield (one.name, *(f"{one.test.languages[name]:.2f}" for name in names))


def _speed_rows(found: Found) -> Iterable[Sequence[str]]:
    yield ("what", "p50", "p99")
    for one in found.modes:
        yield (f"{one.name}: ranking", f"{one.ranking.p50:.3f}", f"{one.ranking.p99:.3f}")
        if one.vector:
            yield (f"{one.name}: vector", f"{one.vector.p50:.1f}", f"{one.vector.p99:.1f}")
    large = found.large
    yield (f"lexical, {found.large_size:,} skills", f"{large.p50:.3f}", f"{large.p99:.3f}")


def _aim_rows(found: Found) -> Iterable[Sequence[str]]:
    yield ("aim", "wanted", "measured", "")
    for aim in aims(found):
        yield (aim.name, aim.wanted, aim.measured, _VERDICTS[aim.is_met])


def _table(rows: Iterable[Sequence[str]]) -> list[str]:
    head, *rest = rows
    rule = ["---", *["--:"] * (len(head) - 1)]
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rest)]


def _least(name: str, least: float, measured: float) -> Aim:
    return Aim(name, f">= {least:.2f}", f"{measured:.3f}", measured >= least)


def _most(name: str, most: float, measured: float) -> Aim:
    return Aim(name, f"<= {most:g} ms", f"{measured:.2f} ms", measured <= most)
