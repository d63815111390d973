from uuid import UUID

from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants.services import audit_record, config_changed
from apps.tenants.types import Actor
from apps.usage.models import PriceOverride
from apps.usage.types import Price


def price_set(*, tenant_id: UUID, actor: Actor, pattern: str, price: Price) -> None:
    """Have a model cost this from now on; what was counted before stays as it was."""
    with tenant_tx(tenant_id):
        PriceOverride.objects.for_tenant(tenant_id).update_or_create(
            pattern=pattern,
            defaults={
                "input": price.input,
                "output": price.output,
                "cache_read": price.cache_read,
                "cache_write": price.cache_write,
            },
            create_defaults={
                "tenant_id": tenant_id,
                "pattern": pattern,
                "input": price.input,
                "output": price.output,
                "cache_read": price.cache_read,
                "cache_write": price.cache_write,
            },
        )
        detail = f"{price.input}, {price.output}, {price.cache_read}, {price.cache_write}"
        audit_record(
            tenant_id=tenant_id, actor=actor, action="price.set", subject=pattern, detail=detail
        )
        config_changed(tenant_id=tenant_id)


def price_forget(*, tenant_id: UUID, actor: Actor, pattern: str) -> None:
    """Go back to the listed price. Raises NotFound where there is no own one."""
    with tenant_tx(tenant_id):
        deleted, _ = PriceOverride.objects.for_tenant(tenant_id).filter(pattern=pattern).delete()
        if not deleted:
            raise NotFound(say("no_own_price", "This workspace has no price of its own for that."))
        audit_record(tenant_id=tenant_id, actor=actor, action="price.forgotten", subject=pattern)
        config_changed(tenant_id=tenant_id)
