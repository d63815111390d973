"""The first workspace: made once, its keys kept in `var/first-run.json` and shown once."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from apps.core.files import write_private
from metaclaw_web.stack import disk
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.options import Options
from metaclaw_web.stack.paths import ROOT, Paths

_KEPT = ("email", "password", "tenant", "api_key", "admin_key")
_MINUTES = 15


def manage(paths: Paths, env: Mapping[str, str], *arguments: str) -> str:
    """Run a management command to its end and return what it printed on stdout."""
    try:
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            timeout=_MINUTES * 60,
        )
    except subprocess.TimeoutExpired:
        raise StackError(f"`{arguments[0]}` took more than {_MINUTES} minutes.") from None
    if result.returncode == 0:
        return result.stdout
    output = (result.stdout + result.stderr).strip()
    if disk.says_full(output):
        raise disk.full("the database")
    wrong_setting = re.match(r"metaclaw: (.+)", output, re.DOTALL)
    if wrong_setting:
        raise StackError(wrong_setting[1])
    log = paths.logs / f"{arguments[0]}.log"
    write_private(log, output + "\n")
    # Only what went wrong; where in the code it did is for the log.
    raise StackError(
        f"`manage.py {arguments[0]}` failed.",
        details="\n".join(output.splitlines()[-1:]),
        advice=f"All of its output is in {log}.",
    )


def ensure(options: Options, paths: Paths, env: Mapping[str, str]) -> dict[str, Any] | None:
    """Make the first workspace if there is none; its keys are returned on that start only.

    The command writes them down before they are in effect: a start that is killed loses none.
    """
    made = _parse(manage(paths, env, "first_run", "--keep", str(paths.first_run)))
    kept = read(paths)
    if made["created"]:
        kept = {name: made[name] for name in _KEPT}
    if kept is not None:
        _keep(options, paths, kept)
    return kept if made["created"] else None


def reset(options: Options, paths: Paths, env: Mapping[str, str]) -> dict[str, Any]:
    """A new password for the owner and new keys, for when the old ones are lost."""
    manage(paths, env, "reset_access", "--keep", str(paths.first_run))
    kept = read(paths)
    if kept is None:
        raise StackError("`manage.py reset_access` did not say what it made.")
    _keep(options, paths, kept)
    return kept


def _keep(options: Options, paths: Paths, kept: Mapping[str, Any]) -> None:
    addresses = {"console_url": options.console_url, "gateway_url": options.gateway_url}
    write_private(paths.first_run, json.dumps({**addresses, **kept}, indent=2) + "\n")


def read(paths: Paths) -> dict[str, Any] | None:
    """What an earlier start kept, without the addresses, which may have changed."""
    try:
        kept = json.loads(paths.first_run.read_text())
        return {name: kept[name] for name in _KEPT}
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _parse(output: str) -> dict[str, Any]:
    try:
        made = json.loads(output.strip().splitlines()[-1])
        if made["created"]:
            _ = [made[name] for name in _KEPT]
    except (ValueError, IndexError, KeyError, TypeError):
        raise StackError(
            "`manage.py first_run` did not say what it made.", details=output[-1000:]
        ) from None
    return dict(made)
