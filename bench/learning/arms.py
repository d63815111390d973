"""The arms: the same tasks, the same agent, and who helps it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Literal

from bench.learning import rules, workspaces
from bench.learning.agent import Agent, Outcome
from bench.learning.provider import Provider
from bench.learning.reviewer import Decides, Reviewer
from bench.learning.tasks import Task
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError

Notes = Literal["none", "notebook", "oracle"]
_RECORDED_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Arm:
    """``mode`` is the workspace's; empty: the agent talks to the provider directly."""

    name: str
    mode: str = ""
    has_bank: bool = False
    decides: Decides | None = None
    notes: Notes = "none"


# Those who learn come before those whose many failures keep judge and evolver busy. The second
# workspace comes last: it must have nothing of what the others learned.
ARMS = (
    Arm("direct"),
    Arm("oracle", notes="oracle"),
    Arm("notebook", notes="notebook"),
    Arm("learn", mode="skills", decides="approve"),
    Arm("learn-bank", mode="skills", has_bank=True, decides="approve"),
    Arm("rejected", mode="skills", decides="reject"),
    Arm("observe", mode="observe"),
    Arm("observe-bank", mode="observe", has_bank=True),
    Arm("second-tenant", mode="skills"),
)


@dataclass(frozen=True, slots=True)
class ArmResult:
    arm: Arm
    outcomes: list[Outcome]
    decisions: list[str] = field(default_factory=list)
    # Seconds from a failure to the decision on what was proposed.
    waits: list[float] = field(default_factory=list)
    # The longest block that the gateway put into one request.
    injected_characters: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What all arms of a run share."""

    provider: Provider
    console_url: str
    gateway_url: str
    patience: float
    run: str


def play(arm: Arm, tasks: list[Task], setting: Setting, say: Callable[[str], None]) -> ArmResult:
    with ExitStack() as stack:
        connection, console = stack.enter_context(_workspace(arm, setting))
        agent = stack.enter_context(_agent(arm, setting, connection))
        reviewer = (
            Reviewer(console, arm.decides, patience=setting.patience)
            if console and arm.decides
            else None
        )
        outcomes: list[Outcome] = []
        remarks: list[str] = []
        for task in tasks:
            outcome, remark = agent.do(task, _notes(arm, remarks))
            outcomes.append(outcome)
            if outcome.broken:
                remarks.append(remark)
                if reviewer:
                    reviewer.after_failure()
        if reviewer:
            reviewer.finish()
        kept = sum(not outcome.broken for outcome in outcomes)
        waited = max(reviewer.waits, default=0.0) if reviewer else 0.0
        longest = f", longest wait for a decision {waited:.0f} s" if waited else ""
        say(f"{arm.name:14} {kept} of {len(outcomes)} tasks without a fault{longest}")
        return ArmResult(
            arm,
            outcomes,
            reviewer.decided if reviewer else [],
            reviewer.waits if reviewer else [],
            _injected(console, outcomes) if console else 0,
        )


def _notes(arm: Arm, remarks: list[str]) -> str:
    if arm.notes == "oracle":
        return "\n".join(["House rules:", *(f"- {rule.statement}" for rule in rules.RULES)])
    if arm.notes == "notebook" and remarks:
        # Said twice is written down once.
        return "\n".join(["Said of earlier work:", *(f"- {one}" for one in dict.fromkeys(remarks))])
    return ""


@contextmanager
def _workspace(arm: Arm, setting: Setting) -> Iterator[tuple[Connection | None, ConsoleApi | None]]:
    if not arm.mode:
        yield None, None
        return
    connection = workspaces.create(
        f"rules-{setting.run}-{arm.name}",
        mode=arm.mode,
        has_bank=arm.has_bank,
        approves=arm.decides == "approve",
        provider=setting.provider,
        console=setting.console_url,
        gateway=setting.gateway_url,
    )
    # A gateway process knows a new key within a second.
    time.sleep(1.5)
    with ConsoleApi(connection) as console:
        yield connection, console


def _agent(arm: Arm, setting: Setting, connection: Connection | None) -> Agent:
    provider = setting.provider
    if connection is None:
        return Agent(
            name=arm.name,
            base_url=provider.chat_url,
            key=provider.key or "none",
            model=provider.model,
        )
    return Agent(
        name=arm.name,
        base_url=f"{connection.gateway_url}/v1",
        key=connection.api_key,
        model=provider.model,
    )


def _injected(console: ConsoleApi, outcomes: list[Outcome]) -> int:
    """One turn is read for each set of skills: the same skills make the same text."""
    turns = {skills: turn for outcome in outcomes for skills, turn in outcome.carried.items()}
    return max((len(_injected_text(console, turn)) for turn in turns.values()), default=0)


def _injected_text(console: ConsoleApi, turn: str) -> str:
    until = time.monotonic() + _RECORDED_SECONDS
    while True:
        try:
            return str(console.get(f"turns/{turn}/")["injection"]["text"])
        except CliError:
            # Recorded a moment after it was answered.
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
