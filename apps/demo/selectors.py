from dataclasses import dataclass
from uuid import UUID

from apps.core.tenancy import directory
from apps.demo.errors import NoDemo
from apps.demo.models import DemoLoad
from apps.jobs.selectors import is_job_alive


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a demo is. ``is_stopped``: its job was given up, and can be tried again."""

    done: int
    total: int
    is_ready: bool
    is_stopped: bool


def load_get(*, tenant_id: UUID) -> DemoLoad:
    """Raises NoDemo."""
    found = DemoLoad.objects.for_tenant(tenant_id).first()
    if found is None:
        raise NoDemo
    return found


def told_ids() -> list[UUID]:
    """The workspaces whose story was told to its end."""
    with directory():
        told = DemoLoad.objects.across_tenants().filter(finished_at__isnull=False)
        return list(told.values_list("tenant_id", flat=True))


def load_standing(*, tenant_id: UUID, kind: str) -> Standing:
    """Raises NoDemo."""
    load = load_get(tenant_id=tenant_id)
    is_ready = load.done >= load.total
    is_alive = is_job_alive(tenant_id=tenant_id, kind=kind, dedupe_key=str(tenant_id))
    return Standing(load.done, load.total, is_ready, is_stopped=not is_ready and not is_alive)
