"""The play itself: before, learning, after."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from rich.console import Console

from apps.integrations.practice.tasks import TaskFamily
from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.demo import agent, workspace
from metaclaw_web.cli.demo.agent import Assignment, Attempt
from metaclaw_web.cli.demo.learning import Classroom
from metaclaw_web.cli.demo.report import Report, RuleResult, Tally
from metaclaw_web.cli.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Settings:
    rounds: int
    families: tuple[TaskFamily, ...]
    tasks_per_round: int
    seed: int
    does_approve: bool
    timeout_seconds: float
    console_url: str


@dataclass(frozen=True, slots=True)
class Judged:
    attempt: Attempt
    has_passed: bool


class Play:
    """One run of the demo. Says on ``screen`` what it is doing."""

    def __init__(
        self, settings: Settings, gateway: Gateway, console: ConsoleApi, screen: Console
    ) -> None:
        self._settings = settings
        self._gateway = gateway
        self._console = console
        self._screen = screen
        self._run = uuid4().hex[:8]
        self._serving = workspace.serving_get(console)
        self._classroom = Classroom(console, screen, settings.timeout_seconds, settings.console_url)

    def run(self) -> Report:
        started = time.monotonic()
        self._introduce()
        before = self._play_round(1)
        failed = [each.attempt for each in before if not each.has_passed]
        decisions = []
        if failed:
            decisions = self._classroom.learn(failed, does_approve=self._settings.does_approve)
        after = [each for n in range(2, self._settings.rounds + 1) for each in self._play_round(n)]
        return Report(
            serving=self._serving,
            rules=self._results(before, after),
            decisions=decisions,
            seconds=time.monotonic() - started,
        )

    def _introduce(self) -> None:
        serving = self._serving
        self._screen.print(f"Upstream: {serving.upstream}, model {serving.model}.", markup=False)
        if serving.is_simulated:
            self._screen.print(
                "The provider is simulated: it shows how the loop works, "
                "not how well a real model learns.",
                style="yellow",
            )

    def _play_round(self, number: int) -> list[Judged]:
        with self._screen.status(f"Round {number}: the agent works…"):
            attempts = agent.play_round(self._gateway, self._assignments(number))
        judged = self._judge(attempts)
        passed = sum(each.has_passed for each in judged)
        when = "before" if number == 1 else "after"
        self._screen.print(f"Round {number} ({when}): {passed} of {len(judged)} tasks passed.")
        return judged

    def _assignments(self, round_number: int) -> list[Assignment]:
        ways = agent.ways_for(self._serving.kind)
        per_round = self._settings.tasks_per_round
        assignments: list[Assignment] = []
        for family in self._settings.families:
            for task in range(per_round):
                number = (round_number - 1) * per_round + task
                way = ways[(len(assignments) + round_number) % len(ways)]
                wording = family.wording(self._settings.seed + number)
                session = f"demo-{self._run}-{round_number}-{task}-{family.slug}"
                assignments.append(Assignment(family, wording, session, self._serving.model, way))
        return assignments

    def _judge(self, attempts: Sequence[Attempt]) -> list[Judged]:
        """The simulated provider is checked here; a real one is judged by the stack's judge."""
        if self._serving.is_simulated:
            return [Judged(each, each.has_kept_rule) for each in attempts]
        outcomes = self._classroom.outcomes(attempts)
        return [Judged(each, outcomes.get(each.turn_id) == "passed") for each in attempts]

    def _results(self, before: list[Judged], after: list[Judged]) -> list[RuleResult]:
        carried = {name for each in after for name in each.attempt.skills}
        sizes = workspace.skill_tokens(self._console, {name.split("@")[0] for name in carried})
        return [_result(family, before, after, sizes) for family in self._settings.families]


def _result(
    family: TaskFamily, before: list[Judged], after: list[Judged], sizes: dict[str, int]
) -> RuleResult:
    mine = [each.attempt for each in after if each.attempt.family == family]
    tokens = sum(sizes[name.split("@")[0]] for each in mine for name in each.skills)
    return RuleResult(
        slug=family.slug,
        statement=family.rule.statement,
        before=_tally(family, before),
        after=_tally(family, after),
        carried=Counter(name for each in mine for name in each.skills),
        injected_tokens=round(tokens / len(mine)) if mine else 0,
    )


def _tally(family: TaskFamily, judged: list[Judged]) -> Tally:
    mine = [each.has_passed for each in judged if each.attempt.family == family]
    return Tally(sum(mine), len(mine))
