"""The tables of a run, as text, as Markdown and as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import excluded
from bench.aims import Aim
from bench.machine import Machine
from bench.measuring import Row
from bench.scenarios import Extent

_COLUMNS = (
    "clients", "target", "req/s", "of direct", "p50 ms", "p99 ms", "first p50", "first p99",
    "added p50", "added p99", "added first p50", "added first p99", "CPU us",
)  # fmt: skip
_AIM_COLUMNS = ("aim", "wanted", "measured", "")
_VERDICTS = {True: "met", False: "MISSED", None: "-"}
_MARK = "results"
# Parts of results.json that other commands write.
_OTHERS = ("faults", "console")

Table = tuple[str, list[list[str]]]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a run found."""

    measured_at: str
    machine: Machine
    load_averages: list[float]
    extent: Extent
    rows: list[Row]
    memory: list[tuple[int, float]]
    facts: dict[str, float]
    aims: list[Aim]

    @property
    def is_met(self) -> bool:
        return all(aim.is_met is not False for aim in self.aims)


def today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


def cells_of(row: Row) -> list[str]:
    """One line of the table of a scenario."""
    one, more = row.round, row.added
    cells = [str(row.clients), row.target, f"{one.per_second:,.0f}"]
    cells.append(f"{more.ratio:.1%}" if more else "")
    cells += [_ms(value) for value in (one.p50, one.p99, one.first_byte_p50, one.first_byte_p99)]
    if more:
        differences = (more.p50, more.p99, more.first_byte_p50, more.first_byte_p99)
        cells += [_ms(value) for value in differences]
    else:
        cells += [""] * 4
    cells.append(f"{one.cpu_us:.0f}" if one.cpu_us else "")
    return cells


def text(report: Report) -> str:
    """For a terminal."""
    return as_text(_heading(report), _tables(report), excluded.SPEED)


def markdown(report: Report) -> str:
    """For a document."""
    return as_markdown(_heading(report), _tables(report), excluded.SPEED)


def write_json(report: Report, path: Path) -> None:
    """What an earlier run found of the faults stays."""
    kept = _read(path)
    others = {name: kept[name] for name in _OTHERS if name in kept}
    path.write_text(json.dumps(asdict(report) | others, indent=1) + "\n")


def write_into(document: Path, report: Report) -> None:
    put_between(document, _MARK, markdown(report))


def as_text(heading: str, tables: Iterable[Table], left_out: tuple[str, ...]) -> str:
    parts = []
    for title, lines in tables:
        parts += [title, _aligned(lines), ""]
    return "\n".join([heading, "", *parts, "Excluded", *excluded.lines(left_out)])


def as_markdown(heading: str, tables: Iterable[Table], left_out: tuple[str, ...]) -> str:
    parts = []
    for title, lines in tables:
        rule = ["---", *["--:"] * (len(lines[0]) - 1)]
        rows = [lines[0], rule, *lines[1:]]
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        parts += [f"**{title}**", "", table, ""]
    return "\n".join([heading, "", *parts, "**Excluded**", "", *excluded.lines(left_out)])


def aim_lines(aims: Sequence[Aim]) -> list[list[str]]:
    return [list(_AIM_COLUMNS), *[_aim_cells(aim) for aim in aims]]


def write_part(path: Path, name: str, content: dict[str, Any]) -> None:
    """Replace one part of a file of results."""
    path.write_text(json.dumps(_read(path) | {name: content}, indent=1) + "\n")


def put_between(document: Path, mark: str, content: str) -> None:
    """Replace what an earlier run put between two marks of a document."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, _, rest = document.read_text().partition(begin)
    _, _, after = rest.partition(end)
    document.write_text(f"{before}{begin}\n{content}\n{end}{after}")


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found


def _heading(report: Report) -> str:
    low, high = min(report.load_averages), max(report.load_averages)
    return (
        f"Measured on {report.measured_at}: {report.machine};"
        f" median of {report.extent.rounds} rounds; load average {low} to {high}."
    )


def _tables(report: Report) -> Iterable[Table]:
    for scenario in report.extent.scenarios:
        rows = [row for row in report.rows if row.scenario == scenario.name]
        yield scenario.title, [list(_COLUMNS), *[cells_of(row) for row in rows]]
    facts = [[name, f"{value:,.1f}"] for name, value in report.facts.items()]
    yield "Processes", [["figure", "value"], *facts]
    yield "Aims", aim_lines(report.aims)


def _aim_cells(aim: Aim) -> list[str]:
    return [aim.name, aim.wanted, aim.measured, _VERDICTS[aim.is_met]]


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    is_prose = len(lines[0]) == len(_AIM_COLUMNS)
    out = []
    for line in lines:
        cells = [
            cell.ljust(width) if column == 0 or is_prose else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        out.append("  " + "  ".join(cells).rstrip())
    return "\n".join(out)


def _ms(value: float) -> str:
    return f"{value:.2f}"
