"""The demo's agent and its user: asks a task, looks at the answer, says whether the rule held."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from apps.integrations.practice.tasks import SYSTEM, TaskFamily
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.gateway import ChatTask, Gateway
from metaclaw_web.cli.streams import Dialect

# Few enough for a laptop and for the rate limits of a real provider.
_AT_ONCE = 4

Way = tuple[Dialect, bool]
_WAYS: tuple[Way, ...] = (
    ("openai", True),
    ("anthropic", True),
    ("openai", False),
    ("anthropic", False),
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One task as the agent gets it."""

    family: TaskFamily
    wording: str
    session_id: str
    model: str
    way: Way


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a task. ``has_kept_rule`` is the imaginary user's own look at the answer."""

    family: TaskFamily
    wording: str
    turn_id: str
    answer: str
    skills: tuple[str, ...]
    has_kept_rule: bool


def ways_for(upstream_kind: str) -> tuple[Way, ...]:
    """How to send requests: a real provider only understands its own dialect."""
    if upstream_kind == "practice":
        return _WAYS
    return tuple(way for way in _WAYS if way[0] == upstream_kind) or _WAYS[:1]


def play_round(gateway: Gateway, assignments: Iterable[Assignment]) -> list[Attempt]:
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(lambda each: _play(gateway, each), assignments))


def _play(gateway: Gateway, assignment: Assignment) -> Attempt:
    """A session of two turns: the task, and the user's remark on the answer.

    The remark states the house rule, so that judge and evolver of a real provider can learn what
    the company wants; the task itself never does.
    """
    dialect, is_stream = assignment.way
    task = ChatTask(
        model=assignment.model,
        messages=(("user", assignment.wording),),
        system=SYSTEM,
        dialect=dialect,
        is_stream=is_stream,
        session_id=assignment.session_id,
    )
    answer = gateway.chat(task)
    if not answer.turn_id:
        raise CliError("The gateway's answer names no turn, so its score cannot be looked up.")
    rule = assignment.family.rule
    has_kept_rule = rule.is_kept(answer.text)
    said = ("assistant", answer.text or "(no text)")
    remark = ("user", remark_on(rule.statement, is_kept=has_kept_rule))
    gateway.chat(replace(task, messages=(*task.messages, said, remark), is_last=True))
    return Attempt(
        family=assignment.family,
        wording=assignment.wording,
        turn_id=answer.turn_id,
        answer=answer.text,
        skills=answer.skills,
        has_kept_rule=has_kept_rule,
    )


def remark_on(statement: str, *, is_kept: bool) -> str:
    verb = "keeps" if is_kept else "breaks"
    return f"That {verb} our house rule: {statement}."
