"""Finds a Chromium for the browser tests, and installs one when there is none."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.steps import step

VARIABLE = "METACLAW_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_INSTALL_SECONDS = 900


def find_or_install() -> Path:
    """The path of a browser: METACLAW_CHROMIUM, one of the system, or a newly installed one."""
    found = find()
    if found is not None:
        return found
    if _is_root_on_debian():
        with step("Chromium (apt-get install)", to_stderr=True):
            _install_debian_package()
        found = find()
        if found is not None:
            return found
    with step("Chromium (playwright install)", to_stderr=True):
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    return _playwright_path()


def find() -> Path | None:
    chosen = os.environ.get(VARIABLE, "")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise StackError(f"{VARIABLE}: {chosen} is not a program.")
        return Path(chosen)
    candidates = [shutil.which(name) for name in _NAMES] + list(_APPS)
    usable = (Path(path) for path in candidates if path and os.access(path, os.X_OK))
    return next(usable, None)


def _is_root_on_debian() -> bool:
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        return False
    try:
        # Not Ubuntu: its package of that name needs snapd, which containers do not run.
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def _install_debian_package() -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "-q", "update"], env=env)
    _run(["apt-get", "-qy", "install", "--no-install-recommends", "chromium"], env=env)


def _playwright_path() -> Path:
    code = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    return Path(_run([sys.executable, "-c", code]).strip())


def _run(command: list[str], *, env: dict[str, str] | None = None) -> str:
    try:
        result = subprocess.run(
            command,
            check=False,
            env=env,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise StackError(f"`{' '.join(command[:3])}` took too long.") from None
    if result.returncode != 0:
        raise StackError(
            "No Chromium was found, and none could be installed.",
            details=result.stdout[-2000:],
            advice=f"Install Chromium or Chrome, or set {VARIABLE} to its path.",
        )
    return result.stdout
