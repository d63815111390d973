"""What a message would get from the library, and why: asked by somebody who wants to see."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from apps.core.chat import said_by_user
from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.core.text import estimate_tokens
from apps.integrations.embeddings.client import embed, embed_query, is_configured
from apps.skills import selectors
from apps.skills.arms import Arm
from apps.skills.choosing import Candidate, Considered, Shelf, Wanted, consider, shelf_of
from apps.skills.injection_text import render_block
from apps.skills.meaning import Everyday, Meaning, ends_of, everyday_requests, query_text
from apps.skills.references import told_once
from apps.skills.types import LiveSkill, TriedSkill, TriedTrial, Tryout
from apps.tenants.selectors import tenant_config

BY_WORDS = "lexical"
BY_MEANING = "hybrid"
# Why words alone decided.
NOT_CONFIGURED = "not_configured"
EMBEDDER_AWAY = "embedder_away"
UNKNOWN_SCRIPT = "unknown_script"
NO_VECTORS = "no_vectors"

_AT_ONCE = 64


def library_try(
    *,
    tenant_id: UUID,
    message: str,
    agent: str = "",
    tags: Mapping[str, str] | None = None,
    is_treated: bool = False,
) -> Tryout:
    """What the gateway would choose if a session of the agent began with this message.

    ``is_treated``: the session is among those that get the versions on trial. Writes nothing.
    Asks the embedder, without the gateway's deadline: no transaction may be open.
    """
    with tenant_tx(tenant_id):
        rules = tenant_config(tenant_id=tenant_id).of_agent(agent)
        shelf = shelf_of(selectors.library_get(tenant_id=tenant_id))
    query = said_by_user({"role": "user", "content": message})
    meaning, trouble = _meaning_of(query) if shelf.by_version else (None, "")
    arms = [Arm(trial, is_treated, takes_part=True) for trial in shelf.library.trials]
    found = consider(
        shelf,
        Wanted(
            query=query,
            limit=rules.max_skills,
            token_budget=rules.skill_token_budget,
            barred=shelf.barred(agent, tags or {}),
            arms=arms,
            meaning=meaning,
        ),
    )
    if meaning is not None and not found.by_meaning:
        trouble = NO_VECTORS
    taken = [shelf.by_version[o.version_id] for o in found.candidates if o.verdict == "in"]
    told = told_once(taken)
    block = render_block(told)
    return Tryout(
        generation=shelf.library.generation,
        query=query,
        mode=rules.mode,
        injects=rules.injects,
        max_skills=rules.max_skills,
        token_budget=rules.skill_token_budget,
        by=BY_MEANING if found.by_meaning else BY_WORDS,
        by_words_because=trouble,
        candidates=[_tried(shelf, one, taken, told) for one in found.candidates],
        trials=_trials(shelf, arms, found),
        block=block,
        tokens=estimate_tokens(block),
    )


def _tried(
    shelf: Shelf, one: Candidate, taken: Sequence[LiveSkill], told: Sequence[LiveSkill]
) -> TriedSkill:
    skill = shelf.by_version[one.version_id]
    return TriedSkill(
        version_id=skill.version_id,
        slug=one.slug,
        version=one.version,
        description=skill.description,
        reach=skill.reach,
        tokens=skill.tokens,
        score=one.score,
        relevance=one.relevance,
        factor=one.factor,
        verdict=one.verdict,
        is_house_rule=one.is_always,
        used_by=tuple(user.slug for user in taken if one.slug in dict(user.references)),
        brings=tuple(
            slug
            for brought in told
            if brought.version_id == skill.version_id
            for slug, _ in brought.references
        ),
    )


def _trials(shelf: Shelf, arms: Sequence[Arm], found: Considered) -> list[TriedTrial]:
    counted = {trial for trial, _ in found.trials}
    return [
        TriedTrial(
            slug=arm.trial.skill.slug,
            version=arm.trial.skill.version,
            share=arm.trial.share,
            instead_of=_number(shelf, arm.trial.instead_of),
            is_treated=arm.is_treated,
            counts=arm.trial.id.hex in counted,
        )
        for arm in arms
    ]


def _number(shelf: Shelf, version_id: UUID | None) -> int | None:
    live = shelf.by_version.get(str(version_id))
    return live.version if live else None


def _meaning_of(query: str) -> tuple[Meaning | None, str]:
    """What a message means, or why that is not known."""
    if not is_configured():
        return None, NOT_CONFIGURED
    asked = query_text(ends_of(query))
    if not asked:
        return None, UNKNOWN_SCRIPT if query else ""
    try:
        vector = embed_query(asked)
        everyday = _everyday(settings.METACLAW_EMBEDDINGS_URL, settings.METACLAW_EMBEDDINGS_MODEL)
    except UpstreamFailed:
        return None, EMBEDDER_AWAY
    found = everyday.meaning_of(vector)
    return found, "" if found else EMBEDDER_AWAY


@lru_cache(maxsize=1)
def _everyday(url: str, model: str) -> Everyday:
    """Everyday life in the vectors of this endpoint; what failed is tried again."""
    texts = everyday_requests()
    parts = [embed(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE)]
    return Everyday([vector for part in parts for vector in part])
