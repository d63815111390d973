from typing import Any
from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.evolution import annotated
from apps.evolution.models import AnnotationPolicy
from apps.evolution.services.annotation.brake import brake_check
from apps.tenants.services import audit_record
from apps.tenants.types import Actor


def annotation_policy_set(*, tenant_id: UUID, actor: Actor, **fields: Any) -> AnnotationPolicy:
    """Change the rules; what is not named stays. A new level holds at once."""
    with tenant_tx(tenant_id):
        rows = AnnotationPolicy.objects.for_tenant(tenant_id)
        known = [AnnotationPolicy(tenant_id=tenant_id)]
        AnnotationPolicy.objects.bulk_create(known, ignore_conflicts=True)
        row = rows.select_for_update().get()
        changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if changed:
            rows.update(**changed)
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="annotation.changed",
                detail=", ".join(f"{name}: {value}" for name, value in sorted(changed.items())),
            )
            brake_check(tenant_id=tenant_id)
        return annotated.policy_get(tenant_id=tenant_id)
