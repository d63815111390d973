"""The reviewer of an arm: approves clean proposals, or turns every one down, over REST.

The product never approves by itself, so the benchmark plays the person who would.
"""

import time
from typing import Literal

from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError

Decides = Literal["approve", "reject"]
_PAUSE = 0.25
# An approval is in every gateway process within a second; the next task must see it.
_UNTIL_LIVE = 1.5
# Nothing came for so long: nothing will.
_QUIET = 8.0


class Reviewer:
    def __init__(self, console: ConsoleApi, decides: Decides, *, patience: float) -> None:
        self._console, self._decides, self._patience = console, decides, patience
        self.decided: list[str] = []
        # Seconds from each failure until its proposal was decided, or given up.
        self.waits: list[float] = []

    def after_failure(self) -> None:
        """Decide what is there. Who approves also waits for the proposal that the failure leads
        to: it is to help with the next task. Who rejects waits for one, so that there is one."""
        started = time.monotonic()
        is_waiting = self._decides == "approve" or not self.decided
        most = self._patience if is_waiting else 0.0
        while not self._decide() and time.monotonic() < started + most:
            time.sleep(_PAUSE)
        self.waits.append(time.monotonic() - started)

    def finish(self) -> None:
        """Decide what comes in late, until nothing has for a while."""
        until = time.monotonic() + _QUIET
        while time.monotonic() < until:
            if self._decide():
                until = time.monotonic() + _QUIET
            time.sleep(_PAUSE)

    def _decide(self) -> bool:
        found = list(self._console.pages("proposals/", most=100, status="pending"))
        for row in found:
            self.decided.append(f"{row['slug']}: {self._decide_one(str(row['id']))}")
        if found and self._decides == "approve":
            time.sleep(_UNTIL_LIVE)
        return bool(found)

    def _decide_one(self, proposal: str) -> str:
        whole = self._console.get(f"proposals/{proposal}/")
        path = f"proposals/{proposal}/"
        is_clean = all(check["level"] == "ok" for check in whole["checks"])
        try:
            if self._decides == "approve" and is_clean:
                self._console.post(f"{path}approve/", {"sha256": whole["sha256"], "to": "all"})
                return "approved"
            reason = "not_needed" if self._decides == "reject" else "vague"
            self._console.post(f"{path}reject/", {"reason": reason})
        except CliError as exc:
            return f"refused ({exc})"
        return "rejected"
