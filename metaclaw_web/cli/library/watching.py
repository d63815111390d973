"""SKILL.md files that other tools drop into a folder become proposals, each text once."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError, Refused
from metaclaw_web.cli.skill_files import MAX_FILE_BYTES, read_plain, replace_file

STATE_FILE = ".metaclaw-watch.json"
# A text that waits for the decision on another one is offered again after so many looks.
_WAITING_LOOKS = 15
_MAX_FILES = 2_000
# Of these answers the file is the cause: it is not sent again until it changes.
_FILE_IS_TO_BLAME = (400, 413, 422)

Say = Callable[[str], None]
# What is known of a file without reading it: it is finished when two looks find the same.
Look = tuple[int, int, int]


@dataclass(slots=True)
class Seen:
    """The last text of a file that was dealt with, and what came of it."""

    sha256: str
    outcome: str
    looks_left: int = 0


class Watch:
    """Looks at a folder again and again. ``target`` names the workspace: each has its own state.

    The state lies in the folder, so that a restart proposes nothing twice.
    """

    def __init__(self, folder: Path, console: ConsoleApi, *, target: str, say: Say) -> None:
        self._folder = folder
        self._console = console
        self._target = target
        self._say = say
        self._last: dict[str, Look] = {}
        self._told = ""
        self._seen = self._load()

    def look(self) -> int:
        """One look at the folder; how many files are not finished or could not be sent."""
        unfinished = 0
        found: dict[str, Look] = {}
        for path in _skill_files(self._folder):
            name = path.relative_to(self._folder).as_posix()
            look = _look_at(path)
            if look is None:
                continue
            found[name] = look
            if self._last.get(name) != look or not self._deal_with(name, path, look):
                unfinished += 1
        self._last = found
        return unfinished

    def _deal_with(self, name: str, path: Path, look: Look) -> bool:
        """Propose the text if it is a new one; False if that has to be tried again."""
        try:
            blob = read_plain(path)
        except CliError as exc:
            # A link, or too large: its size and time stand for its text.
            return self._settle(name, f"{look}", "invalid", exc.message)
        if _look_at(path) != look:
            return False
        sha256 = hashlib.sha256(blob).hexdigest()
        seen = self._seen.get(name)
        if seen is not None and seen.sha256 == sha256:
            if seen.outcome != "waiting":
                return True
            seen.looks_left -= 1
            if seen.looks_left > 0:
                return True
        return self._propose(name, sha256, blob)

    def _propose(self, name: str, sha256: str, blob: bytes) -> bool:
        author = f"{self._folder.resolve().name}/{name}".removesuffix("/SKILL.md")[-80:]
        try:
            answer = self._console.upload("proposals/import/", Path(name).name, blob, name=author)
        except Refused as exc:
            if exc.status in _FILE_IS_TO_BLAME:
                return self._settle(name, sha256, "invalid", exc.message)
            self._complain(exc.message)
            return False
        except CliError as exc:
            self._complain(exc.message)
            return False
        self._told = ""
        (text,) = answer["texts"]
        return self._settle(name, sha256, text["outcome"], f"the skill {text['slug']}")

    def _settle(self, name: str, sha256: str, outcome: str, about: str) -> bool:
        before = self._seen.get(name)
        is_news = before is None or (before.sha256, before.outcome) != (sha256, outcome)
        self._seen[name] = Seen(sha256, outcome, _WAITING_LOOKS if outcome == "waiting" else 0)
        if is_news:
            self._save()
            self._say(f"{name}: {outcome}, {about}")
        return True

    def _complain(self, message: str) -> None:
        """What stands in the way of everything is said once, not for every file and look."""
        if message != self._told:
            self._told = message
            self._say(message)

    def _load(self) -> dict[str, Seen]:
        known = self._read().get(self._target)
        if not isinstance(known, dict):
            return {}
        return {
            str(name): Seen(str(one[0]), str(one[1]))
            for name, one in known.items()
            if isinstance(one, list) and len(one) == 2
        }

    def _save(self) -> None:
        # Others may watch this folder for another workspace.
        everything = self._read()
        everything[self._target] = {
            name: [seen.sha256, seen.outcome] for name, seen in sorted(self._seen.items())
        }
        content = json.dumps(everything, indent=1, ensure_ascii=False).encode()
        try:
            replace_file(self._folder / STATE_FILE, content)
        except OSError as exc:
            raise CliError(
                f"{self._folder / STATE_FILE} cannot be written: {exc.strerror}.",
                "What was proposed is remembered there.",
            ) from exc

    def _read(self) -> dict[str, Any]:
        path = self._folder / STATE_FILE
        try:
            state: Any = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as exc:
            raise CliError(f"{path} cannot be read.", "Delete it to begin anew.") from exc
        return state if isinstance(state, dict) else {}


def _skill_files(folder: Path) -> Iterator[Path]:
    """Every SKILL.md below, in order; hidden folders are passed by, linked ones not entered."""
    found = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(files):
            if name.lower() == "skill.md":
                found += 1
                if found > _MAX_FILES:
                    raise CliError(f"{folder} holds more than {_MAX_FILES} skills.")
                yield Path(place, name)


def _look_at(path: Path) -> Look | None:
    """Size, time and number of the file itself; None if it went meanwhile."""
    try:
        status = path.lstat()
    except OSError:
        return None
    # Beyond the limit growing on changes nothing.
    return min(status.st_size, MAX_FILE_BYTES + 1), status.st_mtime_ns, status.st_ino
