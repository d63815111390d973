"""The results as tables in Markdown, and the place in the documentation they go to."""

from collections.abc import Sequence
from pathlib import Path

from bench.learning import figures
from bench.learning.arms import ArmResult
from bench.learning.figures import Aim

_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


def text(results: Sequence[ArmResult], checked: Sequence[Aim], said: str) -> str:
    parts = [said, _overall(results), "Completion by day:", _days(results, "completion")]
    parts += ["Input tokens by day:", _days(results, "input_tokens")]
    parts += ["Share of the input tokens that was cached, by day:", _days(results, "cached_share")]
    parts += [_verdicts(checked)] if checked else []
    return "\n\n".join(parts) + "\n"


def write_into(document: Path, content: str) -> None:
    """Replace what stands between the two marks of ``document``."""
    before, rest = document.read_text(encoding="utf-8").split(_BEGIN)
    _, after = rest.split(_END)
    document.write_text(f"{before}{_BEGIN}\n{content}{_END}{after}", encoding="utf-8")


def _overall(results: Sequence[ArmResult]) -> str:
    rows = [
        "| arm | accuracy | completion | exact | requests | tokens in | tokens out | cached "
        "| most injected |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        all_ = figures.of(one.outcomes)
        rows.append(
            f"| {one.arm.name} | {all_.accuracy:.3f} | {all_.completion:.3f} | {all_.exact:.3f} "
            f"| {all_.requests} | {all_.input_tokens:,} | {all_.output_tokens:,} "
            f"| {all_.cached_share:.2f} | {one.injected_characters:,} |"
        )
    return "\n".join(rows)


def _days(results: Sequence[ArmResult], name: str) -> str:
    days = list(figures.by_day(results[0].outcomes)) if results else []
    rows = [f"| arm | {' | '.join(days)} |", "|---" * (len(days) + 1) + "|"]
    for one in results:
        found = figures.by_day(one.outcomes)
        values = [getattr(found[day], name) for day in days]
        shown = [f"{value:,}" if isinstance(value, int) else f"{value:.2f}" for value in values]
        rows.append(f"| {one.arm.name} | {' | '.join(shown)} |")
    return "\n".join(rows)


def _verdicts(checked: Sequence[Aim]) -> str:
    rows = ["| aim | measured | |", "|---|---|---|"]
    rows += [f"| {aim.name} | {aim.measured} | {_word(aim)} |" for aim in checked]
    return "\n".join(rows)


def _word(aim: Aim) -> str:
    return "met" if aim.is_met else "MISSED"
