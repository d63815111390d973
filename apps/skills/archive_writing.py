"""Skills into zip archives and directories, so that ``archive`` reads the same ones again."""

import io
import stat
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from apps.core.said import say
from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import SkillDoc

Layout = Literal["category", "skills"]


def write_zip(docs: Iterable[SkillDoc], *, layout: Layout = "category") -> bytes:
    """A zip of a SKILL.md each, placed by ``layout``; the same documents give the same bytes."""
    return zip_of({place_of(doc, layout): doc.text for doc in _in_order(docs)})


def zip_of(texts: Mapping[str, str]) -> bytes:
    """A zip of these files, in this order, that depends on nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, text)
    return out.getvalue()


def write_directory(docs: Iterable[SkillDoc], path: Path) -> list[Path]:
    """Write ``<category>/<slug>/SKILL.md`` under ``path``; existing files are replaced whole."""
    written: list[Path] = []
    for doc in _in_order(docs):
        target = path / place_of(doc, "category")
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.tmp")
        draft.write_text(doc.text, encoding="utf-8", newline="\n")
        draft.replace(target)
        written.append(target)
    return written


def _in_order(docs: Iterable[SkillDoc]) -> list[SkillDoc]:
    ordered = sorted(docs, key=lambda doc: (doc.category, doc.slug))
    slugs = [doc.slug for doc in ordered]
    if len(set(slugs)) != len(slugs):
        raise SkillInvalid.of("name", say("skill_name_twice", "Two skills have the same name."))
    return ordered


def place_of(doc: SkillDoc, layout: Layout) -> str:
    """Where a document lies: ``category`` as in the bank, ``skills`` as the reference has it."""
    folder = doc.category if layout == "category" else "skills"
    return f"{folder}/{doc.slug}/SKILL.md"
