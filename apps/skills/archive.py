"""Skills out of zip archives and directories; ``archive_writing`` puts them in.

Reading is all or nothing: one bad entry, and nothing is returned. Sizes in headers are never
believed; bytes are counted as they are read.
"""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from apps.core.said import Said, say, together
from apps.skills import skillmd
from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import SkillDoc

Entry = tuple[str, SkillDoc]

MAX_FILES: Final = 200
MAX_ENTRIES: Final = 1_000
# With what is passed by: a working tree brings its `.git` along.
MAX_LISTED: Final = 20_000
MAX_TOTAL: Final = 4 * 1024 * 1024
MAX_ARCHIVE: Final = 8 * 1024 * 1024
MAX_NAME: Final = 255
MAX_RATIO: Final = 100
# Below this size a high ratio is what ordinary repetitive text gives.
_RATIO_FLOOR = 16 * 1024
_CHUNK = 8 * 1024
_MAX_COMPLAINTS = 20

_SKILL_FILE = "skill.md"
_NOT_SKILLS = frozenset({"readme.md", "license.md", "changelog.md", "contributing.md"})
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".jar", ".whl", ".zst")
_ZIP_MAGIC = b"PK"
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,  # a compression method or zip version Python does not know
    RuntimeError,  # an encrypted entry
    ValueError,
    OSError,
)


def read_upload(name: str, blob: bytes, *, is_foreign: bool = False) -> list[Entry]:
    """An uploaded file: a zip archive, or one SKILL.md. ``is_foreign`` as for skillmd.parse."""
    if blob.startswith(_ZIP_MAGIC):
        return read_zip(blob, is_foreign=is_foreign)
    return _parse_all([(name, blob)], is_foreign=is_foreign)


def read_zip(blob: bytes, *, is_foreign: bool = False) -> list[Entry]:
    """(entry name, document) of every skill in a zip; a SkillInvalid names entry and field."""
    if len(blob) > MAX_ARCHIVE:
        raise too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            return _parse_all(_read_entries(archive), is_foreign=is_foreign)
    except SkillInvalid:
        raise
    except BROKEN_ZIP as exc:
        raise _invalid(say("archive_broken", "The file is not a readable zip archive.")) from exc


def read_directory(path: Path) -> list[Entry]:
    """The same for a directory on disk, or for a single Markdown file."""
    if path.is_file():
        return _parse_all([(path.name, _read_file(path, path.name))])
    if not path.is_dir():
        neither = say("neither_file", "{name} is neither a directory nor a file.", name=path.name)
        raise _invalid(neither)
    names = {found.relative_to(path).as_posix(): found for found in _walk(path)}
    wanted = _select(names)
    _refuse_crowd(len(wanted))
    return _parse_all((name, _read_file(names[name], name)) for name in wanted)


def _read_entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    everything = archive.infolist()
    if len(everything) > MAX_LISTED:
        raise _crowded(MAX_LISTED)
    for info in everything:
        # The name as stored: `filename` is already cut at a NUL, which would hide the rest.
        _refuse_unsafe_name(info.orig_filename)
    infos = [info for info in everything if not _is_hidden(info.orig_filename)]
    if len(infos) > MAX_ENTRIES:
        raise _crowded(MAX_ENTRIES)
    files: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        _refuse_unsafe_entry(info)
        if info.filename in files:
            raise _entry_invalid(info.filename, say("entry_twice", "The archive has it twice."))
        if not info.is_dir():
            files[info.filename] = info
    _refuse_crowd(len(files))
    total = 0
    for name in _select(files):
        blob = _read_entry(archive, files[name])
        total += len(blob)
        if total > MAX_TOTAL:
            english = "The archive holds more than {limit} MB."
            raise _invalid(say("archive_holds", english, limit=MAX_TOTAL // 1024**2))
        yield name, blob


def _is_hidden(name: str) -> bool:
    """Of a tool that works in the folder (``.git``, ``__MACOSX``): never looked into."""
    return any(part.startswith((".", "__")) for part in name.split("/"))


def _refuse_unsafe_entry(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _link(name)
    if info.flag_bits & 0x1:
        raise _entry_invalid(name, say("entry_encrypted", "It is encrypted."))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        wrong = say("entry_compression", "Its compression method is not allowed.")
        raise _entry_invalid(name, wrong)
    if name.lower().endswith(_ARCHIVES):
        wrong = say("entry_archive", "An archive inside the archive is not allowed.")
        raise _entry_invalid(name, wrong)


def _refuse_unsafe_name(name: str) -> None:
    if len(name) > MAX_NAME:
        raise _entry_invalid(name[:64] + "…", say("entry_name_long", "Its name is too long."))
    if not name.isprintable() or "\\" in name or ":" in name:
        wrong = say("entry_name", "Its name has characters that are not allowed.")
        raise _entry_invalid(ascii(name), wrong)
    parts = name.removesuffix("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise _entry_invalid(name, say("entry_outside", "Its name leaves the archive."))


def _read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """At most one file's worth of bytes, counted while they are unpacked."""
    blob = bytearray()
    with archive.open(info) as handle:
        while chunk := handle.read(_CHUNK):
            blob += chunk
            if len(blob) > skillmd.MAX_BYTES:
                raise _entry_large(info.filename)
            if len(blob) > max(_RATIO_FLOOR, MAX_RATIO * info.compress_size):
                wrong = say("entry_ratio", "It is compressed suspiciously well.")
                raise _entry_invalid(info.filename, wrong)
    return bytes(blob)


def _select(names: Iterable[str]) -> list[str]:
    """Entries that are skills: every SKILL.md, and Markdown files outside of a skill's folder."""
    paths = [(PurePosixPath(name), name) for name in sorted(names)]
    markdown = [(path, name) for path, name in paths if _is_candidate(path)]
    folders = {path.parent for path, _ in markdown if path.name.lower() == _SKILL_FILE}
    return [
        name
        for path, name in markdown
        if path.name.lower() == _SKILL_FILE or folders.isdisjoint(path.parents)
    ]


def _is_candidate(path: PurePosixPath) -> bool:
    is_hidden = any(part.startswith((".", "__")) for part in path.parts)
    name = path.name.lower()
    return name.endswith(".md") and name not in _NOT_SKILLS and not is_hidden


def _walk(root: Path) -> Iterator[Path]:
    """Files below ``root``, links refused, hidden and compiled folders left out."""
    seen = 0
    pending = [root]
    while pending:
        for found in sorted(pending.pop().iterdir()):
            seen += 1
            if seen > MAX_ENTRIES:
                raise _crowded(MAX_ENTRIES)
            if found.is_symlink():
                raise _link(found.name)
            if found.name.startswith((".", "__")):
                continue
            if found.is_dir():
                pending.append(found)
            elif found.is_file():
                yield found


def _read_file(path: Path, name: str) -> bytes:
    try:
        # Not following links here too: the file may have been swapped after the walk.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as exc:
        raise _entry_invalid(name, say("entry_unreadable", "It cannot be read.")) from exc
    with os.fdopen(descriptor, "rb") as handle:
        blob = handle.read(skillmd.MAX_BYTES + 1)
    if len(blob) > skillmd.MAX_BYTES:
        raise _entry_large(name)
    return blob


def _parse_all(entries: Iterable[tuple[str, bytes]], *, is_foreign: bool = False) -> list[Entry]:
    """Every entry parsed, or one SkillInvalid that lists all complaints by field."""
    docs: list[Entry] = []
    complaints: dict[str, list[str]] = {}
    places: dict[str, str] = {}
    for name, blob in entries:
        try:
            doc = skillmd.parse_bytes(blob, is_foreign=is_foreign)
        except SkillInvalid as exc:
            for field, messages in exc.fields.items():
                complaints.setdefault(field, []).extend(in_file(name, one) for one in messages)
            continue
        if doc.slug in places:
            english = "'{slug}' is already the name of {named}."
            twice = say("slug_twice", english, slug=doc.slug, named=places[doc.slug])
            complaints.setdefault("name", []).append(in_file(name, twice))
        places.setdefault(doc.slug, name)
        docs.append((name, doc))
    if complaints:
        first = next(iter(complaints.values()))[0]
        raise SkillInvalid(
            first, fields={field: found[:_MAX_COMPLAINTS] for field, found in complaints.items()}
        )
    if not docs:
        raise _invalid(say("no_skill_file", "No SKILL.md was found."))
    return docs


def _refuse_crowd(count: int) -> None:
    if count > MAX_FILES:
        english = "More than {limit} files; import them in several parts."
        raise _invalid(say("archive_files", english, limit=MAX_FILES))


def too_large() -> SkillInvalid:
    limit = MAX_ARCHIVE // 1024**2
    return _invalid(say("archive_large", "The file is larger than {limit} MB.", limit=limit))


def in_file(name: str, complaint: str) -> Said:
    return together(say("in_file", "{name}:", name=name), complaint)


def _crowded(limit: int) -> SkillInvalid:
    return _invalid(say("archive_entries", "It has more than {limit} entries.", limit=limit))


def _link(name: str) -> SkillInvalid:
    return _entry_invalid(name, say("entry_link", "It is a link or a device, not a file."))


def _entry_large(name: str) -> SkillInvalid:
    limit = skillmd.MAX_BYTES // 1024
    large = say("skill_file_large", "The file is larger than {limit} KB.", limit=limit)
    return SkillInvalid.of("text", in_file(name, large))


def _entry_invalid(name: str, why: Said) -> SkillInvalid:
    return _invalid(in_file(name, why))


def _invalid(complaint: Said) -> SkillInvalid:
    return SkillInvalid.of("file", complaint)
