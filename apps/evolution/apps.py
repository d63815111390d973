from django.apps import AppConfig


class EvolutionConfig(AppConfig):
    name = "apps.evolution"

    def ready(self) -> None:
        from apps.evolution import training_rules  # noqa: F401  # needs the models
