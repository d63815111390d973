from apps.usage.selectors.limits import limit_get, limit_list, limit_rules
from apps.usage.selectors.prices import EffectivePrice, price_list, price_table
from apps.usage.selectors.spending import LimitNow, limits_now, spent_all
from apps.usage.selectors.usage import UsageReport, usage_report

__all__ = [
    "EffectivePrice",
    "LimitNow",
    "UsageReport",
    "limit_get",
    "limit_list",
    "limit_rules",
    "limits_now",
    "price_list",
    "price_table",
    "spent_all",
    "usage_report",
]
