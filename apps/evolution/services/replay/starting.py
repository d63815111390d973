"""Having recorded turns asked again: those a proposal is tried on, or one that somebody chose."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import NothingToReplay, ReplayRunning, TurnNotReplayable
from apps.evolution.models import Proposal, Replay, ReplayCase
from apps.evolution.services.replay.asking import NotFaithful, arms_of
from apps.evolution.services.replay.cases import cases_choose
from apps.evolution.services.replay.running import REPLAY_KIND, announce
from apps.jobs.services import job_enqueue
from apps.skills import selectors as skills
from apps.skills.skillmd import parse
from apps.skills.types import SkillText
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories import selectors as turns

SAMPLES, SAMPLES_MAX = 2, 8
TOKEN_BUDGET, TOKEN_BUDGET_MAX = 300_000, 20_000_000


def replay_start(
    *,
    tenant_id: UUID,
    actor: Actor,
    proposal_id: UUID,
    samples: int = SAMPLES,
    token_budget: int = TOKEN_BUDGET,
) -> Replay:
    """Try the proposal's present text on recorded turns, in the background.

    Raises ReplayRunning while one is under way and NothingToReplay without a turn to try it on.
    """
    with tenant_tx(tenant_id):
        proposal = selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)
        if proposal.kind == Proposal.Kind.RETIRE:
            raise NothingToReplay(say("replay_no_text", "A retirement has no text to try."))
        chosen = cases_choose(proposal=proposal, doc=parse(proposal.text))
        if not chosen:
            raise NothingToReplay(say("replay_no_turn", "No recorded turn is left to try this on."))
        replay = Replay(
            id=uuid7(),
            tenant_id=tenant_id,
            proposal_id=proposal.id,
            sha256=proposal.sha256,
            samples=samples,
            token_budget=token_budget,
            started_by=actor.label,
        )
        return _begin(replay, chosen, actor=actor, subject=proposal.slug)


def turn_replay_start(
    *,
    tenant_id: UUID,
    actor: Actor,
    turn_id: UUID,
    slug: str = "",
    version: int | None = None,
    samples: int = SAMPLES,
    token_budget: int = TOKEN_BUDGET,
) -> list[Replay]:
    """Ask one turn again with a version of a skill and without it, in the background.

    Without a name, with each of the skills that the turn carried, a replay for each; without a
    number, with the live version. Raises TurnNotReplayable with the reason, NothingToReplay,
    ReplayRunning, NotFound.
    """
    with tenant_tx(tenant_id):
        carried = turns.turn_versions(tenant_id=tenant_id, turn_id=turn_id)
        if slug:
            texts = [_text(tenant_id, slug, version)]
        else:
            texts = skills.version_texts(tenant_id=tenant_id, version_ids=carried)
        if not texts:
            english = "No skill was in the prompt of this turn: name one to try."
            raise NothingToReplay(say("replay_no_skill", english))
        for text in texts:
            try:
                arms_of(tenant_id=tenant_id, turn_id=turn_id, doc=parse(text.text))
            except NotFaithful as exc:
                raise TurnNotReplayable(str(exc)) from exc
        return [
            _begin(
                Replay(
                    id=uuid7(),
                    tenant_id=tenant_id,
                    skill_version_id=text.version_id,
                    turn_id=turn_id,
                    sha256=text.sha256,
                    samples=samples,
                    token_budget=token_budget,
                    started_by=actor.label,
                ),
                [(turn_id, ReplayCase.Group.CHOSEN)],
                actor=actor,
                subject=text.slug,
                detail=f"version {text.version} on turn {turn_id}",
            )
            for text in texts
        ]


def _text(tenant_id: UUID, slug: str, version: int | None) -> SkillText:
    """Of that version; without a number, of the live one."""
    if version is not None:
        row = skills.version_get(tenant_id=tenant_id, slug=slug, number=version)
        return skills.version_texts(tenant_id=tenant_id, version_ids=[row.id])[0]
    live = skills.skill_text_find(tenant_id=tenant_id, slug=slug)
    if live is None:
        # A skill that is not there at all is another answer than one that is retired.
        skills.skill_get(tenant_id=tenant_id, slug=slug)
        english = "{slug} is retired: name the version to try."
        raise NothingToReplay(say("replay_retired", english, slug=slug))
    return live


def _begin(
    replay: Replay,
    chosen: Iterable[tuple[UUID, str]],
    *,
    actor: Actor,
    subject: str,
    **noted: Any,
) -> Replay:
    """Store it and have a worker do it, in the caller's transaction."""
    tenant_id = replay.tenant_id
    try:
        with transaction.atomic():
            replay.save(force_insert=True)
    except IntegrityError as exc:
        what = "this proposal" if replay.proposal_id else f"this turn with {subject}"
        raise ReplayRunning(
            say("replay_running", "A replay of {what} is running.", what=what)
        ) from exc
    ReplayCase.objects.bulk_create(
        ReplayCase(tenant_id=tenant_id, replay_id=replay.id, turn_id=turn_id, group=group)
        for turn_id, group in chosen
    )
    job_enqueue(
        tenant_id=tenant_id,
        kind=REPLAY_KIND,
        payload={"replay_id": str(replay.id)},
        queue="slow",
        dedupe_key=str(replay.id),
    )
    audit_record(
        tenant_id=tenant_id, actor=actor, action="replay.started", subject=subject, **noted
    )
    announce(replay)
    return selectors.replay_get(tenant_id=tenant_id, replay_id=replay.id)
