from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "apps.tenants"

    def ready(self) -> None:
        # drf-spectacular finds extensions by their being imported.
        from apps.tenants import openapi  # noqa: F401
