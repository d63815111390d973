"""A workspace's rows exist for nobody else: every route, method and place an id can stand in."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.core.tenancy import tenant_tx
from apps.trajectories.models import Turn
from tests.architecture.routes import is_tenant_view, routes, tenant_routes, view_of
from tests.architecture.world import Workspace, state_of
from tests.conftest import client_of, member_of
from tests.factories import make_doc

Values = Callable[[Workspace], dict[str, Any]]


def _nothing(_: Workspace) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Entry:
    """How to call a route: ids for its path, a body that would be accepted, ids for its query."""

    path: Values = _nothing
    body: Values = _nothing
    query: Values = _nothing
    form: str = "json"


def _skill(w: Workspace) -> dict[str, Any]:
    return {"slug": w.skill.slug}


def _proposal(w: Workspace) -> dict[str, Any]:
    return {"proposal_id": w.proposal.id}


def _quarantined(w: Workspace) -> dict[str, Any]:
    return {"proposal_id": w.quarantined.id}


def _annotation(w: Workspace) -> dict[str, Any]:
    return {"item_id": w.annotation.id}


def _candidate(w: Workspace) -> dict[str, Any]:
    return {"checkpoint_id": w.checkpoint.id}


def _passed(w: Workspace) -> dict[str, Any]:
    return {"checkpoint_id": w.passed.id}


def _policy(w: Workspace) -> dict[str, Any]:
    return {"policy_id": w.idle_policy.id}


def _policy_body(w: Workspace) -> dict[str, Any]:
    return {"name": "another", "upstream": w.trainer.id, "base_model": "local/demo-1"}


def _job(w: Workspace) -> dict[str, Any]:
    return {"job_id": w.job.id}


def _rollout(w: Workspace) -> dict[str, Any]:
    return {"rollout_id": w.rollout.id}


def _invitation(w: Workspace) -> dict[str, Any]:
    return {"invitation_id": w.invitation.id}


def _upstream_body(w: Workspace) -> dict[str, Any]:
    return {
        "name": "another",
        "kind": "openai",
        "base_url": "https://models.example.com/v1",
        "api_key": "sk-another-secret-0002",
    }


def _upload(w: Workspace) -> dict[str, Any]:
    file = io.BytesIO(make_doc("imported").text.encode())
    file.name = "imported.md"
    return {"file": file}


# One entry per route; a route that is not here fails the tests below.
ENTRIES = {
    "keys/": Entry(body=lambda w: {"name": "new", "scopes": ["read"]}),
    "agents/": Entry(body=lambda w: {"name": "new", "mode": "observe"}),
    "agents/<uuid:agent_id>/": Entry(
        path=lambda w: {"agent_id": w.agent.id}, body=lambda w: {"max_skills": 1}
    ),
    "saved-filters/": Entry(
        body=lambda w: {"page": "turns", "name": "new", "search": {"outcome": "failed"}}
    ),
    "saved-filters/<uuid:filter_id>/": Entry(path=lambda w: {"filter_id": w.saved_filter.id}),
    "audit/": Entry(query=lambda w: {"q": f"skill-of-{w.tenant.slug}", "actor": str(w.key.id)}),
    "audit/verify/": Entry(),
    "jobs/": Entry(query=lambda w: {"kind": f"test.of-{w.tenant.slug}"}),
    "jobs/<uuid:job_id>/retry/": Entry(path=lambda w: {"job_id": w.given_up}),
    "invitations/": Entry(body=lambda w: {"email": "new@example.com", "role": "viewer"}),
    "invitations/<uuid:invitation_id>/renew/": Entry(path=_invitation),
    "invitations/<uuid:invitation_id>/revoke/": Entry(path=_invitation),
    "members/": Entry(),
    "members/<uuid:member_id>/": Entry(
        path=lambda w: {"member_id": w.member.id}, body=lambda w: {"role": "reviewer"}
    ),
    "presets/": Entry(),
    "routes/": Entry(
        body=lambda w: {"model": "big", "targets": [{"upstream": str(w.upstream.id)}]}
    ),
    "routes/<uuid:route_id>/": Entry(
        path=lambda w: {"route_id": w.route.id},
        body=lambda w: {"targets": [{"upstream": str(w.spare.id), "model": "small"}]},
    ),
    "keys/<uuid:key_id>/": Entry(
        path=lambda w: {"key_id": w.key.id}, body=lambda w: {"agent": "coder"}
    ),
    "keys/<uuid:key_id>/rotate/": Entry(path=lambda w: {"key_id": w.key.id}),
    "keys/<uuid:key_id>/rotate/finish/": Entry(path=lambda w: {"key_id": w.key.id}),
    "keys/<uuid:key_id>/revoke/": Entry(path=lambda w: {"key_id": w.key.id}),
    "limits/": Entry(body=lambda w: {"scope": "agent", "subject": "new", "day_micros": 5}),
    "limits/<uuid:limit_id>/": Entry(
        path=lambda w: {"limit_id": w.limit.id}, body=lambda w: {"requests_per_minute": 9}
    ),
    "prices/": Entry(
        body=lambda w: {"pattern": "own-model", "input": 5, "output": 7},
        query=lambda w: {"q": f"model-of-{w.tenant.slug}"},
    ),
    "usage/": Entry(),
    "usage/now/": Entry(),
    "settings/": Entry(body=lambda w: {"max_skills": 7}),
    "upstreams/": Entry(body=_upstream_body),
    "upstreams/<uuid:upstream_id>/": Entry(
        path=lambda w: {"upstream_id": w.spare.id}, body=lambda w: {"name": "renamed"}
    ),
    "upstreams/<uuid:upstream_id>/test/": Entry(path=lambda w: {"upstream_id": w.upstream.id}),
    "sessions/": Entry(query=lambda w: {"q": w.turn.session_id}),
    "sessions/<uuid:session_id>/": Entry(path=lambda w: {"session_id": w.turn.session_id}),
    "turns/": Entry(
        query=lambda w: {
            "session": w.turn.session_id,
            "q": w.turn.id,
            "skill": w.skill.slug,
        }
    ),
    "judge-spending/": Entry(),
    "turns/search/": Entry(query=lambda w: {"q": w.turn.id}),
    "turns/<uuid:turn_id>/": Entry(path=lambda w: {"turn_id": w.turn.id}),
    "turns/<uuid:turn_id>/request/": Entry(path=lambda w: {"turn_id": w.turn.id}),
    "turns/<uuid:turn_id>/feedback/": Entry(
        path=lambda w: {"turn_id": w.turn.id}, body=lambda w: {"value": 1, "comment": "Good."}
    ),
    "turns/<uuid:turn_id>/verdict/": Entry(
        path=lambda w: {"turn_id": w.turn.id}, body=lambda w: {"value": -1}
    ),
    "skills/": Entry(
        body=lambda w: {"text": make_doc("brand-new").text}, query=lambda w: {"q": w.skill.slug}
    ),
    "skills/import/": Entry(body=_upload, form="multipart"),
    "skills/export/": Entry(),
    "skills/packs/": Entry(),
    "skills/packs/<slug:name>/": Entry(path=lambda w: {"name": w.pack}),
    "skills/<slug:slug>/": Entry(path=_skill, body=lambda w: {"text": w.text, "sha256": w.sha256}),
    "skills/<slug:slug>/versions/<int:number>/": Entry(path=lambda w: _skill(w) | {"number": 1}),
    "skills/<slug:slug>/retire/": Entry(path=_skill),
    "skills/<slug:slug>/scope/": Entry(path=_skill, body=lambda w: {"agents": ["coder"]}),
    "skills/<slug:slug>/activate/": Entry(path=_skill, body=lambda w: {"version": 1}),
    "overview/": Entry(),
    "learning-policy/": Entry(body=lambda w: {"min_sessions": 3, "every_turns": 50}),
    "learning-policy/resume/": Entry(),
    "annotations/": Entry(body=lambda w: {"turn_id": w.turn.id, "note": "Look at this."}),
    "annotations/next/": Entry(),
    "annotations/progress/": Entry(),
    "annotations/agreement/": Entry(),
    "annotations/policy/": Entry(body=lambda w: {"share_passed": 10, "pause_below": None}),
    "annotations/<uuid:item_id>/": Entry(path=_annotation),
    "annotations/<uuid:item_id>/lease/": Entry(path=_annotation),
    "annotations/<uuid:item_id>/skip/": Entry(path=_annotation),
    "annotations/<uuid:item_id>/answer/": Entry(
        path=_annotation, body=lambda w: {"value": 1, "comment": "Fine."}
    ),
    "evolution-runs/": Entry(query=lambda w: {"cluster": w.cluster.id}),
    "evolution-runs/<uuid:run_id>/": Entry(path=lambda w: {"run_id": w.run.id}),
    "failure-clusters/": Entry(),
    "failure-clusters/<uuid:cluster_id>/": Entry(path=lambda w: {"cluster_id": w.cluster.id}),
    "failure-clusters/<uuid:cluster_id>/retry/": Entry(path=lambda w: {"cluster_id": w.cluster.id}),
    "proposals/import/": Entry(body=_upload, form="multipart"),
    "proposals/": Entry(query=lambda w: {"turn": w.turn.id}),
    "proposals/<uuid:proposal_id>/": Entry(
        path=_proposal, body=lambda w: {"text": w.proposal.text, "sha256": w.proposal.sha256}
    ),
    "proposals/<uuid:proposal_id>/approve/": Entry(
        path=_proposal, body=lambda w: {"sha256": w.proposal.sha256}
    ),
    "proposals/<uuid:proposal_id>/reject/": Entry(
        path=_proposal, body=lambda w: {"reason": "wrong"}
    ),
    "proposals/<uuid:proposal_id>/lease/": Entry(path=_proposal),
    "proposals/<uuid:proposal_id>/quarantine/": Entry(
        path=_proposal, body=lambda w: {"reason": "unsafe"}
    ),
    "proposals/<uuid:proposal_id>/release/": Entry(path=_quarantined),
    "review-policy/": Entry(body=lambda w: {"quorum": 2}),
    "proposals/<uuid:proposal_id>/replays/": Entry(path=_proposal),
    "replays/": Entry(query=lambda w: {"skill": w.replay.slug}),
    "turns/<uuid:turn_id>/replays/": Entry(
        path=lambda w: {"turn_id": w.turn.id}, body=lambda w: {"skill": w.skill.slug}
    ),
    "replays/<uuid:replay_id>/": Entry(path=lambda w: {"replay_id": w.replay.id}),
    "replays/<uuid:replay_id>/cancel/": Entry(path=lambda w: {"replay_id": w.replay.id}),
    "canaries/": Entry(query=lambda w: {"slug": f"tried-in-{w.tenant.slug}"}),
    "canaries/<uuid:canary_id>/": Entry(path=lambda w: {"canary_id": w.canary.id}),
    "canaries/<uuid:canary_id>/stop/": Entry(
        path=lambda w: {"canary_id": w.canary.id}, body=lambda w: {"promote": True}
    ),
    "evolvers/": Entry(),
    "skills/ledger/": Entry(query=lambda w: {"slug": w.skill.slug}),
    "skills/<slug:slug>/ledger/": Entry(path=_skill),
    "skills/<slug:slug>/kill/": Entry(path=_skill, body=lambda w: {"reason": "It is wrong."}),
    "skills/<slug:slug>/reach/": Entry(path=_skill),
    "library/generations/": Entry(),
    "library/composition/": Entry(),
    "library/restore/": Entry(body=lambda w: {"generation": 1}),
    "library/tryout/": Entry(body=lambda w: {"message": "When is it?", "agent": "coder"}),
    "training/windows/": Entry(
        body=lambda w: {
            "hours": [{"weekday": 1, "starts": "22:00", "ends": "06:00"}],
            "idle_minutes": 30,
            "min_minutes": 20,
            "max_minutes": None,
            "quiet_minutes": 1,
            "black_outs": [],
            "unknown_calendar": "busy",
        }
    ),
    "training/windows/history/": Entry(),
    "training/presence/": Entry(),
    "training/calendars/": Entry(
        body=lambda w: {
            "name": "Another",
            "kind": "ics",
            "url": "https://calendar.example.com/a.ics",
        }
    ),
    "training/calendars/google/": Entry(body=lambda w: {"name": "Mine"}),
    "training/calendars/google/finish/": Entry(body=lambda w: {"state": "x.y", "code": "z"}),
    "training/calendars/<uuid:calendar_id>/": Entry(
        path=lambda w: {"calendar_id": w.calendar.id}, body=lambda w: {"name": "Renamed"}
    ),
    "training/calendars/<uuid:calendar_id>/check/": Entry(
        path=lambda w: {"calendar_id": w.calendar.id}
    ),
    "deletion/": Entry(body=lambda w: {"name": w.tenant.name}),
    "exports/": Entry(body=lambda w: {"kind": "workspace", "redaction": "secrets"}),
    "exports/keys/": Entry(),
    "exports/<uuid:export_id>/": Entry(path=lambda w: {"export_id": w.export.id}),
    "exports/<uuid:export_id>/download/": Entry(path=lambda w: {"export_id": w.export.id}),
    "training/checkpoints/": Entry(query=lambda w: {"policy": w.policy.id, "turn": w.turn.id}),
    "training/checkpoints/<uuid:checkpoint_id>/": Entry(path=_candidate),
    "training/checkpoints/<uuid:checkpoint_id>/gates/<uuid:gate_id>/cases/": Entry(
        path=lambda w: {"checkpoint_id": w.passed.id, "gate_id": w.gate.id}
    ),
    "training/checkpoints/<uuid:checkpoint_id>/lineage/": Entry(path=_candidate),
    "training/checkpoints/<uuid:checkpoint_id>/turns/": Entry(path=_candidate),
    "training/checkpoints/<uuid:checkpoint_id>/gate/": Entry(path=_candidate),
    "training/checkpoints/<uuid:checkpoint_id>/pass/": Entry(
        path=_candidate, body=lambda w: {"reason": "I tried it."}
    ),
    "training/checkpoints/<uuid:checkpoint_id>/promote/": Entry(path=_passed),
    "training/checkpoints/<uuid:checkpoint_id>/canary/": Entry(
        path=_passed, body=lambda w: {"share": 0.2}
    ),
    "training/checkpoints/<uuid:checkpoint_id>/retire/": Entry(path=_passed),
    "training/checkpoints/<uuid:checkpoint_id>/delete/": Entry(path=_passed),
    "training/policies/<uuid:policy_id>/rollback/": Entry(
        path=lambda w: {"policy_id": w.policy.id}, body=lambda w: {"reason": "It is worse."}
    ),
    "training/funnel/": Entry(),
    "training/budget/": Entry(body=lambda w: {"daily_steps": 9}),
    "training/policies/": Entry(body=_policy_body),
    "training/policies/<uuid:policy_id>/": Entry(path=_policy, body=lambda w: {"rank": 8}),
    "training/policies/<uuid:policy_id>/check/": Entry(path=_policy),
    "training/policies/<uuid:policy_id>/train-step/": Entry(path=_policy),
    "training/jobs/": Entry(
        body=lambda w: {"policy": w.idle_policy.id}, query=lambda w: {"policy": w.policy.id}
    ),
    "training/jobs/<uuid:job_id>/": Entry(path=_job),
    "training/jobs/<uuid:job_id>/cancel/": Entry(path=_job),
    "training/jobs/<uuid:job_id>/pause/": Entry(path=_job),
    "training/jobs/<uuid:job_id>/resume/": Entry(path=_job),
    "training/task-sets/": Entry(
        body=lambda w: {"name": "new", "jsonl": '{"task_id": "a", "instruction": "Hi"}'}
    ),
    "training/task-sets/<uuid:task_set_id>/": Entry(
        path=lambda w: {"task_set_id": w.spare_tasks.id}, body=lambda w: {"name": "other"}
    ),
    "training/rollouts/": Entry(
        body=lambda w: {
            "policy": w.policy.id,
            "task_set": w.spare_tasks.id,
            "checkpoint": w.checkpoint.id,
        },
        query=lambda w: {"policy": w.policy.id},
    ),
    "training/rollouts/<uuid:rollout_id>/": Entry(path=_rollout),
    "training/rollouts/<uuid:rollout_id>/episodes/": Entry(path=_rollout),
    "training/rollouts/<uuid:rollout_id>/cancel/": Entry(path=_rollout),
    "arrivals/": Entry(),
    "demo/": Entry(),
    "test-request/": Entry(body=lambda w: {"message": "Hello"}),
}
_PREFIX = "api/v1/t/<slug:tenant_slug>/"
ROUTES = [(route.removeprefix(_PREFIX), method) for route, method in tenant_routes()]
WITH_IDS = [(route, method) for route, method in ROUTES if "<" in route]
WITH_QUERY = [route for route, entry in ENTRIES.items() if entry.query is not _nothing]
WITH_BODY = [(route, method) for route, method in ROUTES if method in ("post", "put", "patch")]


def owner_of(workspace: Workspace) -> APIClient:
    return client_of(member_of(workspace.tenant, "owner"))


def call(
    client: APIClient,
    method: str,
    route: str,
    w: Workspace,
    *,
    at: str = "ours",
    ids: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
) -> Any:
    """Call a route of the workspace ``at`` with the ids and the body that ``w`` has."""
    entry, path = ENTRIES[route], route
    for name, value in (entry.path(w) | (ids or {})).items():
        path = re.sub(rf"<\w+:{name}>", str(value), path)
    if body is None and method != "get":
        body = (extra or {}) | entry.body(w)
    return getattr(client, method)(f"/api/v1/t/{at}/{path}", body, format=entry.form)


def test_what_the_tests_below_compare_changes_with_any_row(ours):
    before = state_of(ours.tenant.id)

    with tenant_tx(ours.tenant.id):
        Turn.objects.for_tenant(ours.tenant.id).filter(id=ours.turn.id).update(http_status=418)

    after = state_of(ours.tenant.id)
    assert {table for table in after if after[table] != before[table]} == {"trajectories_turn"}


def test_every_route_of_a_workspace_is_in_the_matrix():
    assert {route for route, _ in ROUTES} == set(ENTRIES)


@pytest.mark.parametrize("route, pattern", routes(), ids=lambda value: str(value)[:60])
def test_a_route_names_a_tenant_exactly_when_its_view_checks_membership(route, pattern):
    assert ("<slug:tenant_slug>" in route) == is_tenant_view(view_of(pattern))


@pytest.mark.parametrize("route, method", ROUTES)
def test_nobody_gets_in_who_does_not_belong_here(ours, theirs, route, method):
    stranger = owner_of(theirs)
    foreign_key = APIClient(headers={"authorization": f"Bearer {theirs.admin_secret}"})
    before = state_of(ours.tenant.id), state_of(theirs.tenant.id)

    anonymous_answer = call(APIClient(), method, route, ours)
    stranger_answer = call(stranger, method, route, ours)
    key_answer = call(foreign_key, method, route, ours)
    nowhere_answer = call(stranger, method, route, ours, at="no-such-place")

    assert anonymous_answer.status_code == 401
    assert stranger_answer.status_code == key_answer.status_code == 404
    # Nobody learns whether a workspace exists.
    assert stranger_answer.json() == nowhere_answer.json()
    assert (state_of(ours.tenant.id), state_of(theirs.tenant.id)) == before


@pytest.mark.parametrize("route, method", WITH_IDS)
def test_ids_of_another_workspace_are_not_found(ours, theirs, route, method):
    insider = owner_of(ours)
    before = state_of(ours.tenant.id), state_of(theirs.tenant.id)

    answer = call(insider, method, route, theirs)
    made_up = {name: uuid4() for name in ENTRIES[route].path(theirs) if name != "number"}
    unknown = call(insider, method, route, theirs, ids=made_up)

    assert answer.status_code == 404
    assert answer.json() == unknown.json()
    assert (state_of(ours.tenant.id), state_of(theirs.tenant.id)) == before


@pytest.mark.parametrize("route", WITH_QUERY)
def test_filters_find_state_of_this_workspace_only(ours, theirs, route):
    insider = owner_of(ours)

    for name, value in ENTRIES[route].query(theirs).items():
        foreign = insider.get(f"/api/v1/t/ours/{route}", {name: value})
        assert foreign.json()["results"] == [], name


def test_a_filter_with_an_id_of_this_workspace_finds_it(ours):
    insider = owner_of(ours)

    turns = insider.get("/api/v1/t/ours/turns/", {"session": ours.turn.session_id})
    proposals = insider.get("/api/v1/t/ours/proposals/", {"turn": ours.turn.id})

    replays = insider.get("/api/v1/t/ours/replays/", {"skill": ours.replay.slug})

    assert [row["id"] for row in replays.json()["results"]] == [str(ours.replay.id)]
    assert [row["id"] for row in turns.json()["results"]] == [str(ours.turn.id)]
    assert [row["id"] for row in proposals.json()["results"]] == [str(ours.proposal.id)]


_SMUGGLED = ("id", "tenant", "tenant_id", "created_by", "status", "role", "is_superuser")


@pytest.mark.parametrize("route, method", WITH_BODY)
def test_a_body_cannot_reach_into_another_workspace(ours, theirs, route, method, settings):
    settings.METACLAW_GATEWAY_URL = "http://127.0.0.1:9"
    smuggled = dict.fromkeys(_SMUGGLED, str(theirs.tenant.id))
    before = state_of(theirs.tenant.id)

    answer = call(owner_of(ours), method, route, ours, extra=smuggled)

    # 503: the test request got as far as the gateway, which is not there.
    assert answer.status_code in (200, 201, 202, 503), answer.content
    assert state_of(theirs.tenant.id) == before
    assert str(theirs.tenant.id) not in answer.content.decode()
