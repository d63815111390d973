"""What a log line holds, and what it leaves out."""

import json
import logging
import sys
from uuid import UUID

import pytest
from django.db import DataError, OperationalError

from apps.core.errors import NotFound
from apps.core.logs import EventFormatter, LibraryFilter, cause

SECRET = "my words"


def line(name: str, message: object, *args: object, level: int = logging.INFO, **more) -> dict:
    extra = more.pop("extra", {})
    record = logging.LogRecord(name, level, __file__, 1, message, args, more.pop("exc_info", None))
    record.__dict__.update(extra)
    return json.loads(EventFormatter(**more).format(record))


def test_an_event_of_ours_has_its_ids() -> None:
    job_id = UUID(int=7)

    said = line("apps.jobs.runner", "jobs.dead", extra={"job_id": job_id, "kind": "judge"})

    assert (said["event"], said["level"], said["job_id"]) == ("jobs.dead", "info", str(job_id))
    assert said["kind"] == "judge"


@pytest.mark.parametrize(
    "value",
    ["mck_live_0123456789_abcdef0123", "sk-ant-" + "api03x" * 6, "ada@lovelace.dev"],
)
def test_what_looks_like_a_key_or_an_address_is_taken_out(value: str) -> None:
    said = line("apps.x", f"x {value}", extra={"reason": f"with {value}"})

    assert value not in json.dumps(said)
    assert "[redacted:" in said["reason"]


def test_a_library_may_say_names_and_numbers_only() -> None:
    said = line("celery.worker", "Task %s[%s] %s in %.1f s", "jobs.run", UUID(int=1), SECRET, 2.5)

    assert said["event"] == f"Task jobs.run[{UUID(int=1)}] … in 2.5 s"


def test_what_a_library_adds_is_left_out() -> None:
    said = line("django.request", "Server Error: %s", "/x", extra={"request": f"<{SECRET}>"})

    assert SECRET not in json.dumps(said)


def test_a_librarys_further_lines_are_left_out() -> None:
    said = line("asyncio", f"Task exception was never retrieved\nfuture: <… {SECRET}>")

    assert said["event"] == "Task exception was never retrieved"


def test_arguments_that_do_not_fit_leave_the_template() -> None:
    assert line("lib", "%d of %s", SECRET, 1)["event"] == "%d of %s"


@pytest.mark.parametrize(
    "name, level, passes",
    [
        ("openai._base_client", logging.DEBUG, False),
        ("django.db.backends", logging.DEBUG, False),
        ("openai._base_client", logging.INFO, True),
        ("apps.proxy.gateway.app", logging.DEBUG, True),
    ],
)
def test_libraries_are_not_heard_below_info(name: str, level: int, passes: bool) -> None:
    record = logging.LogRecord(name, level, __file__, 1, "x", (), None)

    assert LibraryFilter().filter(record) is passes


def test_a_trace_names_the_failure_and_the_code_and_not_the_data() -> None:
    def work() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as exc:
            raise ExceptionGroup(SECRET, [ValueError(SECRET)]) from exc

    try:
        work()
    except ExceptionGroup:
        info = sys.exc_info()
    said = line("apps.x", "x.failed", exc_info=info, extra={"reason": info[1]})

    assert SECRET not in json.dumps(said)
    assert said["reason"] == "ExceptionGroup"
    for part in ("KeyError\n", "ExceptionGroup\n", "ValueError\n", "in work"):
        assert part in said["trace"]


def test_the_text_of_exceptions_can_be_asked_for() -> None:
    said = line("apps.x", "x", extra={"reason": ValueError(SECRET)}, with_text=True)

    assert said["reason"] == f"ValueError: {SECRET}"


def refused() -> DataError:
    exc = DataError(SECRET)
    exc.__cause__ = type("Inner", (Exception,), {"sqlstate": "22P02"})()
    return exc


@pytest.mark.parametrize(
    "exc, expected",
    [
        (ValueError(SECRET), "ValueError"),
        (NotFound(SECRET), "NotFound: not_found"),
        (OSError(28, "No space left on device", SECRET), "OSError: No space left on device"),
        (refused(), "DataError: SQLSTATE 22P02"),
        (OperationalError("connection failed\nmore"), "OperationalError: connection failed"),
        (AttributeError("'X' has no attribute 'y'"), "AttributeError: 'X' has no attribute 'y'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_cause_says_what_helps_and_holds_no_data(exc: Exception, expected: str) -> None:
    assert cause(exc) == expected
