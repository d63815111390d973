"""``POST /v1/admin/train_step``: one optimizer step on what may be trained on, and its numbers.

For programs that drive training: they send requests, give feedback, ask for a step and go on. A
step is a job like any other, so that a gateway that dies in between takes nothing with it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import close_old_connections

from apps.core.errors import DomainError
from apps.core.tenancy import tenant_tx
from apps.proxy.gateway.chat import Caller
from apps.proxy.gateway.reading import read_body
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import send_whole
from apps.proxy.gateway.turn import TurnInFlight
from apps.tenants.types import Actor
from apps.training.selectors.jobs import job_get, policy_named, step_list
from apps.training.services import job_create

Found = TypeVar("Found")

_WAIT_SECONDS = 300
_MOST_SECONDS = 3_600
_LOOK_SECONDS = 0.25
# A job that stands in one of these goes on only when somebody does something about it.
_STANDS = frozenset({"done", "failed", "cancelled", "paused", "gating"})


async def answer_train_step(caller: Caller, turn: TurnInFlight) -> None:
    """Answer 200 with the step's figures, or 202 with the job where it takes longer than asked.

    Raises Refusal: 403 without the scope ``admin``, 400 for a body that makes no sense, 404 for
    a policy that is not there, 409 where a job of the policy is under way.
    """
    grant = caller.grant
    if "admin" not in grant.scopes:
        raise Refusal(403, "key_scope", "This key may not train: it lacks 'admin'.")
    name, wait = _read(await read_body(caller.receive, caller.headers))
    tenant_id, actor = grant.tenant_id, Actor("key", str(grant.key_id), grant.name)
    job_id = await _in_thread(lambda: _begin(tenant_id, actor, name))
    try:
        async with asyncio.timeout(wait):
            while (found := await _in_thread(lambda: _look(tenant_id, job_id))) is None:
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        found = {"object": "train_step", "job": str(job_id), "status": "running"}
    status = 202 if found["status"] == "running" else 200
    turn.outcome = "complete"
    kind = [(b"content-type", b"application/json")]
    await send_whole(caller.send, status, kind, orjson.dumps(found))


def _begin(tenant_id: UUID, actor: Actor, name: str) -> UUID:
    with tenant_tx(tenant_id):
        policy = policy_named(tenant_id=tenant_id, name=name)
        job = job_create(
            tenant_id=tenant_id,
            actor=actor,
            policy_id=policy.id,
            trigger="api",
            steps=1,
            is_now=True,
        )
        return job.id


def _look(tenant_id: UUID, job_id: UUID) -> dict[str, Any] | None:
    """What came of the job; None while it is under way."""
    with tenant_tx(tenant_id):
        job = job_get(tenant_id=tenant_id, job_id=job_id)
        step = step_list(tenant_id=tenant_id, job_id=job_id).filter(status="confirmed").last()
    if step is None and job.status not in _STANDS:
        return None
    return {
        "object": "train_step",
        "job": str(job_id),
        "status": "done" if step else job.status,
        "reason": job.reason,
        "detail": job.note,
        "metrics": step.metrics if step else {},
        "tokens": step.tokens if step else 0,
        "cost_micros": step.cost_micros if step else None,
    }


async def _in_thread(work: Callable[[], Found]) -> Found:
    def run() -> Found:
        close_old_connections()
        try:
            return work()
        finally:
            close_old_connections()

    try:
        return await asyncio.to_thread(run)
    except DomainError as exc:
        raise Refusal(exc.http_status, exc.code, exc.detail) from exc


def _read(raw: bytes) -> tuple[str, float]:
    try:
        given: Any = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as exc:
        raise Refusal(400, "invalid_json", "The body is not valid JSON.") from exc
    if not isinstance(given, dict):
        raise Refusal(400, "invalid_json", "The body must be a JSON object.")
    name, wait = given.get("policy", ""), given.get("wait_seconds", _WAIT_SECONDS)
    if not isinstance(name, str):
        raise Refusal(400, "invalid_train_step", "policy: Send a policy's name.")
    if isinstance(wait, bool) or not isinstance(wait, int | float):
        raise Refusal(400, "invalid_train_step", "wait_seconds: Send a number.")
    return name, min(max(float(wait), 0.0), _MOST_SECONDS)
