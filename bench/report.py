"""The tables of a run, as text, as Markdown and as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

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
_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


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
    parts = []
    for title, lines in _tables(report):
        parts += [title, _aligned(lines), ""]
    return "\n".join([_heading(report), "", *parts])


def markdown(report: Report) -> str:
    """For a document."""
    parts = []
    for title, lines in _tables(report):
        rule = ["---", *["--:"] * (len(lines[0]) - 1)]
        rows = [lines[0], rule, *lines[1:]]
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        parts += [f"**{title}**", "", table, ""]
    return "\n".join([_heading(report), "", *parts]).rstrip()


def write_json(report: Report, path: Path) -> None:
    path.write_text(json.dumps(asdict(report), indent=1) + "\n")


def write_into(document: Path, report: Report) -> None:
    """Replace the results of an earlier run between the two marks of a document."""
    content = document.read_text()
    before, _, rest = content.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    document.write_text(f"{before}{_BEGIN}\n{markdown(report)}\n{_END}{after}")


def _heading(report: Report) -> str:
    low, high = min(report.load_averages), max(report.load_averages)
    return (
        f"Measured on {report.measured_at}: {report.machine};"
        f" median of {report.extent.rounds} rounds; load average {low} to {high}."
    )


def _tables(report: Report) -> Iterable[tuple[str, list[list[str]]]]:
    for scenario in report.extent.scenarios:
        rows = [row for row in report.rows if row.scenario == scenario.name]
        yield scenario.title, [list(_COLUMNS), *[cells_of(row) for row in rows]]
    facts = [[name, f"{value:,.1f}"] for name, value in report.facts.items()]
    yield "Processes", [["figure", "value"], *facts]
    yield "Aims", [list(_AIM_COLUMNS), *[_aim_cells(aim) for aim in report.aims]]


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
