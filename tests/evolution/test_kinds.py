"""Create, revise, merge, retire: what the evolver may ask for, and what an approval does."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.errors import NothingToReplay, ProposalInvalid, ProposalStale
from apps.evolution.models import EvolutionRun, Proposal
from apps.evolution.types import Reviewer
from apps.skills.models import LibraryGeneration, Skill
from apps.skills.services import skill_edit
from apps.skills.skillmd import parse
from apps.tenants.models import AuditEvent
from apps.tenants.types import SYSTEM
from tests.factories import lesson, make_doc, make_policy, make_run, make_skill, make_turn
from tests.fakes import FakeModel

LONG = "# Dates\n\n## Steps\n\n{steps}\n\n## Avoid\n\n- Month names."
WORDS = ("one", "two", "three", "four", "five", "six", "seven")
STEPS = [
    f"Keep rule number {word}." for word in ["one", "two", "three", "four", "five", "six", "seven"]
]


def body_of(steps):
    return LONG.format(steps="\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1)))


def rows(tenant, model, **filters):
    with tenant_tx(tenant.id):
        return list(model.objects.for_tenant(tenant.id).filter(**filters).order_by("id"))


def propose(tenant, *, carried=(), **answer):
    """Have the evolver answer so about a failing turn whose prompt had these skills."""
    make_policy(tenant.id)
    versions = [(skill.live_version.id, skill.slug, 1) for skill in carried]
    turn = make_turn(tenant.id, score=-1, skills=versions)
    services.evolution_run(
        run=make_run(tenant.id), model=FakeModel(lesson(turn.id, **answer)), is_simulated=False
    )
    return rows(tenant, EvolutionRun)[-1], next(iter(rows(tenant, Proposal)), None)


def approve(tenant, proposal):
    return services.proposal_approve(
        tenant_id=tenant.id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        sha256=proposal.sha256,
    )


def live(tenant):
    return {skill.slug for skill in rows(tenant, Skill, status="live")}


@pytest.mark.parametrize(
    "steps, outcome",
    [
        ([*STEPS, "Add the offset."], "proposed"),
        (["Add the offset first.", *STEPS], "proposed"),  # numbers move, lines stay
        ([*STEPS[:2], "Changed."], "proposed"),
        (["All", "of", "it", "is", "new."], "invalid"),
    ],
)
def test_a_revision_is_an_edit_and_no_rewrite(tenant, steps, outcome):
    make_skill(tenant.id, body=body_of(STEPS))

    run, proposal = propose(tenant, kind="revise", body=body_of(steps))

    assert run.outcome == outcome
    assert (proposal is not None) is (outcome == "proposed")
    assert ("of its lines" in run.reason) is (outcome == "invalid")


def test_a_short_skill_may_be_rewritten(tenant):
    make_skill(tenant.id, body=body_of(STEPS[:2]))

    run, proposal = propose(tenant, kind="revise", body=body_of(["New.", "And newer."]))

    assert (run.outcome, proposal.kind) == ("proposed", "revise")


def test_a_revision_uses_what_the_skill_used(tenant):
    make_skill(tenant.id, "units")
    skill = make_skill(tenant.id, "iso-dates", body=body_of(STEPS), uses=("units",))

    _, proposal = propose(tenant, carried=[skill], body=body_of([*STEPS, "Add the offset."]))

    assert proposal.kind == "revise"
    assert parse(proposal.text).uses == ("units",)


def test_an_approved_merge_puts_one_skill_in_the_place_of_others_at_once(tenant):
    skills = [make_skill(tenant.id, slug) for slug in ("short-dates", "long-dates")]
    before = len(rows(tenant, LibraryGeneration))

    _, proposal = propose(
        tenant, carried=skills, kind="merge", slug="dates", merges=["short-dates", "long-dates"]
    )
    assert (proposal.kind, sorted(proposal.merges)) == ("merge", ["long-dates", "short-dates"])
    assert live(tenant) == {"short-dates", "long-dates"}
    approve(tenant, proposal)

    assert live(tenant) == {"dates"}
    assert len(rows(tenant, LibraryGeneration)) > before
    noted = [event.action for event in rows(tenant, AuditEvent)][-3:]
    assert sorted(noted) == ["proposal.approved", "skill.retired", "skill.retired"]


def test_a_merge_into_one_of_its_skills_retires_the_others_only(tenant):
    skills = [make_skill(tenant.id, slug) for slug in ("dates", "long-dates")]

    _, proposal = propose(
        tenant,
        carried=skills,
        kind="merge",
        slug="dates",
        merges=["dates", "long-dates"],
        body=body_of(STEPS),
    )
    approve(tenant, proposal)

    assert proposal.merges == ["long-dates"]
    assert live(tenant) == {"dates"}


def test_a_merge_of_a_skill_that_changed_meanwhile_is_stale(tenant):
    skills = [make_skill(tenant.id, slug) for slug in ("short-dates", "long-dates")]
    _, proposal = propose(
        tenant, carried=skills, kind="merge", slug="dates", merges=["short-dates", "long-dates"]
    )
    skill_edit(
        tenant_id=tenant.id,
        actor=SYSTEM,
        slug="long-dates",
        text=make_doc("long-dates", body=body_of(STEPS)).text,
        sha256=skills[1].live_version.sha256,
    )

    with pytest.raises(ProposalStale, match="long-dates"):
        approve(tenant, proposal)

    assert live(tenant) == {"short-dates", "long-dates"}


def test_an_edited_merge_stays_a_merge(tenant):
    skills = [make_skill(tenant.id, slug) for slug in ("short-dates", "long-dates")]
    _, proposal = propose(
        tenant, carried=skills, kind="merge", slug="dates", merges=["short-dates", "long-dates"]
    )

    edited = services.proposal_edit(
        tenant_id=tenant.id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        text=make_doc("dates", body=body_of(STEPS)).text,
        sha256=proposal.sha256,
    )
    approve(tenant, edited)

    assert (edited.kind, live(tenant)) == ("merge", {"dates"})


def test_an_approved_retirement_takes_the_skill_out(tenant):
    skill = make_skill(tenant.id, "tea-time", description="Use when tea is asked for.")

    _, proposal = propose(
        tenant, carried=[skill], kind="retire", slug="tea-time", body="", description=""
    )
    # What goes is bound to exactly the text that is live.
    assert (proposal.kind, proposal.sha256) == ("retire", skill.live_version.sha256)
    assert live(tenant) == {"tea-time"}
    approve(tenant, proposal)

    assert live(tenant) == set()


def test_the_retirement_of_a_skill_that_changed_meanwhile_is_stale(tenant):
    skill = make_skill(tenant.id, "tea-time")
    _, proposal = propose(tenant, carried=[skill], kind="retire", slug="tea-time")
    skill_edit(
        tenant_id=tenant.id,
        actor=SYSTEM,
        slug="tea-time",
        text=make_doc("tea-time", body=body_of(STEPS)).text,
        sha256=skill.live_version.sha256,
    )

    with pytest.raises(ProposalStale):
        approve(tenant, proposal)


def test_a_retirement_is_neither_edited_nor_replayed(tenant):
    skill = make_skill(tenant.id, "tea-time")
    _, proposal = propose(tenant, carried=[skill], kind="retire", slug="tea-time")
    text = make_doc("tea-time", body=body_of(STEPS)).text

    with pytest.raises(ProposalInvalid):
        services.proposal_edit(
            tenant_id=tenant.id,
            reviewer=Reviewer(SYSTEM),
            proposal_id=proposal.id,
            text=text,
            sha256=proposal.sha256,
        )
    with pytest.raises(NothingToReplay):
        services.replay_start(tenant_id=tenant.id, actor=SYSTEM, proposal_id=proposal.id)


@pytest.mark.parametrize(
    "answer",
    [
        {"kind": "retire", "slug": "nobody-knows-it"},
        {"kind": "merge"},
        {"kind": "merge", "merges": ["short-dates"]},
        {"kind": "merge", "merges": ["short-dates", "short-dates"]},
        {"kind": "merge", "merges": ["short-dates", "nobody-knows-it"]},
        {"kind": "replace"},
    ],
    ids=str,
)
def test_what_the_evolver_was_not_shown_it_cannot_touch(tenant, answer):
    skill = make_skill(tenant.id, "short-dates")

    run, proposal = propose(tenant, carried=[skill], **({"slug": "dates"} | answer))

    assert (run.outcome, proposal, bool(run.reason)) == ("invalid", None, True)


def test_a_skill_is_not_to_be_retired_while_a_revision_of_it_waits(tenant):
    skill = make_skill(tenant.id, "short-dates")
    propose(tenant, kind="revise", slug="short-dates", body=body_of(STEPS))

    run, proposal = propose(tenant, carried=[skill], kind="retire", slug="short-dates")

    assert (run.outcome, proposal.kind) == ("invalid", "revise")
    assert "waits: decide that first" in run.reason
