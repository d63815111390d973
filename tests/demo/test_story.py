"""A demo workspace: everything in it is there, belongs together, and says that it is made up."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.core.clock import now, playing_at
from apps.core.tenancy import tenant_tx
from apps.demo import selectors, services
from apps.demo.models import DemoLoad
from apps.demo.story.beats import BEATS
from apps.demo.tasks import sweep_canaries
from apps.evolution.models import AnnotationItem, Canary, FailureCluster, Proposal, Replay
from apps.evolution.services import canary_look
from apps.jobs.handlers import JobRun
from apps.jobs.models import Job
from apps.skills.models import Skill
from apps.tenants.models import Tenant, User
from apps.tenants.selectors import audit_verify, tenant_find
from apps.training.models import Checkpoint, Gate, Sample, TrainingJob, TrainingStep
from apps.trajectories.models import Score, Session, Turn
from apps.upstreams.errors import UpstreamInvalid
from apps.upstreams.services import upstream_create
from apps.usage.models import UsageDay
from tests.factories import TenantFactory, UserFactory, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _anyone(settings: Any) -> None:
    settings.METACLAW_WORKSPACE_CREATION = "anyone"


def _made(user: User) -> Tenant:
    made = services.demo_create(user=user, time_zone="Europe/Berlin")
    tenant = tenant_find(slug=made.slug)
    assert tenant is not None
    return tenant


def _told(tenant: Tenant) -> None:
    run: JobRun = make_run(tenant.id, services.LOAD_KIND)
    for _ in BEATS:
        services.demo_load(run=run)


def _count(model: Any, tenant_id: UUID, field: str) -> Counter[str]:
    return Counter(model.objects.for_tenant(tenant_id).values_list(field, flat=True))


def _every_page_has_something_to_look_at(demo: Tenant) -> None:
    of = demo.id
    turns = Turn.objects.for_tenant(of)

    assert turns.count() > 200
    assert Session.objects.for_tenant(of).count() > 150
    assert {"dispatch", "support", "coder", "operator"} == set(_count(Turn, of, "agent"))
    assert {"complete", "upstream_error", "client_aborted"} == set(_count(Turn, of, "status"))
    scores = _count(Turn, of, "score")
    assert scores[1] > 80
    assert scores[-1] > 40
    proposals = _count(Proposal, of, "status")
    assert {"approved", "rejected", "quarantined", "pending"} <= set(proposals)
    assert proposals["pending"] >= 2
    assert set(_count(Canary, of, "status")) == {"promoted", "running"}
    assert Replay.objects.for_tenant(of).filter(status="done").count() == 2
    assert FailureCluster.objects.for_tenant(of).filter(state="waiting").exists()
    assert {"waiting", "answered"} <= set(_count(AnnotationItem, of, "state"))
    learned = Skill.objects.for_tenant(of).filter(source="evolved")
    assert learned.filter(status="live").count() >= 3
    assert Skill.objects.for_tenant(of).filter(status="retired").exists()
    assert UsageDay.objects.for_tenant(of).count() > 14
    assert TrainingJob.objects.for_tenant(of).filter(status="done").count() == 3
    assert TrainingStep.objects.for_tenant(of).count() == 36
    assert Checkpoint.objects.for_tenant(of).filter(status="passed").exists()
    assert Gate.objects.for_tenant(of).count() == 3
    assert Sample.objects.for_tenant(of).count() > 20


def _what_was_learned_shows_in_what_followed(demo: Tenant) -> None:
    dates = Turn.objects.for_tenant(demo.id).filter(agent="dispatch", user_text__contains="date")
    skill = Skill.objects.for_tenant(demo.id).get(slug="exact-dates-and-times")
    learned_at = skill.created_at

    before = dates.filter(started_at__lt=learned_at)
    after = dates.filter(started_at__gt=learned_at)

    # What the judge said: a colleague who looked at a turn may have found otherwise.
    judged = after.filter(scores__kind="judge")
    assert before.filter(scores__kind="judge", scores__value=-1).exists()
    assert not before.filter(scores__kind="judge", scores__value=1).exists()
    assert judged.filter(scores__value=1).count() > 0.9 * judged.exclude(scores__value=0).count()


def _it_is_of_the_last_two_weeks_and_says_that_it_is_made_up(demo: Tenant) -> None:
    load = DemoLoad.objects.for_tenant(demo.id).get()
    turns = Turn.objects.for_tenant(demo.id).order_by("started_at")
    first, last = turns[0], turns.reverse()[0]

    assert timedelta(days=13) < load.ends_at - first.started_at < timedelta(days=15)
    assert last.finished_at < load.ends_at
    assert not turns.filter(is_simulated=False).exists()
    assert not Score.objects.for_tenant(demo.id).filter(kind="judge", is_simulated=False).exists()
    for proposal in Proposal.objects.for_tenant(demo.id):
        assert proposal.is_simulated
        assert first.started_at < proposal.created_at < load.ends_at
    assert audit_verify(tenant_id=demo.id).is_intact


def _what_runs_on_after_the_story_is_looked_at_as_in_any_workspace(demo: Tenant) -> None:
    (running,) = Canary.objects.for_tenant(demo.id).filter(status="running")
    rung = Job.objects.for_tenant(demo.id).filter(kind="evolution.canary")
    load = DemoLoad.objects.for_tenant(demo.id)
    told_at = load.get().finished_at

    # While the story is told, it looks itself.
    load.update(finished_at=None)
    sweep_canaries()
    assert not rung.exists()

    load.update(finished_at=told_at)
    sweep_canaries()
    assert list(rung.values_list("dedupe_key", flat=True)) == [str(running.id)]
    canary_look(run=make_run(demo.id), canary_id=running.id)
    running.refresh_from_db()
    # Nothing happened since the story looked: there is nothing new to decide by.
    assert running.status == "running"


def test_the_story(settings: Any, practice_url: str, subtests: pytest.Subtests) -> None:
    settings.METACLAW_PRACTICE_URL = practice_url
    demo = _made(UserFactory())
    _told(demo)  # takes long: once for all that is looked at

    for look in (
        _every_page_has_something_to_look_at,
        _what_was_learned_shows_in_what_followed,
        _it_is_of_the_last_two_weeks_and_says_that_it_is_made_up,
        _what_runs_on_after_the_story_is_looked_at_as_in_any_workspace,
    ):
        with subtests.test(look.__name__), tenant_tx(demo.id):
            look(demo)


def test_a_day_that_is_played_again_changes_nothing(settings: Any) -> None:
    settings.METACLAW_PRACTICE_URL = ""
    tenant = _made(UserFactory())
    run = make_run(tenant.id, services.LOAD_KIND)
    with tenant_tx(tenant.id):
        load = selectors.load_get(tenant_id=tenant.id)
        services.play(run, 0, ends_at=load.ends_at)
        before = _count(Turn, tenant.id, "score"), Score.objects.for_tenant(tenant.id).count()

        services.play(run, 0, ends_at=load.ends_at)

        after = _count(Turn, tenant.id, "score"), Score.objects.for_tenant(tenant.id).count()
    assert before == after
    assert sum(before[0].values()) >= 10


def test_who_has_one_gets_that_one(settings: Any) -> None:
    settings.METACLAW_PRACTICE_URL = ""
    user = UserFactory()

    first, second = _made(user), _made(user)

    assert first.id == second.id
    with tenant_tx(first.id):
        assert Job.objects.for_tenant(first.id).filter(kind=services.LOAD_KIND).count() == 1
        assert len(BEATS) == DemoLoad.objects.for_tenant(first.id).get().total


def test_no_provider_but_the_practice_model_is_wired_to_a_demo(settings: Any) -> None:
    from apps.tenants.types import Actor

    settings.METACLAW_PRACTICE_URL = ""
    tenant = _made(UserFactory())
    person = Actor("user", "1", "Somebody")

    with pytest.raises(UpstreamInvalid, match="demo workspace"):
        upstream_create(
            tenant_id=tenant.id, actor=person, name="real", kind="openai", api_key="sk-real-key"
        )


def test_the_time_is_moved_for_the_story_alone() -> None:
    before = now()
    with playing_at(before - timedelta(days=3)):
        moved = TenantFactory()
        assert now() < before - timedelta(days=2)
    assert now() >= before
    assert moved is not None
