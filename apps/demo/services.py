"""Making a demo workspace, telling its story, and having it gone."""

import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.demo import selectors
from apps.demo.errors import NoDemo
from apps.demo.models import DemoLoad
from apps.demo.story.beats import BEATS, play
from apps.demo.story.setting import NAME, workspace_furnish
from apps.evolution.services import workspace_create
from apps.exports.services import deletion_ask
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.models import User
from apps.tenants.selectors import tenant_find, tenant_get, tenants_of_user
from apps.tenants.services import tenant_mark_demo
from apps.tenants.types import Actor

LOAD_KIND: Final = "demo.load"
# Well below what a worker may take for a job; another one goes on.
_AT_ONCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class NewDemo:
    slug: str
    name: str


def demo_create(*, user: User, time_zone: str) -> NewDemo:
    """A workspace of its own with a made-up story of two weeks, owned by ``user``.

    Who owns one already gets that one. Raises Forbidden where they may make no workspace.
    """
    for tenant, role in tenants_of_user(user_id=user.pk):
        if tenant.is_demo and role == "owner" and tenant.delete_after is None:
            return NewDemo(tenant.slug, tenant.name)
    with transaction.atomic():
        made = workspace_create(user=user, name=NAME, time_zone=time_zone)
        new = tenant_find(slug=made.slug)
        assert new is not None  # it was made in this transaction
        with tenant_tx(new.id):
            tenant_mark_demo(tenant_id=new.id)
            workspace_furnish(tenant_id=new.id)
            DemoLoad.objects.create(tenant_id=new.id, ends_at=now(), total=len(BEATS))
            _go_on(new.id)
    return NewDemo(made.slug, made.name)


def demo_load(*, run: JobRun) -> None:
    """Tell the story on from where it is. Safe to run again: what was told is known by its ids."""
    give_up = time.monotonic() + _AT_ONCE_SECONDS
    while time.monotonic() < give_up:
        with tenant_tx(run.tenant_id):
            load = selectors.load_get(tenant_id=run.tenant_id)
        if load.done >= load.total:
            return
        play(run, load.done, ends_at=load.ends_at)
        with run.effect():
            rows = DemoLoad.objects.for_tenant(run.tenant_id).filter(id=load.id, done=load.done)
            is_last = load.done + 1 == load.total
            rows.update(done=F("done") + 1, finished_at=now() if is_last else None)
            publish_on_commit(
                run.tenant_id, Changed("demo.load", str(load.id), "ready" if is_last else "loading")
            )
    with run.effect():
        _go_on(run.tenant_id)


def demo_remove(*, tenant_id: UUID, actor: Actor) -> None:
    """Have it gone now, as any workspace that is deleted. Nothing in it happened, so nothing is
    lost that would take a grace period. Raises NoDemo."""
    with tenant_tx(tenant_id):
        tenant = tenant_get(tenant_id=tenant_id)
        if not tenant.is_demo:
            raise NoDemo
        deletion_ask(tenant_id=tenant_id, actor=actor, name=tenant.name, has_grace=False)


def _go_on(tenant_id: UUID) -> None:
    job_enqueue(
        tenant_id=tenant_id, kind=LOAD_KIND, payload={}, queue="slow", dedupe_key=str(tenant_id)
    )
