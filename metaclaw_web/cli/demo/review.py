"""The reviewer of the demo: waits for the proposals that its failures caused, approves them."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from apps.integrations.practice.tasks import FAMILIES
from metaclaw_web.cli.console_api import ConsoleApi, Json
from metaclaw_web.cli.demo.scores import POLL_SECONDS
from metaclaw_web.cli.errors import CliError, Refused

# An approved skill reaches every gateway process within a second.
_PROPAGATION_SECONDS = 1.0
_MOST_PROPOSALS = 200
_TRIES = 3

APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal and the house rules it is about: none when other agents caused it."""

    id: str
    slug: str
    status: str
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a proposal; ``outcome`` is its status, or why it was not approved."""

    slug: str
    outcome: str


class ProposalWatch:
    """Looks at all proposals and finds out which house rules each of them is about."""

    def __init__(self, console: ConsoleApi, failed_turns: dict[str, str]) -> None:
        self._console = console
        self._failed_turns = failed_turns
        self._rules_by_version: dict[tuple[str, str, int], frozenset[str]] = {}

    def look(self) -> list[Proposed]:
        rows = self._console.pages("proposals/", most=_MOST_PROPOSALS, status="all")
        return [Proposed(r["id"], r["slug"], r["status"], self._rules_of(r)) for r in rows]

    def _rules_of(self, row: Json) -> frozenset[str]:
        version = (str(row["id"]), str(row["sha256"]), int(row["evidence_count"]))
        if version not in self._rules_by_version:
            evidence = self._console.get(f"proposals/{row['id']}/")["evidence"]
            rules = (self._rule_behind(each) for each in evidence)
            self._rules_by_version[version] = frozenset(rule for rule in rules if rule)
        return self._rules_by_version[version]

    def _rule_behind(self, evidence: Json) -> str | None:
        """By turn, else by wording: an earlier run of the demo may have left its proposals."""
        if evidence["turn_id"] in self._failed_turns:
            return self._failed_turns[evidence["turn_id"]]
        text = str(evidence.get("user_text") or "")
        return next((family.slug for family in FAMILIES if family.owns(text)), None)


def wait_for_proposals(
    watch: ProposalWatch,
    rules: set[str],
    *,
    is_done: Callable[[list[Proposed], set[str]], bool],
    timeout_seconds: float,
    on_progress: Callable[[list[Proposed]], None],
) -> list[Proposed]:
    """The proposals about ``rules`` once ``is_done`` says so, or what is there at the timeout."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        # Those of other agents are none of the demo's business.
        found = [each for each in watch.look() if each.rules & rules]
        on_progress(found)
        if is_done(found, rules) or time.monotonic() > deadline:
            return found
        time.sleep(POLL_SECONDS)


def rules_of(found: list[Proposed]) -> frozenset[str]:
    return frozenset(rule for each in found for rule in each.rules)


def covers_all(found: list[Proposed], rules: set[str]) -> bool:
    """Every rule has a proposal that waits or was accepted."""
    return rules <= rules_of([each for each in found if each.status != "rejected"])


def is_decided(found: list[Proposed], rules: set[str]) -> bool:
    """Every rule has a proposal, and a person has decided all of them."""
    return rules <= rules_of(found) and all(each.status != "pending" for each in found)


def approve(console: ConsoleApi, proposed: Proposed) -> Decision:
    """Approve exactly the text that was read; read again when it changed meanwhile."""
    refused_sha256 = ""
    problem = ""
    for _ in range(_TRIES):
        detail = console.get(f"proposals/{proposed.id}/")
        sha256 = str(detail["sha256"])
        if detail["status"] != "pending":
            return Decision(proposed.slug, str(detail["status"]))
        if sha256 == refused_sha256:
            # Not the text but the skill below it moved on: reading again changes nothing.
            break
        if not detail["may_decide"]:
            reason = str(detail["blocked_reason"] or "")
            raise CliError(f"This key may not decide on the proposal {proposed.slug}.", reason)
        try:
            console.post(f"proposals/{proposed.id}/approve/", {"sha256": sha256, "to": "all"})
        except Refused as exc:
            if exc.status not in (409, 422):
                raise
            refused_sha256, problem = sha256, exc.message
            continue
        return Decision(proposed.slug, APPROVED)
    return Decision(proposed.slug, f"not approved: {problem}")


def wait_until_live(console: ConsoleApi, slugs: set[str], *, timeout_seconds: float) -> set[str]:
    """The slugs that are live in every gateway process by now."""
    deadline = time.monotonic() + timeout_seconds
    live: set[str] = set()
    while True:
        live |= {slug for slug in slugs - live if _is_live(console, slug)}
        if live == slugs or time.monotonic() > deadline:
            break
        time.sleep(POLL_SECONDS)
    if live:
        time.sleep(_PROPAGATION_SECONDS)
    return live


def _is_live(console: ConsoleApi, slug: str) -> bool:
    try:
        return bool(console.get(f"skills/{slug}/")["status"] == "live")
    except Refused as exc:
        if exc.status == 404:
            return False
        raise
