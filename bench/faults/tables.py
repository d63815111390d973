"""The tables of the reliability rows, as text, as Markdown and as JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from bench import excluded, report
from bench.faults.run import Faults

_MARK = "faults"
_TITLE = "Faults"


def text(found: Faults) -> str:
    """For a terminal."""
    return report.as_text(_heading(found), _tables(found), excluded.FAULTS)


def markdown(found: Faults) -> str:
    """For a document."""
    return report.as_markdown(_heading(found), _tables(found), excluded.FAULTS)


def write_json(found: Faults, path: Path) -> None:
    report.write_part(path, _MARK, asdict(found))


def write_into(document: Path, found: Faults) -> None:
    report.put_between(document, _MARK, markdown(found))


def _heading(found: Faults) -> str:
    low, high = min(found.load_averages), max(found.load_averages)
    return (
        f"Measured on {found.measured_at}: {found.machine}; {sum(found.seconds.values()):.0f} s in"
        f" all; load average {low} to {high}."
    )


def _tables(found: Faults) -> Iterable[report.Table]:
    yield _TITLE, report.aim_lines(found.aims)
    figures = [[name, f"{value:,.2f}"] for name, value in found.figures.items()]
    if figures:
        yield f"{_TITLE}: figures", [["figure", "value"], *figures]
