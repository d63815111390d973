"""Where the stack is and with which keys to talk to it."""

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from metaclaw_web.cli.errors import CliError

_START_HINT = "Start the stack with `make run`, or name its file with --first-run FILE."


@dataclass(frozen=True, slots=True)
class Connection:
    console_url: str = ""
    gateway_url: str = ""
    tenant: str = ""
    api_key: str = ""
    admin_key: str = ""
    email: str = ""
    password: str = ""

    def need(self, name: str, variable: str) -> str:
        """The value of a field; raises CliError that names the variable when it is empty."""
        value = getattr(self, name)
        if not value:
            raise CliError(f"The {name.replace('_', ' ')} is not known.", f"Set {variable}.")
        return str(value)


@dataclass(frozen=True, slots=True)
class ConnectionSource:
    """The options and environment variables of this call, not yet read."""

    first_run: Path
    is_file_named: bool
    overrides: Connection

    def load(self) -> Connection:
        """File first, then what this call says. Without a file, the call must say enough."""
        given = {
            field.name: value
            for field in fields(Connection)
            if (value := getattr(self.overrides, field.name))
        }
        if not self.first_run.is_file() and not self.is_file_named and given:
            stored = Connection(tenant="main")
        else:
            stored = _read(self.first_run)
        connection = replace(stored, **given)
        return replace(
            connection,
            console_url=connection.console_url.rstrip("/"),
            gateway_url=connection.gateway_url.rstrip("/"),
        )


def _read(path: Path) -> Connection:
    try:
        values: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise CliError(
            f"{path} does not exist: no stack has been started here.", _START_HINT
        ) from exc
    except OSError as exc:
        raise CliError(f"{path} cannot be read: {exc.strerror}.") from exc
    except ValueError as exc:
        raise CliError(
            f"{path} is not valid JSON.", "Delete it and start the stack again."
        ) from exc
    if not isinstance(values, dict):
        raise CliError(f"{path} does not hold a JSON object.")
    known = {field.name for field in fields(Connection)}
    return Connection(**{name: str(value) for name, value in values.items() if name in known})
