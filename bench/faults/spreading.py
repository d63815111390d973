"""An approval and a kill, seen from four gateway processes: how long until each goes by it?

Counted from the moment the service is called: its checks and its commit are part of the wait.
Out of prompts means out of a conversation that has carried the skill, too.
"""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from statistics import median, quantiles
from uuid import UUID, uuid4

from apps.evolution.services import proposal_approve, proposals_import, skill_kill
from apps.evolution.types import Reviewer
from apps.skills.skillmd import SkillDoc, build
from apps.tenants.services import member_add, user_create
from apps.tenants.types import Actor
from bench import workspace
from bench.aims import Aim
from bench.errors import BenchError
from bench.faults.doors import doors
from bench.faults.finding import Extent, Finding
from bench.faults.stage import Stage
from bench.workspace import Workspace

_GATEWAYS = 4
_WITH_REDIS, _WITHOUT_REDIS = 1.0, 5.0
# As often as this each process is asked: a wait is known no better than that.
_ASK_AGAIN_SECONDS = 0.02
_GIVE_UP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Asker:
    """A client of one process."""

    port: int
    key: str

    def carries(self, about: SkillDoc, session: str) -> bool:
        body = {"model": "m", "messages": [{"role": "user", "content": about.description}]}
        headers = {
            "authorization": f"Bearer {self.key}",
            "content-type": "application/json",
            "x-session-id": session,
            "x-turn-type": "side",
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request("POST", "/v1/chat/completions", json.dumps(body), headers)
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                raise BenchError(f"A gateway answered {answer.status}.")
            return about.slug in answer.headers.get("x-metaclaw-skills", "")

    def wait_for(self, about: SkillDoc, session: Callable[[], str], *, is_in: bool) -> float:
        """The moment (``perf_counter``) at which a prompt has the skill, or no longer has it."""
        gives_up = time.perf_counter() + _GIVE_UP_SECONDS
        while time.perf_counter() < gives_up:
            if self.carries(about, session()) == is_in:
                return time.perf_counter()
            time.sleep(_ASK_AGAIN_SECONDS)
        raise BenchError(f"A gateway did not hear of {about.slug}.")


@dataclass(frozen=True, slots=True)
class _Team:
    """A workspace, who reviews in it, and a client of each process."""

    space: Workspace
    reviewer: Reviewer
    askers: Sequence[_Asker]
    # Seconds that each call of the service took.
    calls: list[float] = field(default_factory=list)

    def change(self, number: int) -> list[float]:
        """Approve a text and kill it again; the seconds that each process took for either."""
        doc = _doc(number)
        proposal_id = self._propose(doc)
        fresh, kept = (lambda: uuid4().hex), uuid4().hex
        waits = self._timed(
            doc,
            fresh,
            lambda: proposal_approve(
                tenant_id=self.space.tenant_id,
                reviewer=self.reviewer,
                proposal_id=proposal_id,
                sha256=doc.sha256,
            ),
            is_in=True,
        )
        if not all(asker.carries(doc, kept) for asker in self.askers):
            raise BenchError(f"{doc.slug} is live and not in every prompt.")
        return waits + self._timed(
            doc,
            lambda: kept,
            lambda: skill_kill(
                tenant_id=self.space.tenant_id,
                actor=self.reviewer.actor,
                slug=doc.slug,
                reason="Measured.",
            ),
            is_in=False,
        )

    def _timed(
        self, doc: SkillDoc, session: Callable[[], str], act: Callable[[], object], *, is_in: bool
    ) -> list[float]:
        with ThreadPoolExecutor(_GATEWAYS) as pool:
            began = time.perf_counter()
            seen = [pool.submit(asker.wait_for, doc, session, is_in=is_in) for asker in self.askers]
            act()
            self.calls.append(time.perf_counter() - began)
            return [one.result() - began for one in seen]

    def _propose(self, doc: SkillDoc) -> UUID:
        made = proposals_import(
            tenant_id=self.space.tenant_id,
            actor=self.reviewer.actor,
            name="bench",
            entries=[(f"{doc.slug}/SKILL.md", doc)],
        )
        if made[0].proposal_id is None:
            raise BenchError(f"{doc.slug} was not proposed: {made[0].outcome}.")
        return made[0].proposal_id


def measure(stage: Stage, extent: Extent) -> Finding:
    space = workspace.create(stage.provider.url)
    with ExitStack() as running:
        open_doors = running.enter_context(doors())
        gateways = [
            running.enter_context(stage.within(f"gateway-{number}").gateway(open_doors.env))
            for number in range(_GATEWAYS)
        ]
        askers = [_Asker(one.port, space.key) for one in gateways]
        team = _Team(space, _reviewer(space), askers)
        # Not counted: processes that see the workspace for the first time.
        team.change(0)
        told = [wait for number in range(extent.changes) for wait in team.change(1 + number)]
        open_doors.redis.shut()
        asked = [
            wait
            for number in range(extent.changes_without_redis)
            for wait in team.change(1 + extent.changes + number)
        ]
    return Finding(
        aims=[
            _aim("with Redis", told, _WITH_REDIS),
            _aim("without Redis", asked, _WITHOUT_REDIS),
        ],
        figures={
            "approve or kill, ms of the call itself at the median": median(team.calls) * 1000,
            "approve or kill to effect, ms at the median": median(told) * 1000,
            "the same without Redis, ms at the median": median(asked) * 1000,
        },
    )


def _aim(name: str, waits: list[float], most: float) -> Aim:
    p99 = quantiles(waits, n=100, method="inclusive")[98]
    return Aim(
        name=f"Approve or kill until {_GATEWAYS} processes go by it (p99), {name}",
        wanted=f"<= {most:g} s",
        measured=f"{p99:.2f} s of {len(waits):,}, {max(waits):.2f} s at worst",
        is_met=p99 <= most,
    )


def _reviewer(space: Workspace) -> Reviewer:
    name = uuid4().hex[:12]
    user = user_create(email=f"{name}@example.com", password=uuid4().hex)
    member_add(tenant_id=space.tenant_id, user_id=user.id, role="reviewer")
    return Reviewer(Actor("user", str(user.id), "Bench"))


def _doc(number: int) -> SkillDoc:
    word = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
    return build(
        slug=f"harbour-form-{number:04d}",
        description=f"Use when asked to sign the harbour form {word}quay{word}.",
        category="general",
        body=f"# Harbour form\n\n## Steps\n\n1. Sign the form {word}.\n2. Do not date it.\n",
    )
