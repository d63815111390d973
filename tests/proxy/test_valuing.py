"""What a batch of turns did with skills: counted once each, and equal to a recount."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.services import score_take_back, verdict_give
from apps.proxy.recorder.storing import records_store
from apps.proxy.recorder.valuing import counts_of
from apps.skills.models import SkillStat, SkillVersion
from apps.skills.services import stats
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn, TurnSkill
from apps.trajectories.selectors import injection_of
from apps.trajectories.types import UsedSkill
from apps.usage.types import Price, PriceTable
from tests.factories import make_fact, make_record, make_skill

SLUGS = ("a", "b", "c")
VERDICTS = ("in", "too weak", "no room left", "control", "other_agent")
PRICES = PriceTable(own={"known": Price(2_000_000, 9_000_000, 200_000, 2_500_000)})


def used(version, tokens=100):
    return UsedSkill(version.id, version.skill.slug, version.number, 0.5, tokens)


def versions_of(tenant):
    for slug in SLUGS:
        make_skill(tenant.id, slug)
    with tenant_tx(tenant.id):
        rows = SkillVersion.objects.for_tenant(tenant.id).select_related("skill")
        return {row.skill.slug: row for row in rows}


def some_turn(tenant, versions, chance):
    carried = chance.sample(SLUGS, chance.randint(0, 3))
    rows = [[slug, 1, 0.5, "in"] for slug in carried if chance.random() < 0.8]
    rows += [
        [slug, 1, 0.2, chance.choice(VERDICTS[1:])]
        for slug in SLUGS
        if slug not in carried and chance.random() < 0.6
    ]
    # A version that this library never had.
    rows += [["d", 1, 0.2, "too weak"]] * chance.randint(0, 1)
    at = now() - timedelta(minutes=chance.randint(0, 200))
    return make_record(
        tenant.id,
        started_at=at,
        finished_at=at,
        messages=[{"role": "user", "content": f"Question {chance.random()}"}],
        skills=[used(versions[slug], chance.randint(1, 300)) for slug in carried],
        injection={"text": "", "place": "none", "candidates": rows},
    )


def recount(tenant, versions, records):
    """The same numbers from the turns as they are stored."""
    found = Counter()
    tokens = {(one.id, use.version_id): use.tokens for one in records for use in one.skills}
    names = {version.id: slug for slug, version in versions.items()}
    with tenant_tx(tenant.id):
        uses = list(TurnSkill.objects.for_tenant(tenant.id))
        for turn in Turn.objects.for_tenant(tenant.id):
            carried = {use.version_id for use in uses if use.turn_id == turn.id}
            seen = {
                slug
                for slug, _, _, verdict in injection_of(turn)["candidates"]
                if verdict != "other_agent" and slug in versions
            }
            for slug in seen | {names[one] for one in carried}:
                found[slug, "considered"] += 1
            for version_id in carried:
                slug = names[version_id]
                found[slug, "uses"] += 1
                found[slug, "tokens"] += tokens[turn.id, version_id]
                found[slug, "passed"] += turn.score == 1
                found[slug, "failed"] += turn.score == -1
    return found


def counted(tenant, versions):
    found = Counter()
    names = {version.id: slug for slug, version in versions.items()}
    with tenant_tx(tenant.id):
        for row in SkillStat.objects.for_tenant(tenant.id):
            for field in ("considered", "uses", "tokens", "passed", "failed"):
                found[names[row.version_id], field] += getattr(row, field)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_is_counted_equals_a_recount_of_the_turns(tenant, seed):
    chance, versions = Random(seed), versions_of(tenant)
    records = [some_turn(tenant, versions, chance) for _ in range(40)]

    # In batches of any size, some of them again: a spool may be read twice.
    waiting = list(records)
    while waiting:
        batch, waiting = waiting[: (size := chance.randint(1, 9))], waiting[size:]
        records_store(tenant.id, batch)
        if chance.random() < 0.5:
            records_store(tenant.id, chance.sample(batch, len(batch)) + waiting[:1])
    for record in chance.sample(records, 25):
        for value in chance.choices([-1, 0, 1], k=chance.randint(1, 2)):
            verdict_give(
                tenant_id=tenant.id, actor=SYSTEM, turn_id=record.id, value=value, comment=""
            )
        if chance.random() < 0.3:
            score_take_back(tenant_id=tenant.id, actor=SYSTEM, turn_id=record.id, kind="human")

    wanted = recount(tenant, versions, records)
    assert +counted(tenant, versions) == +wanted
    assert {field for _, field in +wanted} == {"considered", "uses", "tokens", "passed", "failed"}


def test_a_batch_costs_one_statement(tenant, monkeypatch):
    chance, versions = Random(1), versions_of(tenant)
    statements = []
    run = stats.run_with_json
    monkeypatch.setattr(stats, "run_with_json", lambda *args: (statements.append(args), run(*args)))

    records_store(tenant.id, [some_turn(tenant, versions, chance) for _ in range(20)])

    assert len(statements) == 1


def test_money_is_that_of_the_skills_share_of_the_input(tenant):
    version = versions_of(tenant)["a"]
    record = make_record(tenant.id, skills=[used(version, tokens=100)])
    fact = make_fact(served_model="known", input_tokens=1000, cache_read_tokens=900)

    (one,) = counts_of([(record, fact)], PRICES)
    (free,) = counts_of([(record, make_fact(served_model="known", is_free=True))], PRICES)
    (unknown,) = counts_of([(record, make_fact(model="x", served_model="y"))], PRICES)

    # 100 tokens at $2 and 900 at $0.20 per million are $0.00038; a tenth of that.
    assert (one.tokens, one.nanos, one.unpriced) == (100, 38_000, 0)
    assert (free.nanos, free.unpriced) == (0, 0)
    assert (unknown.nanos, unknown.unpriced, unknown.tokens) == (0, 1, 100)


def test_a_skill_for_another_agent_was_not_considered(tenant):
    rows = [["a", 1, 0.9, "other_agent"], ["b", 1, 0.9, "other_tag"], ["c", 1, 0.9, "control"]]
    record = make_record(tenant.id, injection={"candidates": rows})

    assert [(one.slug, one.uses) for one in counts_of([(record, make_fact())], PRICES)] == [
        ("c", 0)
    ]
