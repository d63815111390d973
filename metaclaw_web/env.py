"""Typed readers of environment variables.

Every variable is read through one of these, once, when a process starts. A wrong value raises
``BadSetting``, whose text names the variable, what is wrong with it and a value that would do;
entry points print that text and stop. An empty variable counts as one that is not set, because
``NAME=`` in an env file and ``${NAME:-}`` in a compose file mean that. Needs no Django, so that
the launcher can use it before anything is installed or configured.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import overload
from urllib.parse import urlsplit

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}
_SECRET_FILE_BYTES = 64 * 1024


class BadSetting(Exception):
    """An environment variable is missing or has a value that cannot be used."""

    def __init__(self, variable: str, problem: str, *, example: str = "") -> None:
        self.variable = variable
        self.problem = problem
        self.example = example
        hint = f" Example: {variable}={example}" if example else ""
        super().__init__(f"{variable}: {problem}{hint}")


@overload
def env_str(
    name: str, default: str, *, example: str = ..., environ: Mapping[str, str] | None = ...
) -> str: ...
@overload
def env_str(
    name: str, default: None = ..., *, example: str = ..., environ: Mapping[str, str] | None = ...
) -> str: ...
def env_str(
    name: str,
    default: str | None = None,
    *,
    example: str = "",
    environ: Mapping[str, str] | None = None,
) -> str:
    """Read text; without a default the variable is required."""
    value = _raw(name, environ)
    if value is not None:
        return value
    if default is None:
        raise BadSetting(name, "is not set, but has to be.", example=example)
    return default


def env_bool(name: str, *, default: bool, environ: Mapping[str, str] | None = None) -> bool:
    """Read a switch: 1/0, true/false, yes/no, on/off in any case."""
    value = _raw(name, environ)
    if value is None:
        return default
    word = value.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadSetting(name, f"{value!r} is neither yes nor no.", example="1")


def env_int(
    name: str,
    default: int,
    *,
    least: int | None = None,
    most: int | None = None,
    environ: Mapping[str, str] | None = None,
) -> int:
    """Read a whole number within the given limits."""
    value = _raw(name, environ)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        raise BadSetting(name, f"{value!r} is not a whole number.", example=str(default)) from None
    if least is not None and number < least:
        raise BadSetting(name, f"{number} is too small, least {least}.", example=str(default))
    if most is not None and number > most:
        raise BadSetting(name, f"{number} is too large, most {most}.", example=str(default))
    return number


def env_float(
    name: str,
    default: float,
    *,
    least: float | None = None,
    most: float | None = None,
    environ: Mapping[str, str] | None = None,
) -> float:
    """Read a number within the given limits."""
    value = _raw(name, environ)
    if value is None:
        return default
    try:
        number = float(value)
    except ValueError:
        raise BadSetting(name, f"{value!r} is not a number.", example=str(default)) from None
    # `not (a <= b)` rather than `a > b`: "nan" must be refused too, and compares false to all.
    if (least is not None and not number >= least) or (most is not None and not number <= most):
        limits = f"between {least} and {most}" if most is not None else f"at least {least}"
        raise BadSetting(name, f"{value} is out of range, {limits}.", example=str(default))
    return number


def env_port(name: str, default: int, *, environ: Mapping[str, str] | None = None) -> int:
    """Read a TCP port."""
    return env_int(name, default, least=1, most=65535, environ=environ)


def env_choice(
    name: str,
    default: str,
    choices: Collection[str],
    *,
    environ: Mapping[str, str] | None = None,
) -> str:
    """Read one of a few words."""
    value = _raw(name, environ)
    if value is None:
        return default
    if value not in choices:
        known = ", ".join(sorted(choices))
        raise BadSetting(name, f"{value!r} is not one of: {known}.", example=default)
    return value


def env_list(
    name: str, default: Collection[str] = (), *, environ: Mapping[str, str] | None = None
) -> list[str]:
    """Read a comma-separated list; empty items are dropped."""
    value = _raw(name, environ)
    if value is None:
        return list(default)
    return [item.strip() for item in value.split(",") if item.strip()]


def env_url(
    name: str,
    default: str | None = None,
    *,
    schemes: Collection[str] = ("http", "https"),
    example: str = "https://api.example.com/v1",
    environ: Mapping[str, str] | None = None,
) -> str:
    """Read an address, checked for its scheme and host. A default of "" makes it optional.

    The value is never repeated in the error: database addresses carry passwords.
    """
    value = _raw(name, environ)
    if value is None:
        if default is None:
            raise BadSetting(name, "is not set, but has to be.", example=example)
        return default
    problem = _url_problem(value, schemes)
    if problem:
        raise BadSetting(name, problem, example=example)
    return value


def secret(
    name: str, default: str | None = None, *, environ: Mapping[str, str] | None = None
) -> str:
    """Read a secret from NAME, or from the file that NAME_FILE points to.

    Without a default one of the two is required; setting both is refused, since nobody could
    tell which one is in force.
    """
    value = _raw(name, environ)
    file_name = f"{name}_FILE"
    path = _raw(file_name, environ)
    if value is not None and path is not None:
        raise BadSetting(name, f"is set, and so is {file_name}; keep one of them.")
    if value is not None:
        return value
    if path is not None:
        return _read_secret(file_name, Path(path))
    if default is None:
        raise BadSetting(name, f"is not set, and neither is {file_name}; one of them has to be.")
    return default


def _raw(name: str, environ: Mapping[str, str] | None) -> str | None:
    value = (os.environ if environ is None else environ).get(name, "").strip()
    return value or None


def _url_problem(value: str, schemes: Collection[str]) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port  # reading it checks it
    except ValueError as exc:
        return f"is not an address: {exc}."
    if parts.scheme not in schemes:
        return f"has to start with {' or '.join(f'{scheme}://' for scheme in schemes)}."
    # A local socket ("unix:///run/redis.sock", "postgres:///name") has a path and no host.
    has_place = parts.hostname or (parts.scheme not in ("http", "https") and parts.path)
    if not has_place:
        return "names no host."
    if any(character.isspace() for character in value):
        return "contains a blank."
    return ""


def _read_secret(variable: str, path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise BadSetting(variable, f"{path} cannot be read: {reason}.") from None
    if len(raw) > _SECRET_FILE_BYTES:
        raise BadSetting(variable, f"{path} is too large to be a secret.")
    try:
        value = raw.decode().strip()
    except UnicodeDecodeError:
        raise BadSetting(variable, f"{path} does not hold text.") from None
    if not value:
        raise BadSetting(variable, f"{path} is empty.")
    return value


def hand_down(name: str, value: str) -> None:
    """Set a variable for processes that this one starts, unless it is set already."""
    os.environ.setdefault(name, value)


def quiet_tinker_sdk() -> None:
    """Have the Tinker SDK report nothing to its maker, and find nobody's key but the one it is
    given: what the environment holds is the operator's, and it would serve any workspace."""
    os.environ["TINKER_TELEMETRY"] = "0"
    for name in ("API_KEY", "BASE_URL", "CREDENTIAL_CMD", "PROJECT_ID", "TAGS"):
        os.environ.pop(f"TINKER_{name}", None)
