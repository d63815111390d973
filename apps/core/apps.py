from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        # Every process must know every task and job handler: they are looked up by name.
        autodiscover_modules("tasks")
