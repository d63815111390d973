"""What a message would get: the same that the gateway gives it, and why."""

import json
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.proxy.gateway.asking import read
from apps.proxy.gateway.dialects import OPENAI
from apps.proxy.gateway.injection import inject
from apps.proxy.gateway.sessions import Conversation, Pins
from apps.proxy.gateway.snapshots import load
from apps.skills import selectors, services
from apps.skills.models import SkillEmbedding, SkillStanding
from apps.skills.services import trying
from apps.skills.types import OTHER_AGENT, OTHER_TAG, Tryout
from apps.tenants.services import tenant_update
from apps.tenants.types import SYSTEM
from tests.architecture.world import rows_of
from tests.factories import make_doc, make_skill

DATES = "When is the release meeting, on which date and time?"
SIZE = 16


@pytest.fixture
def library(tenant):
    """A house rule, skills for somebody, one that does badly, one on trial, and some others."""
    make_skill(tenant.id, "iso-dates")
    make_skill(
        tenant.id,
        "house-style",
        description="Use when writing.",
        reach="always",
        body="1. Be brief.",
    )
    make_skill(tenant.id, "coders-dates", body="# D\n\n## Steps\n\n1. Put dates in UTC.")
    services.skill_scope(tenant_id=tenant.id, actor=SYSTEM, slug="coders-dates", agents=["coder"])
    make_skill(tenant.id, "blue-dates", body="# D\n\n## Steps\n\n1. Put dates in blue.")
    services.skill_scope(tenant_id=tenant.id, actor=SYSTEM, slug="blue-dates", tags={"team": "b"})
    make_skill(
        tenant.id, "sort-numbers", description="Use when sorting numbers.", body="1. Sort them."
    )
    with tenant_tx(tenant.id):
        bad = selectors.skill_get(tenant_id=tenant.id, slug="coders-dates").live_version
        SkillStanding.objects.create(tenant_id=tenant.id, version=bad, factor=0.8)
    services.trial_start(
        tenant_id=tenant.id,
        actor=SYSTEM,
        doc=make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always."),
        source="written",
        note="",
        trial_id=uuid4(),
        share=0.5,
    )
    return tenant


def injected(tenant, message, *, agent="", tags=None, is_treated=False):
    """What the gateway puts into the first request of a session in that arm."""
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": message}]})
    headers = {f"x-metaclaw-tag-{name}".encode(): v.encode() for name, v in (tags or {}).items()}
    asked = replace(read(OPENAI, headers, body.encode()), agent=agent)
    snapshot = load(tenant.id)
    session = uuid4()
    while any(trial.treats(session) != is_treated for trial in snapshot.library.trials):
        session = uuid4()
    conversation = Conversation(tenant.id, session, "header", "s", Pins(), asked.said, agent)
    return inject(asked, snapshot, snapshot.config.of_agent(agent), conversation)


def verdicts(tried: Tryout) -> dict[str, str]:
    return {f"{one.slug}@{one.version}": one.verdict for one in tried.candidates}


@pytest.mark.parametrize("is_treated", [False, True])
@pytest.mark.parametrize("agent, tags", [("", {}), ("coder", {}), ("coder", {"team": "b"})])
@pytest.mark.parametrize("message", [DATES, "Sort these numbers: 3, 1, 2.", "Hello there."])
def test_it_says_what_the_gateway_does(library, message, agent, tags, is_treated):
    done = injected(library, message, agent=agent, tags=tags, is_treated=is_treated)

    tried = services.library_try(
        tenant_id=library.id, message=message, agent=agent, tags=tags, is_treated=is_treated
    )

    assert tried.block == done.text
    assert "house-style" in tried.block
    rows = [(one.slug, one.version, one.score, one.verdict, one.factor) for one in tried.candidates]
    assert rows == [(o.slug, o.version, o.score, o.verdict, o.factor) for o in done.candidates]
    slugs = {trial.id.hex: trial.skill.slug for trial in trials_of(library)}
    assert {slugs[trial]: arm for trial, arm in done.trials} == {
        one.slug: "treatment" if one.is_treated else "control" for one in tried.trials if one.counts
    }


def trials_of(tenant):
    with tenant_tx(tenant.id):
        return selectors.library_get(tenant_id=tenant.id).trials


def test_it_says_why_skills_stay_out(library):
    tenant_update(tenant_id=library.id, actor=SYSTEM, max_skills=1)

    nobody = verdicts(services.library_try(tenant_id=library.id, message=DATES))
    coder = services.library_try(tenant_id=library.id, message=DATES, agent="coder")

    assert nobody["house-style@1"] == nobody["iso-dates@1"] == "in"
    assert nobody["coders-dates@1"] == OTHER_AGENT
    assert nobody["blue-dates@1"] == OTHER_TAG
    assert nobody["iso-dates@2"] == "control"
    assert verdicts(coder)["coders-dates@1"] == "no place left"
    (bad,) = [one for one in coder.candidates if one.slug == "coders-dates"]
    assert bad.factor == 0.8
    assert bad.score == pytest.approx(bad.relevance * 0.8, abs=1e-3)
    (rule,) = [one for one in coder.candidates if one.is_house_rule]
    assert (rule.slug, rule.factor, rule.reach) == ("house-style", 1.0, "always")


def test_what_fits_and_is_used_by_what_fits_goes_in_once_and_says_both(library):
    make_skill(library.id, "plain-words", description="Use when knitting.", body="1. Be plain.")
    make_skill(
        library.id,
        "meeting-dates",
        body="# D\n\n## Steps\n\n1. Name the weekday of a release meeting, too.",
        uses=["iso-dates", "plain-words", "sort-numbers"],
    )
    tenant_update(tenant_id=library.id, actor=SYSTEM, max_skills=2)

    message = f"{DATES} Then sort numbers."
    tried = services.library_try(tenant_id=library.id, message=message)
    by_slug = {(one.slug, one.version): one for one in tried.candidates}

    assert tried.block == injected(library, message).text
    iso, meeting = by_slug["iso-dates", 1], by_slug["meeting-dates", 1]
    assert (iso.verdict, iso.used_by, iso.brings) == ("in", ("meeting-dates",), ())
    assert (meeting.verdict, meeting.used_by) == ("in", ())
    assert meeting.brings == ("plain-words", "sort-numbers")
    # Not chosen itself, and there all the same.
    left_out = by_slug["sort-numbers", 1]
    assert (left_out.verdict, left_out.used_by) == ("no place left", ("meeting-dates",))
    for text in ("iso-dates", "sort-numbers", "plain-words"):
        assert tried.block.count(f"# {text}\n") == 1


def test_what_clients_put_around_a_message_does_not_count(library):
    wrapped = f"<system-reminder>Sort these numbers.</system-reminder>\n{DATES}"

    tried = services.library_try(tenant_id=library.id, message=wrapped)

    assert tried.query == DATES
    assert "sort-numbers@1" not in verdicts(tried)


def test_in_a_mode_without_skills_it_says_so_and_shows_what_would_be(library):
    tenant_update(tenant_id=library.id, actor=SYSTEM, mode="observe")

    tried = services.library_try(tenant_id=library.id, message=DATES)

    assert (tried.mode, tried.injects) == ("observe", False)
    assert verdicts(tried)["iso-dates@1"] == "in"


def test_an_empty_library_gives_nothing(tenant):
    tried = services.library_try(tenant_id=tenant.id, message=DATES)

    assert (tried.candidates, tried.block, tried.tokens) == ([], "", 0)


@pytest.fixture
def embedder(settings, monkeypatch):
    """An endpoint for which everything means the same, until it is taken away."""
    settings.METACLAW_EMBEDDINGS_URL = "http://127.0.0.1:9/v1"
    asked: list[str] = []
    rows = np.random.default_rng(1).normal(size=(200, SIZE))

    def one(text: str) -> tuple[float, ...]:
        asked.append(text)
        return (1.0,) * SIZE

    def many(texts: Sequence[str]) -> list[tuple[float, ...]]:
        return [tuple(row) for row in rows[: len(texts)].tolist()]

    monkeypatch.setattr(trying, "embed_query", one)
    monkeypatch.setattr(trying, "embed", many)
    trying._everyday.cache_clear()
    yield asked
    trying._everyday.cache_clear()


def give_vector(tenant, slug):
    with tenant_tx(tenant.id):
        version = selectors.skill_get(tenant_id=tenant.id, slug=slug).live_version
        SkillEmbedding.objects.create(
            tenant_id=tenant.id,
            version=version,
            model=selectors.vector_model(),
            vector=[1.0] * SIZE,
        )


def test_with_an_embedder_meaning_finds_what_words_do_not(tenant, embedder):
    make_skill(tenant.id)
    message = "Bitte sag mir wann."
    before = services.library_try(tenant_id=tenant.id, message=message)
    give_vector(tenant, "iso-dates")

    after = services.library_try(tenant_id=tenant.id, message=message)

    assert (before.by, before.by_words_because) == ("lexical", "no_vectors")
    assert before.candidates == []
    assert (after.by, after.by_words_because) == ("hybrid", "")
    assert verdicts(after) == {"iso-dates@1": "in"}
    assert len(embedder) == 2


def test_with_the_embedder_away_words_decide_and_it_says_so(tenant, embedder, monkeypatch):
    make_skill(tenant.id)
    give_vector(tenant, "iso-dates")

    def fail(text: str) -> tuple[float, ...]:
        raise UpstreamFailed("It is away.", permanent=False)

    monkeypatch.setattr(trying, "embed_query", fail)

    tried = services.library_try(tenant_id=tenant.id, message=DATES)

    assert (tried.by, tried.by_words_because) == ("lexical", "embedder_away")
    assert verdicts(tried)["iso-dates@1"] == "in"


def test_a_script_that_the_model_does_not_know_goes_by_words(tenant, embedder):
    make_skill(tenant.id)

    tried = services.library_try(tenant_id=tenant.id, message="오늘 날씨 어때?")

    assert (tried.by, tried.by_words_because, embedder) == ("lexical", "unknown_script", [])


@pytest.mark.parametrize(
    "client, status",
    [
        ("owner_client", 200),
        ("viewer_client", 200),
        ("admin_key_client", 200),
        ("gateway_key_client", 403),
        ("stranger_client", 404),
    ],
)
def test_whoever_may_read_may_try_and_nothing_is_written(request, library, client, status):
    client = request.getfixturevalue(client)
    before = rows_of(library.id)

    answer = client.post(
        f"/api/v1/t/{library.slug}/library/tryout/",
        {"message": DATES, "agent": "coder", "tags": {"Team": "b"}, "on_trial": True},
        format="json",
    )

    assert answer.status_code == status, answer.content
    assert rows_of(library.id) == before
    if status == 200:
        found = answer.json()
        assert found["block"].startswith("<metaclaw_skills>")
        assert found["tokens"] > 0
        (trial,) = found["trials"]
        assert trial == {
            "slug": "iso-dates",
            "version": 2,
            "share": 0.5,
            "instead_of": 1,
            "is_treated": True,
            "counts": True,
        }
        assert {one["slug"] for one in found["candidates"] if one["verdict"] == "in"} >= {
            "house-style"
        }


@pytest.mark.parametrize(
    "body, status, field",
    [
        ({}, 400, "message"),
        ({"message": " "}, 400, "message"),
        ({"message": "x", "tags": {"ä": "b"}}, 422, "tags"),
    ],
)
def test_what_no_request_could_be_is_refused(library, viewer_client, body, status, field):
    answer = viewer_client.post(f"/api/v1/t/{library.slug}/library/tryout/", body, format="json")

    assert answer.status_code == status
    assert field in answer.json()["fields"]
