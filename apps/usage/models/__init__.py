from apps.usage.models.ledger import UsageDay, UsageEntry
from apps.usage.models.limit import Limit
from apps.usage.models.price import PriceOverride

__all__ = ["Limit", "PriceOverride", "UsageDay", "UsageEntry"]
