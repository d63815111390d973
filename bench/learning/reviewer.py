"""The reviewer of an arm: leaves clean proposals to the workspace's policy, which approves them,
and turns down those with a remark of the checks; or turns every one down. Over REST.
"""

import time
from typing import Literal

from metaclaw_web.cli.console_api import ConsoleApi, Json
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
        self._seen: set[str] = set()
        # Seconds from each failure until its proposal was decided, or given up.
        self.waits: list[float] = []

    def after_failure(self) -> None:
        """Decide what is there. Where the policy approves, also wait for the proposal that the
        failure leads to: it is to help with the next task. Who rejects waits for one, so that
        there is one."""
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
        """Whether anything was decided since the last look, by the policy or here."""
        decided = [self._reject(row) for row in self._rows("pending") if self._is_mine(row)]
        approved = [row for row in self._rows("approved") if row["id"] not in self._seen]
        self._seen |= {str(row["id"]) for row in approved}
        decided += [f"{row['slug']}: approved" for row in approved]
        self.decided += decided
        if approved:
            time.sleep(_UNTIL_LIVE)
        return bool(decided)

    def _rows(self, status: str) -> list[Json]:
        return list(self._console.pages("proposals/", most=100, status=status))

    def _is_mine(self, row: Json) -> bool:
        """What the policy would approve is left to it."""
        if self._decides == "reject":
            return True
        checks = self._console.get(f"proposals/{row['id']}/")["checks"]
        return any(check["level"] != "ok" for check in checks)

    def _reject(self, row: Json) -> str:
        reason = "not_needed" if self._decides == "reject" else "vague"
        try:
            self._console.post(f"proposals/{row['id']}/reject/", {"reason": reason})
        except CliError as exc:
            return f"{row['slug']}: refused ({exc})"
        return f"{row['slug']}: rejected"
