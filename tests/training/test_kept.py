"""What the provider keeps: gone there is gone here, and a workspace that goes takes it along."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.checkpoints import Kept
from apps.integrations.tinker.errors import TrainerFailed
from apps.jobs.models import Job
from apps.tenants.models import AuditEvent
from apps.tenants.types import Actor
from apps.training.errors import CheckpointState
from apps.training.models import Checkpoint
from apps.training.services import checkpoints as services
from tests.factories import make_run, make_upstream
from tests.training.factories import (
    make_checkpoint,
    make_policy,
    make_step,
    make_training_job,
)
from tests.training.test_serving import FALLBACK, path, promote, routes, statuses

ADA = Actor("user", "1", "Ada")


class FakeKeeper:
    """A provider's shelf, by path."""

    def __init__(self, *paths: str, broken: str = "") -> None:
        self.kept = {path: Kept(path, 1234, None) for path in paths}
        self.deleted: list[str] = []
        self.keys: set[str] = set()
        self.broken = broken

    def find(self, connection: Any, path: str) -> dict[str, Kept]:
        self._answer(connection, path)
        return dict(self.kept)

    def delete(self, connection: Any, path: str) -> bool:
        self._answer(connection, path)
        self.deleted.append(path)
        return self.kept.pop(path, None) is not None

    def _answer(self, connection: Any, path: str) -> None:
        self.keys.add(connection.api_key)
        if self.broken and self.broken in path:
            raise TrainerFailed("The trainer cannot be reached.", reason="unreachable")


@pytest.fixture
def policy(tenant) -> Any:
    upstream = make_upstream(tenant.id, name="trainer", kind="tinker", api_key="tml-ours", model="")
    fallback = make_upstream(tenant.id, name="fallback")
    return make_policy(
        tenant.id,
        upstream=upstream,
        route_model="helper",
        fallback=fallback,
        fallback_model="model-2",
    )


def check(policy: Any, keeper: FakeKeeper) -> None:
    services.checkpoints_check(
        run=make_run(policy.tenant_id), policy_id=policy.id, find=keeper.find
    )


def passed(policy: Any, step: int, **fields: Any) -> Checkpoint:
    return make_checkpoint(policy, step, **{"status": "passed", **fields})


def again(checkpoint: Checkpoint) -> Checkpoint:
    with tenant_tx(checkpoint.tenant_id):
        return Checkpoint.objects.for_tenant(checkpoint.tenant_id).get(id=checkpoint.id)


def test_what_is_there_was_seen_and_its_size_is_known(policy):
    checkpoint = passed(policy, 1)

    check(policy, FakeKeeper(path(1)))

    found = again(checkpoint)
    assert (found.status, found.size_bytes) == ("passed", 1234)
    assert found.seen_at is not None


def test_what_is_not_there_is_gone_with_a_sentence(policy):
    lost = passed(policy, 1)
    expired = passed(policy, 2, expires_at=now() - timedelta(hours=1))

    check(policy, FakeKeeper())

    assert again(lost).note.startswith("The provider lost it.")
    assert again(expired).note.startswith("Its time at the provider is over.")
    assert statuses(policy) == {1: "gone", 2: "gone"}


def test_when_the_serving_one_is_gone_the_one_before_serves(policy):
    promote(passed(policy, 1))
    promote(passed(policy, 2))

    check(policy, FakeKeeper(path(1)))

    assert statuses(policy) == {1: "serving", 2: "gone"}
    assert routes(policy) == {"helper": [(path(1), 1000), FALLBACK]}


def test_when_nothing_is_left_the_fallback_serves(policy):
    promote(passed(policy, 1))

    check(policy, FakeKeeper())

    assert statuses(policy) == {1: "gone"}
    assert routes(policy) == {"helper": [FALLBACK]}
    with tenant_tx(policy.tenant_id):
        last = AuditEvent.objects.for_tenant(policy.tenant_id).order_by("-id").first()
    assert last is not None
    assert last.detail.startswith("the fallback serves again.")


def test_when_nothing_is_left_and_there_is_no_fallback_the_base_model_serves(tenant):
    upstream = make_upstream(tenant.id, kind="tinker", api_key="tml-ours")
    policy = make_policy(tenant.id, upstream=upstream, route_model="helper")
    promote(passed(policy, 1))

    check(policy, FakeKeeper())

    assert routes(policy) == {"helper": [("local/demo-1", 1000)]}


def test_a_provider_that_does_not_answer_has_lost_nothing(policy):
    promote(passed(policy, 1))

    with pytest.raises(TrainerFailed):
        check(policy, FakeKeeper(broken="run"))

    assert statuses(policy) == {1: "serving"}


def test_what_is_gone_is_found_before_it_is_to_serve(policy):
    checkpoint = passed(policy, 1)

    with pytest.raises(CheckpointState, match="does not have this checkpoint"):
        services.checkpoint_check(
            tenant_id=policy.tenant_id, checkpoint_id=checkpoint.id, find=FakeKeeper().find
        )

    assert statuses(policy) == {1: "gone"}


def test_a_provider_in_trouble_does_not_keep_a_checkpoint_from_serving(policy):
    checkpoint = passed(policy, 1)
    keeper = FakeKeeper(broken="run")

    services.checkpoint_check(
        tenant_id=policy.tenant_id, checkpoint_id=checkpoint.id, find=keeper.find
    )

    assert statuses(policy) == {1: "passed"}
    assert keeper.keys == {"tml-ours"}


def test_what_serves_is_kept_without_an_end(policy, monkeypatch):
    kept: list[str] = []
    monkeypatch.setattr(
        "apps.training.services.checkpoints.provider.checkpoint_keep",
        lambda connection, path: kept.append(path) or True,
    )
    serving = passed(policy, 1)
    promote(serving)
    passed(policy, 2)
    keeper = FakeKeeper(path(1), path(2))
    ends = datetime(2027, 1, 1, tzinfo=UTC)
    keeper.kept = {name: Kept(name, 1, ends) for name in keeper.kept}

    check(policy, keeper)

    assert kept == [path(1)]
    assert again(serving).expires_at is None


def test_deleting_lets_both_its_paths_go_at_the_provider(policy):
    checkpoint = passed(policy, 1)
    keeper = FakeKeeper(path(1))

    services.checkpoint_delete_at_provider(
        tenant_id=policy.tenant_id, actor=ADA, checkpoint_id=checkpoint.id
    )
    for _ in range(2):
        services.checkpoint_let_go(
            run=make_run(policy.tenant_id), checkpoint_id=checkpoint.id, delete=keeper.delete
        )

    assert again(checkpoint).note == "Deleted by Ada."
    assert keeper.deleted == [path(1), checkpoint.state_path] * 2
    with tenant_tx(policy.tenant_id):
        jobs = Job.objects.for_tenant(policy.tenant_id).filter(kind=services.DELETE_KIND)
        assert jobs.count() == 1


def test_what_serves_or_is_trained_on_is_not_deleted(policy):
    serving, start = promote(passed(policy, 1)), passed(policy, 2)
    make_training_job(policy, start=start)

    for checkpoint in (serving, start):
        with pytest.raises(CheckpointState):
            services.checkpoint_delete_at_provider(
                tenant_id=policy.tenant_id, actor=ADA, checkpoint_id=checkpoint.id
            )


def test_a_workspace_that_goes_lets_everything_go(policy, other_tenant):
    checkpoint = passed(policy, 1)
    passed(policy, 2, status="gone")
    job = make_training_job(policy)
    make_step(job, 1, status="confirmed", state_path="tinker://run/weights/step-1")
    make_checkpoint(make_policy(other_tenant.id), 9)
    keeper = FakeKeeper()

    found = services.workspace_let_go(tenant_id=policy.tenant_id, delete=keeper.delete)

    assert (found.gone, found.left) == (3, 0)
    assert sorted(keeper.deleted) == sorted(
        [checkpoint.sampler_path, checkpoint.state_path, "tinker://run/weights/step-1"]
    )
    assert keeper.keys == {"tml-ours"}


def test_a_trainer_that_cannot_be_asked_leaves_its_part_and_says_why(policy, tenant):
    passed(policy, 1)
    upstream = make_upstream(tenant.id, name="other", kind="tinker", api_key="tml-other")
    other = make_policy(tenant.id, "other", upstream=upstream)
    make_checkpoint(
        other, 1, state_path="tinker://far/weights/1", sampler_path="tinker://far/sampler_weights/1"
    )

    found = services.workspace_let_go(tenant_id=tenant.id, delete=FakeKeeper(broken="far").delete)

    assert (found.gone, found.left) == (2, 2)
    assert found.why == "The trainer cannot be reached."


def test_the_daily_sweep_asks_for_each_policy_that_keeps_something(policy, tenant):
    passed(policy, 1)
    passed(policy, 2)
    empty = make_policy(tenant.id, "empty")
    make_checkpoint(empty, 1, status="gone")

    services.checkpoints_sweep()

    with tenant_tx(tenant.id):
        jobs = Job.objects.for_tenant(tenant.id).filter(kind=services.CHECK_KIND)
        assert [job.payload for job in jobs] == [{"policy_id": str(policy.id)}]
