"""What a run found, as Markdown."""

from dataclasses import dataclass
from pathlib import Path

from bench.search.asking import Timed

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
AIM_MS = 150.0


@dataclass(frozen=True, slots=True)
class Found:
    measured_at: str
    machine: str
    turns: int
    others: int
    indexed_per_second: float
    sizes: dict[str, float]
    recall: float
    kinds: list[Timed]

    @property
    def worst_p95(self) -> float:
        """Of the searches by words and meaning together: the aim is about these."""
        return max(kind.p95 for kind in self.kinds if kind.name.startswith("both"))

    @property
    def is_met(self) -> bool:
        return self.worst_p95 <= AIM_MS


def markdown(found: Found) -> str:
    lines = [
        f"Measured on {found.measured_at}: {found.machine}. {found.turns:,} turns, and"
        f" {found.others:,} of another workspace in the same indexes.",
        "",
        "| search | searches | turns shown | p50 ms | p95 ms | worst ms |",
        "| --- | --: | --: | --: | --: | --: |",
        *(
            f"| {one.name} | {one.count} | {one.found:.0f} | {one.p50:.1f} | {one.p95:.1f}"
            f" | {one.worst:.1f} |"
            for one in found.kinds
        ),
        "",
        "| figure | wanted | measured |  |",
        "| --- | --: | --: | --: |",
        f"| p95 of searches by words and meaning | <= {AIM_MS:.0f} ms | {found.worst_p95:.1f} ms"
        f" | {'met' if found.is_met else 'MISSED'} |",
        f"| the ten closest, found by HNSW too | - | {found.recall:.3f} | - |",
        f"| turns stored, indexed and given vectors a second | - | {found.indexed_per_second:.0f}"
        " | - |",
        *(f"| {name} | - | {size:.0f} MB | - |" for name, size in _named(found)),
    ]
    return "\n".join(lines)


def write(found: Found, document: Path) -> None:
    """The tables between the two marks of the document."""
    text = document.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    document.write_text(f"{head}{BEGIN}\n{markdown(found)}\n{END}{tail}")


def _named(found: Found) -> list[tuple[str, float]]:
    return list(found.sizes.items())
