from apps.tenants.selectors.access import (
    ROLE_OF_SCOPE,
    key_get,
    key_grant_find,
    key_grants,
    key_list,
    key_tenant_find,
    membership_get,
    role_rank,
    tenants_of_user,
)
from apps.tenants.selectors.tenant import (
    audit_list,
    config_versions,
    tenant_config,
    tenant_data_key,
    tenant_find,
    tenant_get,
    tenant_ids,
)

__all__ = [
    "ROLE_OF_SCOPE",
    "audit_list",
    "config_versions",
    "key_get",
    "key_grant_find",
    "key_grants",
    "key_list",
    "key_tenant_find",
    "membership_get",
    "role_rank",
    "tenant_config",
    "tenant_data_key",
    "tenant_find",
    "tenant_get",
    "tenant_ids",
    "tenants_of_user",
]
