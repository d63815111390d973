"""What the demo found: numbers, table, verdict."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from metaclaw_web.cli.demo.review import Decision
from metaclaw_web.cli.demo.workspace import Serving


@dataclass(frozen=True, slots=True)
class Tally:
    passed: int
    total: int

    @property
    def rate(self) -> float:
        return self.passed / self.total if self.total else 0.0

    @property
    def is_perfect(self) -> bool:
        return self.total > 0 and self.passed == self.total

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.total + other.total)

    def __str__(self) -> str:
        return f"{self.passed} of {self.total}"


@dataclass(frozen=True, slots=True)
class RuleResult:
    slug: str
    statement: str
    before: Tally
    after: Tally
    # slug@version → number of "after" tasks that carried it
    carried: Counter[str]
    injected_tokens: int


@dataclass(frozen=True, slots=True)
class Report:
    serving: Serving
    rules: Sequence[RuleResult]
    decisions: Sequence[Decision]
    seconds: float

    @property
    def before(self) -> Tally:
        return sum((rule.before for rule in self.rules), Tally(0, 0))

    @property
    def after(self) -> Tally:
        return sum((rule.after for rule in self.rules), Tally(0, 0))

    @property
    def was_already_good(self) -> bool:
        return self.before.is_perfect and self.after.is_perfect

    @property
    def is_success(self) -> bool:
        """Better than before, or nothing was left to improve and nothing got worse."""
        return self.after.rate > self.before.rate or self.was_already_good

    def as_json(self) -> dict[str, Any]:
        return {
            "is_success": self.is_success,
            "was_already_good": self.was_already_good,
            "serving": asdict(self.serving),
            "before": asdict(self.before),
            "after": asdict(self.after),
            "rules": [{**asdict(rule), "carried": dict(rule.carried)} for rule in self.rules],
            "proposals": [asdict(each) for each in self.decisions],
            "seconds": round(self.seconds, 1),
        }


def table_of(report: Report) -> Table:
    title = f"House rules kept, judged on {report.serving.model}"
    if report.serving.is_simulated:
        title += " (simulated provider)"
    table = Table(title=title, show_footer=True, show_lines=True, box=box.SIMPLE)
    table.add_column("House rule", "All rules", min_width=22)
    table.add_column("Before", _shown(report.before), justify="right", no_wrap=True)
    table.add_column("After", _shown(report.after), justify="right", no_wrap=True)
    table.add_column("Skills carried after", overflow="fold")
    table.add_column("Tokens", justify="right")
    for rule in report.rules:
        carried = [f"{name} ×{count}" for name, count in rule.carried.most_common()]
        table.add_row(
            escape(rule.statement),
            _shown(rule.before),
            _shown(rule.after),
            escape("\n".join(carried)) or "none",
            str(rule.injected_tokens),
        )
    return table


def verdict_of(report: Report) -> str:
    if report.was_already_good:
        return (
            "Every task passed from the start: the skills of an earlier run are live. "
            "Retire them on the Skills page to watch the learning again."
        )
    before, after = f"{report.before.rate:.0%}", f"{report.after.rate:.0%}"
    if report.is_success:
        return f"The agent learned: {before} of the tasks passed before, {after} after."
    return f"The agent did not get better: {before} of the tasks passed before, {after} after."


def _shown(tally: Tally) -> str:
    color = "green" if tally.is_perfect else "red" if tally.passed == 0 else "yellow"
    return f"[{color}]{tally}[/{color}]"
