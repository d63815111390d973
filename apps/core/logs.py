"""Log lines: an event name and ids, one JSON object a line; never prompts, keys or answers.

What our own code says is an event and ids by rule. The rest is held back here, because it cannot
be foreseen: a library's message may repeat what it was given, and so may an exception's text.
docs/mechanisms/logs.md
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

from apps.core.errors import DomainError
from apps.core.sensitive import redact

_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {
    "message",
    "asctime",
    "taskName",
}
_OURS = ("apps.", "metaclaw_web.")
_LONGEST = 300
# What a library is told and may repeat: names, numbers and addresses, never sentences.
_WORD = re.compile(r"[\w./:@+*=<>\[\]-]{0,120}")
# Of these the text is worth having, and is about names in the code or about a connection.
_HARMLESS = (AttributeError, NameError, ImportError)
_CONNECTION = frozenset({"ConnectionError", "TimeoutError", "OperationalError", "InterfaceError"})


def is_ours(record: logging.LogRecord) -> bool:
    return record.name.startswith(_OURS) or record.name == "__main__"


class LibraryFilter(logging.Filter):
    """Libraries log what they do, and with what, below INFO: requests, answers, SQL, arguments.

    On the handler, so that a level set elsewhere (``OPENAI_LOG``, say) does not undo it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO or is_ours(record)


class EventFormatter(logging.Formatter):
    """``logger.info("jobs.dead", extra={"job_id": …})`` becomes one JSON line.

    An exception, as ``exc_info`` or in ``extra``, is named by its type; ``with_text`` adds what it
    says.
    """

    def __init__(self, *, with_text: bool = False) -> None:
        super().__init__()
        self._with_text = with_text

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
        }
        if is_ours(record):
            extra = record.__dict__.items()
            line |= {key: self._value(v) for key, v in extra if key not in _STANDARD}
        if record.exc_info and record.exc_info[1]:
            line["trace"] = "".join(self._trace(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)

    def _event(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, BaseException):
            return self._cause(record.msg)
        said = record.getMessage() if is_ours(record) else _with_words_only(record)
        # The first line says what happened; those behind it are, in libraries, what with.
        return _clean(said.strip().partition("\n")[0])

    def _value(self, value: object) -> str:
        if isinstance(value, BaseException):
            return self._cause(value)
        return str(value) if isinstance(value, int | float | UUID) else _clean(str(value))

    def _cause(self, exc: BaseException) -> str:
        return f"{type(exc).__qualname__}: {exc}" if self._with_text else cause(exc)

    def _trace(self, exc: BaseException) -> Iterator[str]:
        before = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
        if before is not None:
            yield from self._trace(before)
        yield from traceback.format_tb(exc.__traceback__)
        yield f"{self._cause(exc)}\n"
        if isinstance(exc, BaseExceptionGroup):
            for one in exc.exceptions:
                yield from self._trace(one)


def cause(exc: BaseException) -> str:
    """What kind of failure it was, without what it says about the data it happened to."""
    name = type(exc).__qualname__
    if isinstance(exc, DomainError):
        return f"{name}: {exc.code}"
    if isinstance(exc, OSError) and exc.strerror:
        return f"{name}: {_clean(str(exc.strerror))}"
    state = getattr(exc, "sqlstate", None) or getattr(exc.__cause__, "sqlstate", None)
    if state:
        return f"{name}: SQLSTATE {state}"
    if isinstance(exc, _HARMLESS) or name in _CONNECTION:
        return f"{name}: {_clean(str(exc).partition(chr(10))[0])}"
    return name


def _with_words_only(record: logging.LogRecord) -> str:
    """A library's message, with such arguments only as are no text of anybody's."""
    template, args = str(record.msg), record.args
    if not args:
        return template
    try:
        if isinstance(args, Mapping):
            return template % {key: _word(value) for key, value in args.items()}
        return template % tuple(_word(value) for value in args)
    except (TypeError, ValueError):
        return template


def _word(value: object) -> object:
    if value is None or isinstance(value, int | float | UUID):
        return value
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "…"


def _clean(text: str) -> str:
    """The last defence: whatever has the shape of a key or of somebody's address goes."""
    # Cut afterwards: half a key would not be known for one.
    return redact(text[: 10 * _LONGEST])[0][:_LONGEST]
