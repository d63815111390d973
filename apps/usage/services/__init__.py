from apps.usage.services.ledger import usage_record, usage_sweep
from apps.usage.services.limits import limit_create, limit_delete, limit_update
from apps.usage.services.prices import price_forget, price_set

__all__ = [
    "limit_create",
    "limit_delete",
    "limit_update",
    "price_forget",
    "price_set",
    "usage_record",
    "usage_sweep",
]
