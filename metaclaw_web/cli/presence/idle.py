"""How long keyboard and mouse were not touched, as far as the platform says."""

import ctypes
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

Run = Callable[[list[str]], str]
# Seconds since the last touch. Raises CannotTell.
Idle = Callable[[], float]

_SECONDS = 5
_HID_IDLE = re.compile(r'"HIDIdleTime"\s*=\s*(\d+)')


class CannotTell(Exception):
    """The platform does not say, or not any more."""


def run(command: list[str]) -> str:
    """What a program of the platform prints."""
    try:
        done = subprocess.run(  # noqa: S603  # names below, no input of anybody
            command, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as exc:
        raise CannotTell(f"{command[0]} does not answer") from exc
    return done.stdout


def idle_of_platform(platform: str = sys.platform, run: Run = run) -> Idle | None:
    """The first way of this platform that works here; None if none does."""
    ways: list[Idle]
    if platform == "darwin":
        ways = [lambda: of_ioreg(run(["ioreg", "-c", "IOHIDSystem", "-d", "4"]))]
    elif platform == "win32":
        ways = [_of_windows]
    else:
        ways = [partial(way, run) for way in (_of_x, _of_gnome, _of_logind)]
    for way in ways:
        try:
            way()
        except CannotTell:
            continue
        return way
    return None


def of_ioreg(text: str) -> float:
    """macOS: the registry's own count, in nanoseconds."""
    found = _HID_IDLE.search(text)
    if not found:
        raise CannotTell("ioreg knows no HIDIdleTime")
    return int(found[1]) / 1e9


def _of_x(run: Run) -> float:
    """X11: needs the small program xprintidle. It sees nothing of Wayland's windows."""
    is_x = os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY")
    if not is_x:
        raise CannotTell("no X display")
    return _number(run(["xprintidle"])) / 1000


def _of_gnome(run: Run) -> float:
    """GNOME on Wayland: its compositor's monitor, in milliseconds."""
    name, path = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"
    answer = run(
        ["gdbus", "call", "--session", "-d", name, "-o", path, "-m", f"{name}.GetIdletime"]
    )
    return _number(answer.replace("uint64", "")) / 1000


def _of_logind(run: Run) -> float:
    """Any desktop that tells logind. It says so minutes late, and never if it does not tell."""
    session = os.environ.get("XDG_SESSION_ID")
    if not session:
        raise CannotTell("no login session")
    text = run(["loginctl", "show-session", session, "-p", "IdleHint", "-p", "IdleSinceHint"])
    known = dict(line.partition("=")[::2] for line in text.splitlines())
    if known.get("IdleHint") not in ("yes", "no"):
        raise CannotTell("logind knows no hint")
    if known["IdleHint"] == "no":
        return 0.0
    return max(0.0, time.time() - _number(known.get("IdleSinceHint", "")) / 1e6)


def _of_windows() -> float:
    """Windows: the tick of the last input, in milliseconds since the start."""

    class LastInput(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint), ("tick", ctypes.c_uint)]

    dlls = getattr(ctypes, "windll", None)
    last = LastInput(ctypes.sizeof(LastInput), 0)
    if dlls is None or not dlls.user32.GetLastInputInfo(ctypes.byref(last)):
        raise CannotTell("Windows does not say")
    # Ticks are 32 bits wide and begin again after 49 days.
    return float((dlls.kernel32.GetTickCount() - last.tick) & 0xFFFFFFFF) / 1000


def _number(text: str) -> float:
    found = re.search(r"\d+", text)
    if not found:
        raise CannotTell("no number")
    return float(found[0])
