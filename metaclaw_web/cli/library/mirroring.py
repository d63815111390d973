"""The live library as files in a folder. Only files that the mirror wrote are ever touched."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.skill_files import replace_file, unpacked

MANIFEST = ".metaclaw-mirror.json"

Say = Callable[[str], None]


class Mirror:
    """Keeps ``folder`` at the library's latest generation. ``target`` names the workspace."""

    def __init__(self, folder: Path, console: ConsoleApi, *, target: str, say: Say) -> None:
        self._folder = folder
        self._console = console
        self._target = target
        self._say = say
        # A restart compares everything once: files may have gone meanwhile.
        self._generation: int | None = None
        self._written = self._load()
        self._left: set[str] = set()

    def look(self) -> bool:
        """Follow the library if it moved; whether anything was written or removed."""
        # Asked before the texts: what changes in between is found by the next look.
        rows = list(self._console.pages("library/generations/", most=1))
        generation = rows[0]["number"] if rows else 0
        if generation == self._generation:
            return False
        wanted = _by_folder(unpacked(self._console.download("skills/export/", layout="skills")))
        try:
            changed = self._write(wanted) + self._remove(wanted)
        except OSError as exc:
            raise CliError(f"{self._folder} cannot be written: {exc.strerror}.") from exc
        self._generation = generation
        if changed:
            self._say(f"generation {generation}: {len(wanted)} skills, {changed} files changed")
        return changed > 0

    def _write(self, wanted: dict[str, bytes]) -> int:
        changed = 0
        for name, content in sorted(wanted.items()):
            path = self._folder / name
            present = _present(path)
            if not self._is_ours(name, path, present):
                continue
            sha256 = _sha256(content)
            if present != content:
                # Noted first: killed in between, the file is still known as ours.
                self._note(name, sha256, also=present)
                replace_file(path, content)
                changed += 1
            self._note(name, sha256)
        return changed

    def _remove(self, wanted: dict[str, bytes]) -> int:
        changed = 0
        for name in sorted(set(self._written) - set(wanted)):
            path = self._folder / name
            if self._is_ours(name, path, _present(path)):
                path.unlink(missing_ok=True)
                with suppress(OSError):  # something else lies in it
                    path.parent.rmdir()
                changed += 1
                del self._written[name]
                self._save()
        return changed

    def _is_ours(self, name: str, path: Path, present: bytes | None) -> bool:
        """Nothing is there, or exactly what the mirror wrote; else the file is left alone."""
        if path.is_symlink() or path.parent.is_symlink():
            is_ours = False
        else:
            is_gone = present is None and not path.exists()
            known = self._written.get(name, [])
            is_ours = is_gone or (present is not None and _sha256(present) in known)
        if not is_ours and name not in self._left:
            self._left.add(name)
            self._say(f"{name} was not written by the mirror, or changed since: left as it is")
        if is_ours:
            self._left.discard(name)
        return is_ours

    def _note(self, name: str, sha256: str, *, also: bytes | None = None) -> None:
        known = [sha256] if also is None else [sha256, _sha256(also)]
        if self._written.get(name) != known:
            self._written[name] = known
            self._save()

    def _load(self) -> dict[str, list[str]]:
        path = self._folder / MANIFEST
        try:
            state: Any = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as exc:
            raise CliError(f"{path} cannot be read.", "Mirror into an empty folder.") from exc
        if not isinstance(state, dict) or not isinstance(state.get("files"), dict):
            raise CliError(f"{path} is not a mirror's list.", "Mirror into an empty folder.")
        if state.get("of") != self._target:
            raise CliError(
                f"{self._folder} mirrors {state.get('of')}.", "Choose another folder for this one."
            )
        return {str(name): list(map(str, known)) for name, known in state["files"].items()}

    def _save(self) -> None:
        state = {"of": self._target, "files": self._written}
        replace_file(self._folder / MANIFEST, json.dumps(state, indent=1, sort_keys=True).encode())


def _by_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix("skills/"): content for name, content in files.items()}


def _present(path: Path) -> bytes | None:
    if path.is_symlink() or not path.is_file():
        return None
    return path.read_bytes()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
