"""Rows of a table: what was wanted, what was found."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """``is_met`` is None for a figure without an aim."""

    what: str
    wanted: str
    found: str
    is_met: bool | None = None


@dataclass(slots=True)
class Found:
    rows: list[Row] = field(default_factory=list)

    def add(self, what: str, wanted: str, found: str, *, is_met: bool | None = None) -> None:
        self.rows.append(Row(what, wanted, found, is_met))

    @property
    def is_met(self) -> bool:
        return all(row.is_met is not False for row in self.rows)

    def table(self) -> str:
        """In Markdown."""
        words = {True: "met", False: "MISSED", None: "-"}
        lines = ["| what | wanted | measured | |", "|---|---|---|---|"]
        lines += [f"| {r.what} | {r.wanted} | {r.found} | {words[r.is_met]} |" for r in self.rows]
        return "\n".join(lines)
