"""The one row by which a policy's checkpoints serve: the route of its public name."""

from typing import Any

from apps.core.said import say
from apps.tenants.types import Actor
from apps.training.errors import CannotServe
from apps.training.models import Checkpoint, TrainingPolicy
from apps.upstreams.services import route_put

# Weights of a route's targets add up to this.
_WHOLE = 1000
_LONGEST = 200


def route_write(
    policy: TrainingPolicy,
    *,
    actor: Actor,
    serving: Checkpoint | None,
    canary: Checkpoint | None = None,
    share: float = 0.0,
    is_lost: bool = False,
) -> None:
    """Send the policy's name to ``serving`` (None: its base model), a share of the sessions to
    ``canary``, and to the fallback what both cannot answer; in the caller's transaction.

    Sessions stay with what they have, but for the share that moves. ``is_lost``: what served is
    not there any more, and the fallback stands in for all. Raises CannotServe.
    """
    if not policy.route_model:
        english = "The policy has no name to serve under: give it a route's model name first."
        raise CannotServe(say("policy_no_route", english))
    weight = max(1, round(share * _WHOLE)) if canary else 0
    fallback = _target(policy.fallback_id, policy.fallback_model) if policy.fallback_id else None
    main = _target(policy.upstream_id, serving.sampler_path if serving else policy.base_model)
    targets = [{**main, "weight": _WHOLE - weight}]
    if is_lost and serving is None and fallback:
        targets = []
    if canary:
        targets.append({**_target(policy.upstream_id, canary.sampler_path), "weight": weight})
    if fallback and fallback not in (main, *(_bare(one) for one in targets)):
        targets.append(fallback)
    route_put(tenant_id=policy.tenant_id, actor=actor, model=policy.route_model, targets=targets)


def _target(upstream_id: Any, model: str) -> dict[str, Any]:
    if len(model) > _LONGEST:
        english = "The checkpoint's path is longer than {limit} characters."
        raise CannotServe(say("checkpoint_path_long", english, limit=_LONGEST))
    return {"upstream": str(upstream_id), "model": model}


def _bare(target: dict[str, Any]) -> dict[str, Any]:
    return {name: target[name] for name in ("upstream", "model")}
