"""Packs: skills with a manifest, ``pack.json``, that says what is in them.

The hash of a skill is that of its canonical text, which is what an exported file holds:
``sha256sum`` says the same. Line endings that a checkout changed do not matter.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.core.said import Said, say, together
from apps.skills import archive
from apps.skills.archive import Entry, in_file
from apps.skills.archive_writing import Layout, place_of, zip_of
from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import SkillDoc

MANIFEST: Final = "pack.json"
MAX_MANIFEST: Final = 256 * 1024
_MAX_DIFFERENCES = 20

_Name = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
_Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Listed(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    path: str = Field(max_length=255)
    name: _Name
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What ``pack.json`` says. ``requires``: packs that must be installed already."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: Literal[1] = 1
    name: _Name
    version: Annotated[_Line, Field(min_length=1, max_length=40)]
    licence: Annotated[_Line, Field(max_length=100)] = ""
    author: Annotated[_Line, Field(max_length=200)] = ""
    requires: tuple[_Name, ...] = Field(default=(), max_length=20)
    skills: tuple[_Listed, ...] = Field(max_length=archive.MAX_FILES)

    @property
    def text(self) -> str:
        return json.dumps(self.model_dump(), indent=2, ensure_ascii=False) + "\n"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Pack:
    """A manifest and the skills that it lists, verified."""

    manifest: Manifest
    docs: tuple[SkillDoc, ...]


def pack_of(
    docs: Sequence[SkillDoc],
    *,
    name: str,
    version: str,
    licence: str = "",
    author: str = "",
    requires: Sequence[str] = (),
    layout: Layout = "category",
) -> Pack:
    """A pack of these skills. Raises SkillInvalid."""
    ordered = sorted(docs, key=lambda doc: (doc.category, doc.slug))
    listed = [
        {"path": place_of(doc, layout), "name": doc.slug, "sha256": doc.sha256} for doc in ordered
    ]
    values = {
        "name": name,
        "version": version,
        "licence": licence,
        "author": author,
        "requires": tuple(requires),
        "skills": listed,
    }
    return Pack(_manifest(json.dumps(values).encode()), tuple(ordered))


def write_pack(pack: Pack) -> bytes:
    """The pack as a zip; the same pack gives the same bytes."""
    docs = {doc.slug: doc for doc in pack.docs}
    texts = {one.path: docs[one.name].text for one in pack.manifest.skills}
    return zip_of({MANIFEST: pack.manifest.text} | texts)


def read_pack(blob: bytes) -> Pack | None:
    """The pack in an uploaded zip, verified; None if it has no manifest.

    Raises SkillInvalid, which lists what differs from the manifest.
    """
    found = _find_manifest(blob)
    if found is None:
        return None
    folder, content = found
    return _verified(_manifest(content), archive.read_zip(blob), folder)


def read_pack_directory(path: Path) -> Pack:
    """The same for a folder on disk."""
    return _verified(
        _manifest((path / MANIFEST).read_bytes()),
        archive.read_directory(path),
        PurePosixPath(),
    )


def _find_manifest(blob: bytes) -> tuple[PurePosixPath, bytes] | None:
    """The outermost ``pack.json``: archives often put everything into one folder."""
    if not blob.startswith(b"PK") or len(blob) > archive.MAX_ARCHIVE:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as packed:
            names = [info for info in packed.infolist() if _is_manifest(info.filename)]
            if not names:
                return None
            outermost = min(names, key=lambda info: len(PurePosixPath(info.filename).parts))
            with packed.open(outermost) as handle:
                content = handle.read(MAX_MANIFEST + 1)
            return PurePosixPath(outermost.filename).parent, content
    except archive.BROKEN_ZIP:
        # Reading the skills says what is wrong with it.
        return None


def _is_manifest(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name == MANIFEST and len(path.parts) <= 2 and not name.startswith((".", "__"))


def _manifest(content: bytes) -> Manifest:
    if len(content) > MAX_MANIFEST:
        large = say(
            "pack_manifest_large", "It is larger than {limit} KB.", limit=MAX_MANIFEST // 1024
        )
        raise _refused([in_file(MANIFEST, large)])
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as exc:
        places = [".".join(map(str, one["loc"])) for one in exc.errors()]
        wrong = [
            say("pack_manifest_value", "{name} is not valid.", name=place)
            if place
            else say("pack_manifest_broken", "It is not valid.")
            for place in places
        ]
        raise _refused([in_file(MANIFEST, one) for one in wrong]) from exc


def _verified(manifest: Manifest, entries: Sequence[Entry], folder: PurePosixPath) -> Pack:
    found = {PurePosixPath(name): doc for name, doc in entries}
    listed = {folder / one.path: one for one in manifest.skills}
    missing = say("pack_not_there", "It is listed, but not there.")
    differences = [in_file(str(path), missing) for path in listed if path not in found]
    for path, doc in found.items():
        one = listed.get(path)
        if one is None:
            differs = say("pack_not_listed", "It is there, but not listed.")
        elif one.name != doc.slug:
            english = "It is listed as {listed}, but its name is {name}."
            differs = say("pack_other_name", english, listed=one.name, name=doc.slug)
        elif one.sha256 != doc.sha256:
            differs = say("pack_other_text", "Its text is not the one that is listed.")
        else:
            continue
        differences.append(in_file(str(path), differs))
    if differences:
        raise _refused(differences)
    return Pack(manifest, tuple(found[path] for path in listed))


def _refused(what: list[Said]) -> SkillInvalid:
    shown = list(dict.fromkeys(what))
    return SkillInvalid(
        together(say("pack_refused", "This pack is refused:"), shown[0]),
        fields={"pack": [*shown[:_MAX_DIFFERENCES]]},
    )
