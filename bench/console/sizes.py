"""How much JavaScript a page of the console takes, as it goes over the wire."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

DIST = Path(__file__).parent.parent.parent / "frontend" / "dist"
# Loads when somebody edits a text, and not before.
_EDITOR = "text-editor"

Manifest = dict[str, dict[str, object]]


def entry_kb() -> float:
    """Everything that is loaded before a page, in English: the first file and the console."""
    manifest = _manifest()
    return _gzipped(_entry(manifest), manifest)


def largest_route_kb() -> tuple[str, float]:
    """The page that takes most on top of that, and how much; the editor counts for none."""
    manifest = _manifest()
    entry = _entry(manifest)
    found = {
        name: _gzipped(set(_static(name, manifest)) - entry, manifest)
        for name, chunk in manifest.items()
        if chunk.get("isDynamicEntry") and not _is_text(name) and _EDITOR not in name
    }
    name = max(found, key=lambda one: found[one])
    return Path(name).stem, found[name]


def _manifest() -> Manifest:
    found: Manifest = json.loads((DIST / "manifest.json").read_text())
    return found


def _entry(manifest: Manifest) -> set[str]:
    first = next(name for name, chunk in manifest.items() if chunk.get("isEntry"))
    start = next(name for name in manifest if name.endswith("app/start.tsx"))
    return {one for name in (first, start) for one in _static(name, manifest)}


def _static(name: str, manifest: Manifest) -> Iterator[str]:
    """A chunk and what it imports at once."""
    seen: list[str] = []
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.append(one)
        imports = manifest[one].get("imports", [])
        assert isinstance(imports, list)
        waiting.extend(imports)
    yield from seen


def _gzipped(names: set[str], manifest: Manifest) -> float:
    files = {str(manifest[name]["file"]) for name in names}
    return (
        sum(
            len(gzip.compress((DIST / file).read_bytes(), 6))
            for file in files
            if file.endswith(".js")
        )
        / 1000
    )


def _is_text(name: str) -> bool:
    return name.endswith(".po")
