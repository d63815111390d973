"""Node and npm for building the console: the ones on PATH, or a Python wheel that brings them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.paths import ROOT

FRONTEND = ROOT / "frontend"
# What the tools of frontend/package.json ask for.
_LEAST_NODE = (22, 19)
_LEAST_NPM = 10


def run_npm(arguments: Sequence[str], *, quiet: bool = False) -> None:
    """Run npm in `frontend/`; with `quiet`, its output appears only when it fails."""
    env = environment()
    if quiet or not sys.stdout.isatty():
        env = {**env, "NO_COLOR": "1", "FORCE_COLOR": "0"}
    npm = shutil.which("npm", path=env["PATH"]) or "npm"
    result = subprocess.run(
        [npm, *arguments],
        check=False,
        cwd=FRONTEND,
        env=env,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL if quiet else None,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
    )
    if result.returncode != 0:
        lines = (result.stdout or "").strip().splitlines()[-30:]
        raise StackError(f"`npm {' '.join(arguments)}` failed.", details="\n".join(lines))


@cache
def environment() -> dict[str, str]:
    """An environment whose PATH finds a Node that can build the console."""
    env = dict(os.environ)
    # npm must neither ask nor phone home, and its output ends up in logs.
    env |= {"NPM_CONFIG_FUND": "false", "NPM_CONFIG_AUDIT": "false", "CI": "true"}
    env |= {"NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_PROGRESS": "false"}
    if is_usable(env):
        return env
    bootstrap = Path(__file__).with_name("bootstrap.py")
    if subprocess.run([sys.executable, "-I", str(bootstrap), "node"], check=False).returncode != 0:
        raise StackError("Node is missing or too old, and the packaged one could not be installed.")
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    if not is_usable(env):
        raise StackError(
            "The packaged Node does not run on this machine.",
            advice="Install Node 22.19 or newer.",
        )
    return env


def is_usable(env: dict[str, str]) -> bool:
    node = _version("node", env)
    npm = _version("npm", env)
    if node is None or npm is None:
        return False
    return node >= _LEAST_NODE and npm[0] >= _LEAST_NPM


def _version(program: str, env: dict[str, str]) -> tuple[int, int] | None:
    path = shutil.which(program, path=env.get("PATH"))
    if path is None:
        return None
    try:
        # npm is a script for node: with the wrong one first on PATH it fails here.
        output = subprocess.run(
            [path, "--version"], check=False, capture_output=True, text=True, env=env, timeout=60
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"v?(\d+)\.(\d+)", output.strip())
    return (int(found[1]), int(found[2])) if found else None
