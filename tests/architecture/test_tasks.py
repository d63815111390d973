"""Background work is asked for by name: every name must lead somewhere."""

from importlib import import_module
from pkgutil import walk_packages

import pytest
from celery import current_app
from django.conf import settings

import apps
from apps.jobs.handlers import known_kinds


def service_modules() -> list[str]:
    return [
        module.name
        for module in walk_packages(apps.__path__, "apps.")
        if ".services" in module.name and "migrations" not in module.name
    ]


def constants(ending: str) -> set[str]:
    return {
        value
        for module in service_modules()
        for name, value in vars(import_module(module)).items()
        if name.endswith(ending) and isinstance(value, str)
    }


def test_every_kind_of_job_that_a_service_asks_for_has_a_handler():
    assert constants("_KIND")
    assert constants("_KIND") <= known_kinds()


def test_every_handler_is_for_a_kind_that_somebody_asks_for():
    ours = {kind for kind in known_kinds() if not kind.startswith("test.")}

    assert ours == constants("_KIND")


def test_every_task_that_a_service_names_exists():
    assert constants("_TASK")
    assert constants("_TASK") <= current_app.tasks.keys()


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=lambda e: e["task"])
def test_every_task_on_the_clock_exists_and_does_not_pile_up(entry):
    assert entry["task"] in current_app.tasks
    # A stopped worker must not find an hour of sweeps waiting.
    assert entry["options"]["expires"] <= entry["schedule"]


def test_no_task_may_run_into_its_own_redelivery():
    """A task longer than the visibility timeout would be delivered again, without end."""
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < visibility / 2
    assert settings.METACLAW_MODEL_TIMEOUT_SECONDS * 3 < settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_a_lost_worker_or_a_dead_broker_never_holds_anybody_up():
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS

    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert not settings.CELERY_TASK_PUBLISH_RETRY
    # kombu's own default is to wait for ever.
    assert options["socket_timeout"] <= 5
    assert options["socket_connect_timeout"] <= 1
