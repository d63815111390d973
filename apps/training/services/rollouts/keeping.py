"""Episodes become sessions: turns, samples and rewards in one transaction, each once."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from apps.core.asked import asked_body
from apps.core.chat import conversation_hashes, last_user_text, message_hash, readable
from apps.core.errors import Conflict
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import tenant_hold
from apps.training.models import Rollout, RolloutEpisode, TrainingPolicy
from apps.training.services.rollouts.episodes import Episode, Step
from apps.training.services.rollouts.openings import Opening
from apps.training.services.samples import samples_record
from apps.training.types import NewSample
from apps.trajectories.exact.cutting import CutBody
from apps.trajectories.services import scores_put, session_close, turns_record
from apps.trajectories.types import GivenScore, TurnRecord

_PREVIEW = 100


def episodes_keep(
    *,
    rollout: Rollout,
    opening: Opening,
    group_id: UUID,
    played: Mapping[UUID, Episode],
) -> None:
    """Store episodes by their ids. What another worker stored in the meantime stays as it is."""
    tenant_id = rollout.tenant_id
    with tenant_tx(tenant_id):
        if not tenant_hold(tenant_id=tenant_id):
            raise Conflict(say("workspace_going", "The workspace is going."))
        rows = RolloutEpisode.objects.for_tenant(tenant_id).filter(
            id__in=list(played), status=RolloutEpisode.Status.WAITING
        )
        missing = list(rows.select_for_update().order_by("id"))
        kept = [_Kept(rollout, opening, group_id, row, played[row.id]) for row in missing]
        _store(tenant_id, [one for one in kept if not one.episode.error])
        for one in kept:
            one.note()
        fields = ["status", "group_id", "session_id", "turn_ids", "reward", "error"]
        RolloutEpisode.objects.for_tenant(tenant_id).bulk_update(missing, fields)
        steps = [step for one in kept for step in one.episode.steps]
        # Answers that were sampled at once share the very prompt.
        read = {id(step.prompt): len(step.prompt) for step in steps}
        Rollout.objects.for_tenant(tenant_id).filter(id=rollout.id).update(
            tokens=F("tokens") + sum(len(step.sampled.tokens) for step in steps),
            prompt_tokens=F("prompt_tokens") + sum(read.values()),
        )
        publish_on_commit(tenant_id, Changed("training.rollout", str(rollout.id), "running"))


def episodes_fail(*, rollout: Rollout, episode_ids: Sequence[UUID], error: str) -> None:
    """These cannot be played, and why."""
    with tenant_tx(rollout.tenant_id):
        RolloutEpisode.objects.for_tenant(rollout.tenant_id).filter(
            id__in=episode_ids, status=RolloutEpisode.Status.WAITING
        ).update(status=RolloutEpisode.Status.FAILED, error=error)


class _Kept:
    """An episode on its way into the tables."""

    def __init__(
        self,
        rollout: Rollout,
        opening: Opening,
        group_id: UUID,
        row: RolloutEpisode,
        episode: Episode,
    ) -> None:
        self.rollout, self.opening, self.row, self.episode = rollout, opening, row, episode
        self.policy: TrainingPolicy = rollout.policy
        self.group_id, self.session_id = group_id, uuid7()
        self.turn_ids = [uuid7() for _ in episode.steps]

    def note(self) -> None:
        self.row.error = self.episode.error
        self.row.status = RolloutEpisode.Status.FAILED
        if self.episode.error:
            return
        self.row.status = RolloutEpisode.Status.PLAYED
        self.row.group_id, self.row.session_id = self.group_id, self.session_id
        self.row.turn_ids = self.turn_ids
        self.row.reward = self.episode.checked.reward if self.episode.checked else None

    def records(self) -> list[TurnRecord]:
        steps = zip(self.turn_ids, self.episode.steps, strict=True)
        return [self._record(turn_id, step) for turn_id, step in steps]

    def samples(self) -> list[NewSample]:
        steps = zip(self.turn_ids, self.episode.steps, strict=True)
        return [self._sample(turn_id, step) for turn_id, step in steps]

    def scores(self) -> list[GivenScore]:
        """Every step of an episode is worth what came of it in the end."""
        checked, checker = self.episode.checked, self.opening.task.checker
        if checked is None or checker is None:
            return []
        return [
            GivenScore(
                turn_id=turn_id,
                kind="checker",
                value=checked.reward,
                confidence=1,
                at=self.episode.steps[-1].finished_at,
                source=str(checker["kind"])[:20],
                author=f"checker of {self.row.task_id}"[:150],
                rationale=checked.why,
            )
            for turn_id in self.turn_ids
        ]

    def _record(self, turn_id: UUID, step: Step) -> TurnRecord:
        response, body = step.said.message(), self._body(step)
        talk = asked_body("openai", body).messages
        hashes = conversation_hashes(talk)
        user_text = last_user_text(talk)
        took = round((step.finished_at - step.started_at).total_seconds() * 1000)
        return TurnRecord(
            id=turn_id,
            tenant_id=self.rollout.tenant_id,
            session_id=self.session_id,
            session_source=self.rollout.origin,
            external_session_id=f"{self.rollout.id}/{self.row.task_id}/{self.row.member}"[:300],
            is_session_done=False,
            kind="main",
            status="complete",
            http_status=200,
            dialect="openai",
            is_stream=False,
            is_simulated=False,
            is_free=False,
            agent=self.policy.agent,
            key_id=None,
            key_name="",
            upstream=self.policy.upstream.name,
            model=self._model,
            served_model=(self.rollout.checkpoint or self.policy.base_model)[:200],
            started_at=step.started_at,
            finished_at=step.finished_at,
            timings={},
            first_byte_ms=None,
            latency_ms=took,
            input_tokens=len(step.prompt),
            output_tokens=len(step.sampled.tokens),
            cache_read_tokens=None,
            cache_write_tokens=None,
            usage_is_estimated=False,
            messages=talk,
            body=CutBody.of(body),
            prefix_hashes=hashes,
            end_hash=message_hash(hashes[-1] if hashes else b"", response),
            response=response,
            finish_reason=_finish_reason(step),
            error=None,
            injection=self.opening.injection,
            skills=self.opening.skills,
            preview=" ".join(user_text.split())[:_PREVIEW],
            user_text=user_text,
            response_text=readable(response),
            tags={
                self.rollout.origin: str(self.rollout.id),
                "task": self.row.task_id,
                "member": str(self.row.member),
            },
            is_rollout=True,
            wants_judge=self.opening.task.checker is None,
        )

    def _sample(self, turn_id: UUID, step: Step) -> NewSample:
        return NewSample(
            turn_id=turn_id,
            origin=self.rollout.origin,
            group_id=self.group_id,
            base_model=self.policy.base_model,
            checkpoint=self.rollout.checkpoint,
            generation=self.opening.generation,
            version_ids=[used.version_id for used in self.opening.skills],
            temperature=self.rollout.temperature,
            stop_reason=step.sampled.stop_reason,
            prompt_tokens=step.prompt,
            tokens=step.sampled.tokens,
            logprobs=step.sampled.logprobs,
        )

    def _body(self, step: Step) -> bytes:
        """The request as an agent would have sent it to the gateway."""
        asked: dict[str, Any] = {"model": self._model, "messages": step.messages}
        if self.opening.tools:
            asked["tools"] = self.opening.tools
        asked["max_tokens"] = self.rollout.max_tokens
        asked["temperature"] = self.rollout.temperature
        return json.dumps(asked, ensure_ascii=False).encode()

    @property
    def _model(self) -> str:
        return self.policy.route_model or self.policy.base_model


def _store(tenant_id: UUID, kept: Sequence[_Kept]) -> None:
    turns_record(tenant_id=tenant_id, records=[r for one in kept for r in one.records()])
    samples_record(tenant_id=tenant_id, samples=[s for one in kept for s in one.samples()])
    scores_put(tenant_id=tenant_id, scores=[s for one in kept for s in one.scores()])
    for one in kept:
        # Nobody replies any more: where a judge decides, it need not wait.
        session_close(tenant_id=tenant_id, session_id=one.session_id)


def _finish_reason(step: Step) -> str:
    if step.sampled.stop_reason == "length":
        return "length"
    return "tool_calls" if step.said.tool_calls else "stop"
