"""From failing turns to live skills: the judge, the evolver, the reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.demo import review, scores
from metaclaw_web.cli.demo.agent import Attempt
from metaclaw_web.cli.demo.review import APPROVED, Decision, ProposalWatch, Proposed
from metaclaw_web.cli.errors import CliError


@dataclass(frozen=True, slots=True)
class Classroom:
    """Where the learning happens and how patient the demo is with it."""

    console: ConsoleApi
    screen: Console
    timeout_seconds: float
    review_url: str

    def learn(self, failed: Sequence[Attempt], *, does_approve: bool) -> list[Decision]:
        """Wait for the proposals that ``failed`` leads to, decide on them, wait until live."""
        rule_by_turn = self._judged_failing(failed)
        rules = set(rule_by_turn.values())
        watch = ProposalWatch(self.console, rule_by_turn)
        proposals = self._wait_for_proposals(watch, rules)
        if does_approve:
            decisions = self._approve(proposals)
        else:
            decisions = self._wait_for_person(watch, rules)
        self._wait_until_live({each.slug for each in decisions if each.outcome == APPROVED})
        return decisions

    def outcomes(self, attempts: Sequence[Attempt]) -> scores.Outcomes:
        with self.screen.status("Waiting for the judge…") as status:
            return scores.wait_for_outcomes(
                self.console,
                [each.turn_id for each in attempts],
                timeout_seconds=self.timeout_seconds,
                on_progress=lambda done, all_: status.update(f"The judge: {done} of {all_} turns…"),
            )

    def _judged_failing(self, failed: Sequence[Attempt]) -> dict[str, str]:
        outcomes = self.outcomes(failed)
        rule_by_turn = {
            each.turn_id: each.family.slug
            for each in failed
            if outcomes.get(each.turn_id) == "failed"
        }
        self.screen.print(f"The judge failed {len(rule_by_turn)} of these {len(failed)} turns.")
        if not rule_by_turn:
            raise CliError(
                f"Nothing to learn from: {len(outcomes)} of {len(failed)} turns were scored within "
                f"{self.timeout_seconds:.0f} s, and none of them as failed.",
                "Are the workers running? See `metaclaw status` and the Turns page.",
            )
        return rule_by_turn

    def _wait_for_proposals(self, watch: ProposalWatch, rules: set[str]) -> list[Proposed]:
        with self.screen.status("Waiting for proposals…") as status:

            def show(found: list[Proposed]) -> None:
                covered = rules & review.rules_of(found)
                status.update(f"Proposals: {len(covered)} of {len(rules)} house rules covered…")

            found = review.wait_for_proposals(
                watch,
                rules,
                is_done=review.covers_all,
                timeout_seconds=self.timeout_seconds,
                on_progress=show,
            )
        if not found:
            raise CliError(
                f"No proposal appeared within {self.timeout_seconds:.0f} s.",
                "The evolver may still be at work; see the Review page of the console.",
            )
        if missing := rules - review.rules_of(found):
            self.screen.print(f"No proposal yet for: {', '.join(sorted(missing))}.", style="yellow")
        self.screen.print(f"{len(found)} proposals came out of the failing turns.")
        return found

    def _approve(self, proposals: list[Proposed]) -> list[Decision]:
        decisions = []
        for each in proposals:
            if each.status != "pending":
                continue
            decisions.append(review.approve(self.console, each))
            self.screen.print(f"  {each.slug}: {decisions[-1].outcome}", markup=False)
        return decisions

    def _wait_for_person(self, watch: ProposalWatch, rules: set[str]) -> list[Decision]:
        self.screen.print(f"Please decide on the proposals: {self.review_url} (Review page).")
        with self.screen.status("Waiting for your decisions…"):
            found = review.wait_for_proposals(
                watch,
                rules,
                is_done=review.is_decided,
                timeout_seconds=self.timeout_seconds,
                on_progress=lambda _: None,
            )
        if not review.is_decided(found, rules):
            raise CliError(
                "Some proposals still wait for a decision.",
                "Decide on them and run the demo again, or allow more time with --timeout.",
            )
        return [Decision(each.slug, each.status) for each in found]

    def _wait_until_live(self, slugs: set[str]) -> None:
        with self.screen.status("Waiting until the skills are live…"):
            live = review.wait_until_live(self.console, slugs, timeout_seconds=self.timeout_seconds)
        self.screen.print(f"{len(live)} of {len(slugs)} approved skills are live.")
