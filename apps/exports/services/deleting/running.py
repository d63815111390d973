"""The end of a workspace, a step at a time.

Every step is a transaction that also counts what it deleted, so that a worker may die between
any two of them: whoever takes over finds the rest. The last step is one: what came in meanwhile,
the count, the job itself and the workspace's own row go, and the certificate is there.
"""

import time
from datetime import timedelta
from typing import Any

from django.db.models import F

from apps.core.clock import now
from apps.core.errors import UpstreamFailed
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.exports.models import Deletion
from apps.exports.services.deleting.asking import DELETE_KIND, deletion_go_on
from apps.exports.services.deleting.certifying import certificate_write
from apps.exports.services.deleting.emptying import all_delete, some_delete
from apps.exports.services.deleting.order import tables_in_order
from apps.exports.services.deleting.redis_keys import redis_keys_delete
from apps.exports.services.disk import workspace_remove_files
from apps.jobs.handlers import JobRun
from apps.tenants.models import Tenant
from apps.tenants.services import deletion_begin, deletion_finish
from apps.training.services.checkpoints import LetGo, workspace_let_go

_AT_A_STRETCH_SECONDS = 60.0
# So long a trainer that cannot be reached is waited for.
_PATIENCE = timedelta(days=1)
_JOBS, _DELETION = "jobs.job", "exports.deletion"


def workspace_delete(*, run: JobRun) -> None:
    """Do what is left of a deletion. Safe to run again; nothing if nobody wants it any more."""
    started = time.monotonic()
    with run.effect():
        tenant = deletion_begin(tenant_id=run.tenant_id)
    if tenant is None:
        return
    _remember(run, "files", workspace_remove_files(run.tenant_id))
    is_let_go = False
    for group in _groups():
        if _label(group[0]) != _JOBS and not is_let_go:
            # Nothing trains any more, and the keys of the trainers are still here.
            _let_go_at_providers(run, tenant)
            is_let_go = True
        while _empty_some(run, group):
            if time.monotonic() - started > _AT_A_STRETCH_SECONDS:
                with run.effect():
                    deletion_go_on(run.tenant_id)
                return
    _remember(run, "redis_keys", redis_keys_delete(run.tenant_id))
    _finish(run, tenant)
    # Bells of the last steps rang after they were cleared away.
    redis_keys_delete(run.tenant_id)
    workspace_remove_files(run.tenant_id)


def _let_go_at_providers(run: JobRun, tenant: Tenant) -> None:
    """Have the trainers delete what they keep, once.

    Raises UpstreamFailed while one cannot be reached, for a day; then what it has is counted as
    left. The sweep takes the deletion up again.
    """
    with tenant_tx(run.tenant_id):
        if Deletion.objects.for_tenant(run.tenant_id).exclude(at_providers=None).exists():
            return
    # What a demo says that it has there was never there, and nobody would ever answer.
    found = LetGo(0, 0) if tenant.is_demo else workspace_let_go(tenant_id=run.tenant_id)
    since = tenant.deleting_since or now()
    if found.is_passing and now() - since < _PATIENCE:
        english = "{count} checkpoints are still at a trainer."
        left = say("deletion_at_trainer", english, count=found.left)
        raise UpstreamFailed(together(left, found.why), permanent=False)
    with run.effect():
        Deletion.objects.for_tenant(run.tenant_id).update(
            at_providers=found.gone, left_at_providers=found.left
        )


def _groups() -> list[list[Any]]:
    """Jobs first: whatever runs for the workspace loses the right to write."""
    groups = [group for group in tables_in_order() if _label(group[0]) != _DELETION]
    return sorted(groups, key=lambda group: _label(group[0]) != _JOBS)


def _empty_some(run: JobRun, group: list[Any]) -> int:
    """Delete some rows of a table, or all of those that only go together."""
    with run.effect():
        if len(group) > 1:
            gone = {_label(model): all_delete(model, run.tenant_id) for model in group}
            # They are all gone now, whatever their number.
            _count(run, gone)
            return 0
        (model,) = group
        but: dict[str, Any] = {"kind": DELETE_KIND} if _label(model) == _JOBS else {}
        deleted = some_delete(model, run.tenant_id, **but)
        _count(run, {_label(model): deleted})
        return deleted


def _count(run: JobRun, gone: dict[str, int]) -> Deletion:
    row = Deletion.objects.for_tenant(run.tenant_id).select_for_update().get()
    for label, count in gone.items():
        if count:
            row.gone[label] = row.gone.get(label, 0) + count
    row.save(update_fields=["gone"])
    return row


def _remember(run: JobRun, what: str, count: int) -> None:
    with run.effect():
        Deletion.objects.for_tenant(run.tenant_id).update(**{what: F(what) + count})


def _finish(run: JobRun, tenant: Tenant) -> None:
    with run.effect():
        # Who has begun to write something for it is waited for; who comes later finds nothing.
        Tenant.objects.select_for_update().get(id=run.tenant_id)
        gone = {
            _label(model): all_delete(model, run.tenant_id)
            for group in tables_in_order()
            for model in group
            if _label(model) != _DELETION
        }
        deletion = _count(run, gone | {_DELETION: 1})
        Deletion.objects.for_tenant(run.tenant_id)._raw_delete(using="default")
        certificate_write(tenant, deletion)
        deletion_finish(tenant_id=run.tenant_id)


def _label(model: Any) -> str:
    return str(model._meta.label_lower)
