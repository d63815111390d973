"""Which checkpoint serves is one route, and every change of it is on record."""

from typing import Any
from uuid import uuid4

import pytest

from apps.core.errors import NotFound
from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent
from apps.tenants.types import SYSTEM, Actor
from apps.training.errors import CannotServe, CheckpointState
from apps.training.models import Checkpoint, CheckpointTrial
from apps.training.services import checkpoints as services
from apps.upstreams.models import Route
from apps.upstreams.selectors import route_list, route_table
from apps.upstreams.services import route_create
from tests.factories import make_upstream
from tests.training.factories import make_checkpoint, make_policy

ADA = Actor("user", "1", "Ada")
BASE = "local/demo-1"


@pytest.fixture
def policy(tenant) -> Any:
    fallback = make_upstream(tenant.id, name="fallback")
    return make_policy(tenant.id, route_model="helper", fallback=fallback, fallback_model="model-2")


def passed(policy: Any, step: int, **fields: Any) -> Checkpoint:
    return make_checkpoint(policy, step, **{"status": "passed", **fields})


def promote(checkpoint: Checkpoint) -> Checkpoint:
    return services.checkpoint_promote(
        tenant_id=checkpoint.tenant_id, actor=ADA, checkpoint_id=checkpoint.id
    )


def canary(checkpoint: Checkpoint, share: float | None = None) -> Checkpoint:
    return services.checkpoint_canary(
        tenant_id=checkpoint.tenant_id, actor=ADA, checkpoint_id=checkpoint.id, share=share
    )


def roll_back(policy: Any, why: str = "") -> Checkpoint:
    return services.checkpoint_rollback(
        tenant_id=policy.tenant_id, actor=ADA, policy_id=policy.id, why=why
    )


def retire(checkpoint: Checkpoint) -> Checkpoint:
    return services.checkpoint_retire(
        tenant_id=checkpoint.tenant_id, actor=ADA, checkpoint_id=checkpoint.id
    )


def routes(policy: Any) -> dict[str, list[tuple[str, int]]]:
    """Every route of the workspace: model and weight of its targets, in order."""
    with tenant_tx(policy.tenant_id):
        return {
            route.model: [(one.model, one.weight) for one in route.targets.all()]
            for route in route_list(tenant_id=policy.tenant_id)
        }


def statuses(policy: Any) -> dict[int, str]:
    with tenant_tx(policy.tenant_id):
        rows = Checkpoint.objects.for_tenant(policy.tenant_id).filter(policy=policy)
        return dict(rows.values_list("step", "status"))


def actions(policy: Any) -> list[str]:
    with tenant_tx(policy.tenant_id):
        rows = AuditEvent.objects.for_tenant(policy.tenant_id).order_by("id")
        found = list(rows.values_list("action", flat=True))
    return [one for one in found if one.startswith(("checkpoint.", "route."))]


def path(step: int) -> str:
    return f"tinker://run/sampler_weights/{step}"


FALLBACK = ("model-2", 0)


def test_promotion_makes_the_policys_route(policy):
    found = promote(passed(policy, 1))

    assert (found.status, found.instead_of_id) == ("serving", None)
    assert found.served_at is not None
    assert routes(policy) == {"helper": [(path(1), 1000), FALLBACK]}
    assert actions(policy) == ["route.created", "checkpoint.promoted"]


def test_the_next_promotion_changes_that_route_alone(policy):
    other = {"upstream": str(policy.upstream_id), "model": "model-9"}
    route_create(tenant_id=policy.tenant_id, actor=SYSTEM, model="other", targets=[other])
    promote(passed(policy, 1))
    with tenant_tx(policy.tenant_id):
        rows = Route.objects.for_tenant(policy.tenant_id)
        before = set(rows.values_list("id", "model"))
        rows.filter(model="helper").update(first_byte_seconds=9)

    second = promote(passed(policy, 2))

    assert routes(policy) == {"helper": [(path(2), 1000), FALLBACK], "other": [("model-9", 0)]}
    assert statuses(policy) == {1: "retired", 2: "serving"}
    assert second.instead_of_id is not None
    with tenant_tx(policy.tenant_id):
        rows = Route.objects.for_tenant(policy.tenant_id)
        assert set(rows.values_list("id", "model")) == before
        # What a person set on the route stays.
        assert rows.get(model="helper").first_byte_seconds == 9


def test_promoting_what_serves_changes_nothing(policy):
    checkpoint = passed(policy, 1)
    promote(checkpoint)
    before = actions(policy)

    assert promote(checkpoint).status == "serving"
    assert actions(policy) == before


@pytest.mark.parametrize("status", ["candidate", "rejected", "gone"])
@pytest.mark.parametrize("act", [promote, canary])
def test_what_has_not_passed_serves_nobody(policy, status, act):
    with pytest.raises(CheckpointState):
        act(make_checkpoint(policy, status=status))

    assert routes(policy) == {}


def test_a_canary_gets_its_share_beside_what_serves(policy):
    promote(passed(policy, 1))

    found = canary(passed(policy, 2), 0.2)

    assert found.status == "canary"
    assert routes(policy) == {"helper": [(path(1), 800), (path(2), 200), FALLBACK]}
    (trial,) = found.trials.all()
    assert (trial.candidate_path, trial.baseline_path, trial.share) == (path(2), path(1), 0.2)


def test_without_a_serving_checkpoint_the_base_model_is_beside_the_canary(policy):
    found = canary(passed(policy, 1))

    assert routes(policy) == {"helper": [(BASE, 900), (path(1), 100), FALLBACK]}
    assert [trial.baseline_path for trial in found.trials.all()] == [BASE]


def test_sessions_stay_where_they_are_when_a_canary_begins(policy):
    promote(passed(policy, 1))
    sessions = [uuid4().hex for _ in range(400)]

    def answering() -> list[str]:
        with tenant_tx(policy.tenant_id):
            table = route_table(tenant_id=policy.tenant_id)
        return [table.resolve("helper", "", one).targets[0].model for one in sessions]

    before = answering()
    canary(passed(policy, 2), 0.25)
    during = answering()
    promote_other = answering()

    moved = sum(a != b for a, b in zip(before, during, strict=True))
    assert set(before) == {path(1)}
    assert 60 <= moved <= 140
    assert {b for a, b in zip(before, during, strict=True) if a != b} == {path(2)}
    assert promote_other == during


def test_one_canary_at_a_time(policy):
    canary(passed(policy, 1))

    with pytest.raises(CheckpointState, match="Step 1 is on trial"):
        canary(passed(policy, 2))


def test_promoting_another_ends_the_canary(policy):
    first = canary(passed(policy, 1))
    promote(passed(policy, 2))

    assert statuses(policy) == {1: "passed", 2: "serving"}
    assert routes(policy) == {"helper": [(path(2), 1000), FALLBACK]}
    with tenant_tx(policy.tenant_id):
        trial = CheckpointTrial.objects.for_tenant(policy.tenant_id).get(checkpoint=first)
    assert trial.status == "stopped"


def test_a_rollback_goes_back_one_by_one_to_the_base_model(policy):
    for step in (1, 2, 3):
        promote(passed(policy, step))

    taken = [roll_back(policy, "It is rude.").step]
    first = routes(policy)
    taken.append(roll_back(policy).step)
    second = routes(policy)
    taken.append(roll_back(policy).step)

    assert taken == [3, 2, 1]
    assert first == {"helper": [(path(2), 1000), FALLBACK]}
    assert second == {"helper": [(path(1), 1000), FALLBACK]}
    assert routes(policy) == {"helper": [(BASE, 1000), FALLBACK]}
    assert statuses(policy) == {1: "retired", 2: "retired", 3: "retired"}
    with pytest.raises(CheckpointState):
        roll_back(policy)


def test_a_rollback_says_who_and_why(policy):
    promote(passed(policy, 1))

    taken = roll_back(policy, "It is rude.")

    assert taken.note == "Rolled back by Ada. It is rude."
    assert actions(policy)[-1] == "checkpoint.rolled_back"


def test_a_rollback_passes_over_what_cannot_serve_any_more(policy):
    first, second = passed(policy, 1), passed(policy, 2)
    for checkpoint in (first, second, passed(policy, 3)):
        promote(checkpoint)
    with tenant_tx(policy.tenant_id):
        rows = Checkpoint.objects.for_tenant(policy.tenant_id)
        rows.filter(id=second.id).update(status="gone")

    roll_back(policy)

    assert statuses(policy) == {1: "serving", 2: "gone", 3: "retired"}


def test_a_rollback_with_a_canary_alone_ends_the_canary(policy):
    canary(passed(policy, 1))

    roll_back(policy)

    assert statuses(policy) == {1: "retired"}
    assert routes(policy) == {"helper": [(BASE, 1000), FALLBACK]}


def test_a_rollback_ends_the_canary_beside_it(policy):
    promote(passed(policy, 1))
    promote(passed(policy, 2))
    canary(passed(policy, 3))

    roll_back(policy)

    assert statuses(policy) == {1: "serving", 2: "retired", 3: "passed"}
    assert routes(policy) == {"helper": [(path(1), 1000), FALLBACK]}


def test_what_was_taken_back_may_be_promoted_again(policy):
    first = passed(policy, 1)
    promote(first)
    roll_back(policy)

    assert promote(first).status == "serving"


def test_retiring_a_canary_gives_its_sessions_back(policy):
    promote(passed(policy, 1))
    second = canary(passed(policy, 2))

    found = retire(second)

    assert (found.status, found.note) == ("retired", "Retired by Ada.")
    assert routes(policy) == {"helper": [(path(1), 1000), FALLBACK]}


def test_what_serves_is_not_retired(policy):
    checkpoint = promote(passed(policy, 1))

    with pytest.raises(CheckpointState):
        retire(checkpoint)


def test_a_policy_without_a_name_to_serve_under_says_so(tenant):
    checkpoint = passed(make_policy(tenant.id), 1)

    with pytest.raises(CannotServe, match="no name to serve under"):
        promote(checkpoint)

    assert statuses(checkpoint.policy) == {1: "passed"}


def test_without_a_fallback_the_route_has_the_checkpoint_alone(tenant):
    policy = make_policy(tenant.id, route_model="helper")
    promote(passed(policy, 1))

    assert routes(policy) == {"helper": [(path(1), 1000)]}


def test_a_fallback_that_is_the_base_model_is_there_once(tenant):
    upstream = make_upstream(tenant.id)
    policy = make_policy(
        tenant.id, route_model="helper", upstream=upstream, fallback=upstream, fallback_model=BASE
    )

    canary(passed(policy, 1))

    assert routes(policy) == {"helper": [(BASE, 900), (path(1), 100)]}


def test_a_policy_of_another_workspace_is_not_found(policy, other_tenant):
    with pytest.raises(NotFound):
        services.checkpoint_rollback(tenant_id=other_tenant.id, actor=ADA, policy_id=policy.id)
