"""Playing a rollout: what is missing of it, several prompts at once."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from uuid import UUID

from apps.core.clock import now
from apps.core.errors import DomainError
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import Sampler, SamplingWish
from apps.live.events import Changed, publish_on_commit
from apps.training.errors import RolloutRefused
from apps.training.models import Rollout, RolloutEpisode
from apps.training.selectors import rollouts as selectors
from apps.training.services.rollouts.episodes import Episode, OneAtATime, Player, StoppedEarly
from apps.training.services.rollouts.keeping import episodes_fail, episodes_keep
from apps.training.services.rollouts.openings import Opening, Openings
from apps.training.types import Played

IsWanted = Callable[[], bool]
# Holds what is about to be sampled, in tokens at the most.
Booked = Callable[[int], AbstractContextManager[None]]

_LOOK_SECONDS = 1.0


def rollout_play(
    *,
    tenant_id: UUID,
    rollout_id: UUID,
    sampler: Sampler,
    is_wanted: IsWanted,
    booked: Booked | None = None,
) -> Played:
    """Play what is missing, for as long as it is wanted; answers with how far it is.

    Safe to kill and to repeat, also by two workers at once: what is stored is stored once.
    No transaction may be open. Raises TrainerFailed where the trainer did not do its part; what
    was answered until then is kept. With ``booked`` all prompts are made ready first, so that it
    can be told how much there is to be sampled; what it raises comes through.
    """
    rollout = _begin(tenant_id, rollout_id, sampler)
    if rollout.status not in Rollout.ENDED:
        _Table(rollout, sampler, is_wanted).play(booked)
        _end(rollout)
    with tenant_tx(tenant_id):
        return selectors.rollout_played(tenant_id=tenant_id, rollout_id=rollout_id)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is asked for at once: a group, or one way through a task with tools."""

    opening: Opening
    number: int
    episode_ids: list[UUID]
    member: int

    def most(self, max_tokens: int) -> int:
        """Tokens that it can take: the prompt, read once, and answers. Those to tools are read
        again in each step; what the tools say nobody knows before."""
        asked, task = len(self.opening.tokens), self.opening.task
        if not task.tools:
            return asked + len(self.episode_ids) * max_tokens
        steps = task.max_steps
        return steps * (asked + max_tokens) + max_tokens * steps * (steps - 1) // 2


class _Table:
    """One rollout being played: the database in this thread, the policy in others."""

    def __init__(self, rollout: Rollout, sampler: Sampler, is_wanted: IsWanted) -> None:
        self._rollout, self._is_wanted = rollout, is_wanted
        self._stop = threading.Event()
        self._player = Player(sampler, OneAtATime(sampler.renderer()), self._stop)
        self._openings = Openings(rollout, rollout.policy.agent, self._player.renderer)
        self._trouble: TrainerFailed | None = None

    def play(self, booked: Booked | None) -> None:
        """Raises TrainerFailed, when all that was under way has ended."""
        if booked is None:
            self._play_all(self._units())
            return
        units = list(self._units())
        most = sum(unit.most(self._rollout.max_tokens) for unit in units)
        with booked(most) if most else nullcontext():
            self._play_all(iter(units))

    def _play_all(self, units: Iterator[_Unit]) -> None:
        pending: dict[Future[list[Episode]], _Unit] = {}
        with ThreadPoolExecutor(self._rollout.concurrency, "rollout") as pool:
            try:
                while True:
                    self._fill(pool, pending, units)
                    if not pending:
                        break
                    done, _ = wait(pending, _LOOK_SECONDS, FIRST_COMPLETED)
                    for future in done:
                        self._take(future, pending.pop(future))
                    if not self._is_wanted():
                        self._stop.set()
            finally:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
        if self._trouble is not None:
            raise self._trouble

    def _fill(
        self,
        pool: ThreadPoolExecutor,
        pending: dict[Future[list[Episode]], _Unit],
        units: Iterator[_Unit],
    ) -> None:
        while len(pending) < self._rollout.concurrency and not self._stop.is_set():
            if not self._is_wanted():
                self._stop.set()
                return
            unit = next(units, None)
            if unit is None:
                return
            pending[pool.submit(self._play, unit)] = unit

    def _play(self, unit: _Unit) -> list[Episode]:
        wish = self._wish(unit)
        if unit.opening.task.tools:
            return [self._player.with_tools(unit.opening, wish)]
        return self._player.group(unit.opening, len(unit.episode_ids), wish)

    def _wish(self, unit: _Unit) -> SamplingWish:
        rollout, seed = self._rollout, None
        if rollout.seed is not None:
            drawn = random.Random(  # noqa: S311  # to be repeatable, not secret
                f"{rollout.seed} {unit.opening.task.task_id} {unit.member}"
            )
            seed = drawn.getrandbits(31)
        return SamplingWish(rollout.max_tokens, rollout.temperature, seed=seed)

    def _take(self, future: "Future[list[Episode]]", unit: _Unit) -> None:
        rollout = self._rollout
        try:
            episodes = future.result()
            episodes_keep(
                rollout=rollout,
                opening=unit.opening,
                group_id=unit.opening.group_id(rollout.id, unit.number),
                played=dict(zip(unit.episode_ids, episodes, strict=True)),
            )
        except StoppedEarly:
            return
        except TrainerFailed as exc:
            if exc.reason == "refused":
                # This prompt, not the trainer: too long, most likely.
                episodes_fail(rollout=rollout, episode_ids=unit.episode_ids, error=exc.detail)
                return
            self._trouble = self._trouble or exc
            self._stop.set()
        except DomainError as exc:
            episodes_fail(rollout=rollout, episode_ids=unit.episode_ids, error=exc.detail)

    def _units(self) -> Iterator[_Unit]:
        """What nobody has played yet. A task that cannot be asked fails here."""
        with tenant_tx(self._rollout.tenant_id):
            rows = RolloutEpisode.objects.for_tenant(self._rollout.tenant_id).filter(
                rollout=self._rollout, status=RolloutEpisode.Status.WAITING
            )
            missing = list(rows.order_by("id").values_list("id", "task_id", "member"))
        groups: dict[tuple[str, int], list[tuple[int, UUID]]] = defaultdict(list)
        for episode_id, task_id, member in missing:
            number = member // self._rollout.group_size
            groups[task_id, number].append((member, episode_id))
        for (task_id, number), members in groups.items():
            members.sort()
            ids = [episode_id for _, episode_id in members]
            try:
                opening = self._openings.of(task_id)
            except DomainError as exc:
                episodes_fail(rollout=self._rollout, episode_ids=ids, error=exc.detail)
                continue
            if opening.task.tools:
                for member, episode_id in members:
                    yield _Unit(opening, number, [episode_id], member)
            else:
                yield _Unit(opening, number, ids, members[0][0])


def _begin(tenant_id: UUID, rollout_id: UUID, sampler: Sampler) -> Rollout:
    with tenant_tx(tenant_id):
        rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
        rows.filter(status=Rollout.Status.QUEUED).update(
            status=Rollout.Status.RUNNING, started_at=now()
        )
        selectors.rollout_get(tenant_id=tenant_id, rollout_id=rollout_id)
        rollout = rows.select_related("policy__upstream").get()
    if rollout.checkpoint != sampler.path:
        english = "The rollout is of {wanted}; what was opened is {named}."
        raise RolloutRefused(
            say(
                "rollout_other_weights",
                english,
                wanted=rollout.checkpoint or "the base model",
                named=sampler.path or "the base model",
            )
        )
    return rollout


def _end(rollout: Rollout) -> None:
    """Done, where nothing waits any more; failed, where nothing came of it."""
    tenant_id = rollout.tenant_id
    with tenant_tx(tenant_id):
        found = selectors.rollout_played(tenant_id=tenant_id, rollout_id=rollout.id)
        if not found.is_complete:
            return
        ended = {"status": Rollout.Status.DONE, "reason": "", "note": ""}
        if not found.played:
            episodes = selectors.episode_list(tenant_id=tenant_id, rollout_id=rollout.id)
            error = episodes.values_list("error", flat=True).first() or ""
            ended = {
                "status": Rollout.Status.FAILED,
                "reason": "nothing_played",
                "note": together(
                    say("rollout_none_played", "Not one episode could be played. The first:"), error
                ),
            }
        rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout.id)
        rows.exclude(status__in=Rollout.ENDED).update(**ended, ended_at=now())
        publish_on_commit(tenant_id, Changed("training.rollout", str(rollout.id), ended["status"]))
