"""The table in the documentation."""

from datetime import UTC, datetime
from pathlib import Path

from bench import machine
from bench.training.finding import Found

_DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "bench-training.md"
_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


def write(found: Found) -> None:
    """Put the rows in place of those that are there."""
    text = _DOCUMENT.read_text("utf-8")
    head, _, rest = text.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    day = datetime.now(UTC).date().isoformat()
    on = machine.describe()
    where = f"{on.cores} cores ({on.processor}), {on.memory_gb} GB"
    said = f"Measured on {day}: {where}.\n\n{found.table()}"
    _DOCUMENT.write_text(f"{head}{_BEGIN}\n{said}\n{_END}{tail}", "utf-8")
