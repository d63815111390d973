from apps.tenants.api.base import TenantApi

__all__ = ["TenantApi"]
