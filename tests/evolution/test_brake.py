"""Learning pauses by itself while judge and people differ, and goes on by itself."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors, services
from apps.evolution.errors import LearningPaused
from apps.evolution.models import AnnotationItem, EvolutionRun
from apps.jobs.models import Job
from apps.tenants.models import AuditEvent
from apps.tenants.types import Actor
from tests.evolution.test_annotation import SURE, ask_about, judged
from tests.factories import lesson, make_policy, make_run, make_turn
from tests.fakes import FakeModel

ANA = Actor("user", "u-1", "Ana")


def said(tenant, judge, people):
    """A turn that the judge and a person judged, one after the other."""
    judged(tenant, *SURE[judge])
    item = services.item_next(tenant_id=tenant.id, actor=ANA)
    services.item_answer(tenant_id=tenant.id, actor=ANA, item_id=item.id, value=people, comment="")


def agree(tenant, times):
    for _ in range(times):
        said(tenant, 1, 1)


def differ(tenant, times):
    for _ in range(times):
        said(tenant, 1, -1)


def policy(tenant):
    with tenant_tx(tenant.id):
        return selectors.learning_policy(tenant_id=tenant.id)


def audit(tenant):
    with tenant_tx(tenant.id):
        rows = AuditEvent.objects.for_tenant(tenant.id).filter(
            action__in=["learning.held", "learning.resumed"]
        )
        return [(row.action, row.actor_label, row.detail) for row in rows.order_by("id")]


def waiting_runs(tenant):
    with tenant_tx(tenant.id):
        jobs = Job.objects.for_tenant(tenant.id).filter(kind=services.EVOLVE_KIND, status="queued")
        return [job for job in jobs if not job.payload.get("only_sorts")]


@pytest.fixture
def watched(tenant):
    """Five compared turns are enough; under 60 percent learning pauses."""
    ask_about(tenant, pause_below=60, pause_least=5)
    return tenant


def test_too_little_agreement_pauses_learning_and_says_why(watched):
    agree(watched, 2)
    differ(watched, 2)
    before = policy(watched).is_stopped
    differ(watched, 1)

    assert not before
    assert policy(watched).is_stopped
    assert not policy(watched).is_paused
    ((action, who, why),) = audit(watched)
    assert (action, who) == ("learning.held", "MetaClaw")
    assert why == (
        "fake-1 (judge-v1) and people said the same of 40 % of 5 turns; the level is 60 %."
    )


def test_enough_agreement_pauses_nothing(watched):
    agree(watched, 3)
    differ(watched, 2)

    assert not policy(watched).is_stopped
    assert audit(watched) == []


def test_while_it_is_held_nobody_asks_the_evolver(watched):
    make_policy(watched.id)
    differ(watched, 5)
    model, failing = FakeModel(lesson(uuid_of(watched))), make_turn(watched.id, score=-1)
    run = make_run(watched.id)

    services.evolution_run(run=run, model=model, is_simulated=False)
    services.verdict_give(
        tenant_id=watched.id, actor=ANA, turn_id=failing.id, value=-1, comment="No."
    )

    assert model.asked == []
    with tenant_tx(watched.id):
        assert not EvolutionRun.objects.for_tenant(watched.id).exists()
    with pytest.raises(LearningPaused, match="judge and people"):
        services.run_ask(tenant_id=watched.id, actor=ANA)


def uuid_of(tenant):
    return make_turn(tenant.id).id


def test_it_goes_on_by_itself_when_both_agree_again_with_a_margin(watched):
    differ(watched, 5)
    agree(watched, 7)
    at_58 = policy(watched).is_stopped
    agree(watched, 1)
    at_61 = policy(watched).is_stopped
    agree(watched, 1)

    assert (at_58, at_61) == (True, True)
    assert not policy(watched).is_stopped
    assert audit(watched)[-1] == (
        "learning.resumed",
        "MetaClaw",
        "fake-1 (judge-v1) and people agree on 64 % of 14 turns",
    )
    assert waiting_runs(watched)


def test_by_hand_it_goes_on_and_stays_on_until_both_agreed_again(watched):
    differ(watched, 5)
    services.learning_resume(tenant_id=watched.id, actor=ANA)
    resumed = policy(watched).is_stopped
    differ(watched, 1)
    waived = policy(watched).is_stopped
    agree(watched, 12)
    differ(watched, 4)

    assert (resumed, waived) == (False, False)
    assert policy(watched).is_stopped
    assert [row[:2] for row in audit(watched)] == [
        ("learning.held", "MetaClaw"),
        ("learning.resumed", "Ana"),
        ("learning.held", "MetaClaw"),
    ]


def test_another_judge_begins_anew(watched, monkeypatch):
    differ(watched, 5)
    monkeypatch.setattr("apps.trajectories.services.judging.PROMPT_VERSION", "judge-v2")

    judged(watched, *SURE[1])

    assert not policy(watched).is_stopped
    assert audit(watched)[-1][2] == "the judge is another one"


def test_no_level_never_pauses_and_setting_one_looks_at_once(watched):
    ask_about(watched, pause_below=None)
    differ(watched, 6)
    without = policy(watched).is_stopped

    ask_about(watched, pause_below=60)
    with_level = policy(watched).is_stopped
    ask_about(watched, pause_below=None)

    assert (without, with_level) == (False, True)
    assert not policy(watched).is_stopped


def test_what_people_put_there_says_nothing_of_the_judge(watched):
    for _ in range(6):
        turn = make_turn(watched.id, score=1)
        item = services.item_add(tenant_id=watched.id, actor=ANA, turn_id=turn.id)
        services.item_answer(tenant_id=watched.id, actor=ANA, item_id=item.id, value=-1, comment="")

    assert not policy(watched).is_stopped


def test_old_answers_fall_out_of_the_window(watched):
    differ(watched, 4)
    with tenant_tx(watched.id):
        AnnotationItem.objects.for_tenant(watched.id).update(created_at=now() - timedelta(days=31))
    differ(watched, 1)

    assert not policy(watched).is_stopped


def test_what_is_picked_less_often_weighs_more(watched):
    """Every failed turn is looked at and contested, of the passed ones one in ten."""
    differ_on_failed = 6
    for _ in range(differ_on_failed):
        said(watched, -1, 1)
    held = policy(watched).is_stopped
    ask_about(watched, share_passed=100)
    agree(watched, 6)
    with tenant_tx(watched.id):
        rows = AnnotationItem.objects.for_tenant(watched.id).filter(stratum="passed")
        rows.update(share=0.1)
    services.brake_check(tenant_id=watched.id)

    assert held
    # Six of twelve agree, which is 50 %; but those six stand for sixty.
    assert not policy(watched).is_stopped


def test_rest_says_why_and_an_admin_has_it_go_on(watched, admin_client, reviewer_client):
    url = f"/api/v1/t/{watched.slug}/learning-policy/"
    differ(watched, 5)

    held = reviewer_client.get(url).json()
    refused = reviewer_client.post(f"{url}resume/")
    resumed = admin_client.post(f"{url}resume/").json()
    again = admin_client.post(f"{url}resume/")

    assert held["state"] == "held"
    assert held["held_reason"].endswith("0 % of 5 turns; the level is 60 %.")
    assert refused.status_code == 403
    assert (resumed["state"], resumed["held_reason"]) == ("on", "")
    assert resumed["waived_judge"] == "fake-1 (judge-v1)"
    assert again.status_code == 200


def test_rest_compares_judge_and_people(watched, viewer_client, admin_client):
    agree(watched, 3)
    differ(watched, 1)
    said(watched, -1, -1)
    url = f"/api/v1/t/{watched.slug}/annotations/"

    found = viewer_client.get(f"{url}agreement/").json()
    changed = admin_client.put(f"{url}policy/", {"window_days": 7}, format="json").json()

    (judge,) = found["judges"]
    assert (judge["judge_model"], judge["is_in_use"], judge["n"]) == ("fake-1", True, 5)
    assert judge["raw"]["value"] == pytest.approx(0.8)
    assert judge["raw"]["low"] < 0.8 < judge["raw"]["high"]
    assert judge["kappa"]["value"] == pytest.approx(0.545, abs=1e-3)
    assert judge["counts"] == [[1, 0, 0], [0, 0, 0], [1, 0, 3]]
    assert (changed["window_days"], changed["pause_below"]) == (7, 60)
