"""``python -m bench.races``: edits against approvals; is what was approved what became live?

Plays generated sequences of reads, edits and approvals by three members against the services and
the real database, and compares every answer with a model of what should happen. A part is played
again by threads at once, where the order is the database's. Exits with 1 on the first difference.

Needs a Postgres: ``python -m metaclaw_web.stack exec -- python -m bench.races``. It makes a
database of its own there and drops it.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import django

_SLUG = "raced"
_NAMES = ("Ada", "Ben", "Eve")
_MOVES = (3, 9)
_THREADS = 3


class Difference(AssertionError):
    """What happened is not what should have."""


@dataclass
class Model:
    """What should happen: the text now, who approved it since it was last edited, what is live."""

    sha256: str
    quorum: int
    approvers: set[str] = field(default_factory=set)
    is_decided: bool = False
    live: str | None = None

    def edits(self, read: str, sha256: str) -> bool:
        if self.is_decided or read != self.sha256:
            return False
        self.sha256, self.approvers = sha256, set()
        return True

    def approves(self, name: str, read: str) -> bool:
        if self.is_decided or read != self.sha256:
            return False
        self.approvers.add(name)
        if len(self.approvers) >= self.quorum:
            self.is_decided, self.live = True, self.sha256
        return True


class Stage:
    """A workspace with three members who may approve, and one proposal at a time."""

    def __init__(self) -> None:
        from apps.evolution.models import EvolutionRun
        from apps.evolution.types import Reviewer
        from apps.tenants.services import member_add, tenant_create, user_create
        from apps.tenants.types import Actor

        name = uuid4().hex[:12]
        self.tenant_id: UUID = tenant_create(slug=f"races-{name}", name="Races").id
        self.reviewers = {}
        self._quorum = 0
        for person in _NAMES:
            user = user_create(email=f"{person}.{name}@example.com", password=uuid4().hex)
            member_add(tenant_id=self.tenant_id, user_id=user.id, role="reviewer")
            self.reviewers[person] = Reviewer(Actor("user", str(user.id), person))
        with _tenant(self.tenant_id):
            self._run = EvolutionRun.objects.create(
                tenant_id=self.tenant_id,
                outcome="proposed",
                author_model="races",
                prompt_version="races",
                failures_shown=0,
            )

    def propose(self, quorum: int, text: str) -> Any:
        """A new proposal, on an empty library."""
        from apps.evolution.models import Proposal
        from apps.evolution.services import review_policy_set
        from apps.skills.models import Skill
        from apps.skills.services import skill_retire
        from apps.skills.skillmd import parse
        from apps.tenants.types import SYSTEM

        doc = parse(text)
        review_policy_set(
            tenant_id=self.tenant_id, actor=SYSTEM, quorum=quorum, self_approval="allowed"
        )
        with _tenant(self.tenant_id):
            Proposal.objects.for_tenant(self.tenant_id).filter(status="pending").delete()
            if Skill.objects.for_tenant(self.tenant_id).filter(status="live").exists():
                skill_retire(tenant_id=self.tenant_id, actor=SYSTEM, slug=_SLUG)
            return Proposal.objects.create(
                tenant_id=self.tenant_id,
                run=self._run,
                kind=Proposal.Kind.CREATE,
                slug=_SLUG,
                category=doc.category,
                description=doc.description,
                text=doc.text,
                sha256=doc.sha256,
                original_sha256=doc.sha256,
                author_model="races",
            )

    def read(self, proposal_id: UUID) -> str:
        from apps.evolution import selectors

        with _tenant(self.tenant_id):
            return selectors.proposal_get(tenant_id=self.tenant_id, proposal_id=proposal_id).sha256

    def edit(self, name: str, proposal_id: UUID, read: str, text: str) -> bool:
        from apps.evolution.services import proposal_edit

        return self._is_done(proposal_edit, name, proposal_id, sha256=read, text=text)

    def approve(self, name: str, proposal_id: UUID, read: str) -> bool:
        from apps.evolution.services import proposal_approve

        return self._is_done(proposal_approve, name, proposal_id, sha256=read)

    def live(self) -> str | None:
        """The hash of the live text as it is computed from the text, not as it was stored."""
        from apps.skills.selectors import skill_text_find
        from apps.skills.skillmd import sha256_of

        with _tenant(self.tenant_id):
            found = skill_text_find(tenant_id=self.tenant_id, slug=_SLUG)
        return None if found is None else sha256_of(found.text)

    def approvers(self, proposal_id: UUID, sha256: str) -> int:
        from apps.evolution.models import Review

        with _tenant(self.tenant_id):
            rows = Review.objects.for_tenant(self.tenant_id).filter(
                proposal_id=proposal_id, decision="approved", sha256=sha256
            )
            return rows.values("reviewer_id").distinct().count()

    def _is_done(self, service: Any, name: str, proposal_id: UUID, **fields: Any) -> bool:
        from apps.core.errors import Conflict

        try:
            service(
                tenant_id=self.tenant_id,
                reviewer=self.reviewers[name],
                proposal_id=proposal_id,
                **fields,
            )
        except Conflict:
            return False
        return True


def play_in_order(stage: Stage, seed: int) -> None:
    """One generated interleaving, move by move, beside its model."""
    chance = random.Random(seed)  # a sequence, not a secret
    quorum = chance.choice((1, 1, 2))
    first = _text(f"{seed}-0")
    proposal = stage.propose(quorum, first)
    model = Model(proposal.sha256, quorum)
    read = dict.fromkeys(_NAMES, proposal.sha256)
    played: list[str] = []
    for number in range(chance.randint(*_MOVES)):
        name, move = chance.choice(_NAMES), chance.choice(("read", "edit", "approve", "approve"))
        played.append(f"{name} {move}")
        if move == "read":
            read[name] = stage.read(proposal.id)
            _same(read[name], model.sha256, seed, played)
            continue
        if move == "edit":
            text = _text(f"{seed}-{chance.choice((0, number + 1))}")
            sha256 = _sha256(text)
            _same(
                stage.edit(name, proposal.id, read[name], text),
                model.edits(read[name], sha256),
                seed,
                played,
            )
            # An editor sees what they saved.
            read[name] = stage.read(proposal.id)
        else:
            _same(
                stage.approve(name, proposal.id, read[name]),
                model.approves(name, read[name]),
                seed,
                played,
            )
        _same(stage.live(), model.live, seed, played)


def play_at_once(stage: Stage, seed: int, pool: ThreadPoolExecutor) -> bool:
    """Three members at once; the order is the database's. Says whether anything went live."""
    chance = random.Random(seed)
    quorum = chance.choice((1, 2))
    proposal = stage.propose(quorum, _text(f"{seed}-0"))
    start = Barrier(_THREADS)
    # Somebody always only approves what they read.
    plans = [(_NAMES[0], ("approve", "approve"))] + [
        (name, tuple(chance.choice(("edit", "approve")) for _ in range(2))) for name in _NAMES[1:]
    ]

    def act(number: int, name: str, moves: Sequence[str]) -> set[str]:
        said = set()
        start.wait()
        for at, move in enumerate(moves):
            read = stage.read(proposal.id)
            if move == "edit":
                stage.edit(name, proposal.id, read, _text(f"{seed}-{number}-{at}"))
            elif stage.approve(name, proposal.id, read):
                said.add(read)
        return said

    futures = [pool.submit(act, number, *plan) for number, plan in enumerate(plans)]
    approved = set().union(*(future.result() for future in futures))
    live, is_so = stage.live(), True
    if live is not None:
        _same({live} <= approved, is_so, seed, [f"live {live}, approved {approved}"])
        _same(stage.read(proposal.id), live, seed, ["the proposal's text is the live one"])
        is_enough = stage.approvers(proposal.id, live) >= quorum
        _same(is_enough, is_so, seed, ["enough approvals"])
    return live is not None


def play(count: int, *, at_once: int, seed: int = 0) -> dict[str, int]:
    """Play so many sequences in order and so many at once; raises Difference."""
    stage = Stage()
    for number in range(count):
        play_in_order(stage, seed + number)
        if number % 1000 == 999:
            print(f"{number + 1} in order", file=sys.stderr)
    live = 0
    if at_once:
        with ThreadPoolExecutor(_THREADS) as pool:
            live = sum(play_at_once(stage, seed + number, pool) for number in range(at_once))
            # Each thread has a connection of its own; all of them are busy at once here.
            together = Barrier(_THREADS)
            list(pool.map(_close, [together] * _THREADS))
    return {"in_order": count, "at_once": at_once, "live_of_those_at_once": live}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.races", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="sequences in order")
    parser.add_argument("--at-once", type=int, default=1_000, help="races of three threads")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
    django.setup()
    from tests import database

    database.create()
    started = time.monotonic()
    try:
        found = play(asked.count, at_once=asked.at_once, seed=asked.seed)
    except Difference as exc:
        print(f"DIFFERENCE {exc}")
        return 1
    finally:
        database.drop()
    print(
        f"{found['in_order']} interleavings in order and {found['at_once']} at once"
        f" ({found['live_of_those_at_once']} of them went live): approved text = live text in all,"
        f" {time.monotonic() - started:.0f} s"
    )
    return 0


def _tenant(tenant_id: UUID) -> Any:
    from apps.core.tenancy import tenant_tx

    return tenant_tx(tenant_id)


def _text(mark: str) -> str:
    from apps.skills.skillmd import build

    return build(
        slug=_SLUG,
        description="Use when an answer contains a date of a release or a meeting.",
        category="general",
        body=f"# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD.\n2. Add the mark {mark}.",
    ).text


def _sha256(text: str) -> str:
    from apps.skills.skillmd import sha256_of

    return sha256_of(text)


def _same(is_so: object, should_be: object, seed: int, played: Sequence[str]) -> None:
    if is_so != should_be:
        raise Difference(f"seed {seed}, {', '.join(played)}: {is_so}, not {should_be}")


def _close(together: Barrier) -> None:
    from django.db import connection

    together.wait()
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
