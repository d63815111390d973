"""What a run found, as Markdown and as a part of results.json."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import machine

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
RESULTS = Path(__file__).parent.parent / "results.json"


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    unit: str
    most: float | None
    measured: float
    note: str = ""

    @property
    def is_met(self) -> bool:
        return self.most is None or self.measured <= self.most

    @property
    def verdict(self) -> str:
        if self.most is None:
            return "-"
        return "met" if self.is_met else "MISSED"


def markdown(figures: list[Figure], measured_at: str) -> str:
    return "\n".join(
        [
            f"Measured on {measured_at}: {machine.describe()}. Chromium without a GPU, on the"
            " cores that the stack runs on.",
            "",
            "| figure | wanted | measured |  |",
            "| --- | --: | --: | --: |",
            *(
                f"| {one.name} | {_amount(one.most, one.unit, '<= ')} |"
                f" {_amount(one.measured, one.unit)}{one.note and f' ({one.note})'} |"
                f" {one.verdict} |"
                for one in figures
            ),
        ]
    )


def _amount(value: float | None, unit: str, before: str = "") -> str:
    if value is None:
        return "-"
    shown = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
    return f"{before}{shown} {unit}".rstrip()


def keep(figures: list[Figure], measured_at: str) -> None:
    """The part of results.json that is the console's; the rest stays as it is."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known["console"] = {
        "measured_at": measured_at,
        "figures": [asdict(one) | {"is_met": one.is_met} for one in figures],
    }
    RESULTS.write_text(json.dumps(known, indent=1) + "\n")


def write(text: str, document: Path) -> None:
    """The table between the two marks of the document."""
    before, rest = document.read_text().split(BEGIN)
    _, after = rest.split(END)
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
