"""`metaclaw skills mirror` with real files, against the real REST interface."""

import json
from pathlib import Path

from apps.skills.archive_writing import write_zip
from apps.skills.services import skill_retire
from apps.tenants.types import SYSTEM
from metaclaw_web.cli.library import mirroring
from metaclaw_web.cli.library.mirroring import MANIFEST, Mirror
from tests.cli.real_console import Command
from tests.cli.test_skills import lines, put
from tests.factories import BODY, make_doc, make_skill

BETTER = BODY.replace("Write every date", "Always write every date")


def mirror(metaclaw: Command, folder: Path) -> list[str]:
    return lines(metaclaw("skills", "mirror", str(folder), "--once"))


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_the_folder_follows_the_library(metaclaw: Command, tenant, tmp_path):
    folder = tmp_path / "live"
    make_skill(tenant.id)
    make_skill(tenant.id, "units")

    assert mirror(metaclaw, folder) == ["generation 2: 2 skills, 2 files changed"]
    assert mirror(metaclaw, folder) == []
    make_skill(tenant.id, body=BETTER)
    skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug="units")
    assert mirror(metaclaw, folder) == ["generation 4: 1 skills, 2 files changed"]

    assert files(folder) == {"iso-dates/SKILL.md": make_doc(body=BETTER).text}
    assert not (folder / "units").exists()


def test_what_others_wrote_or_changed_is_left_alone(metaclaw: Command, tenant, tmp_path):
    put(tmp_path / "units/SKILL.md", "mine")
    put(tmp_path / "notes.md", "mine too")
    make_skill(tenant.id)
    make_skill(tenant.id, "units")
    make_skill(tenant.id, "linked")
    (tmp_path / "linked").symlink_to(tmp_path.parent)
    first = mirror(metaclaw, tmp_path)
    put(tmp_path / "iso-dates/SKILL.md", "edited by hand")
    make_skill(tenant.id, body=BETTER)
    second = mirror(metaclaw, tmp_path)
    skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug="iso-dates")
    mirror(metaclaw, tmp_path)

    left = "was not written by the mirror, or changed since: left as it is"
    assert [line for line in first if left in line] == [
        f"linked/SKILL.md {left}",
        f"units/SKILL.md {left}",
    ]
    assert f"iso-dates/SKILL.md {left}" in second
    assert files(tmp_path) == {
        "units/SKILL.md": "mine",
        "notes.md": "mine too",
        "iso-dates/SKILL.md": "edited by hand",
    }
    assert not (tmp_path.parent / "SKILL.md").exists()


def test_a_mirror_that_was_killed_while_writing_goes_on(
    metaclaw: Command, tenant, tmp_path, monkeypatch
):
    make_skill(tenant.id)
    mirror(metaclaw, tmp_path)
    make_skill(tenant.id, body=BETTER)
    real = mirroring.replace_file

    def killed(path: Path, content: bytes) -> None:
        if path.name == "SKILL.md":
            raise KeyboardInterrupt
        real(path, content)

    monkeypatch.setattr(mirroring, "replace_file", killed)
    metaclaw("skills", "mirror", str(tmp_path), "--once")
    monkeypatch.setattr(mirroring, "replace_file", real)

    assert files(tmp_path) == {"iso-dates/SKILL.md": make_doc().text}
    assert mirror(metaclaw, tmp_path) == ["generation 2: 1 skills, 1 files changed"]
    assert files(tmp_path) == {"iso-dates/SKILL.md": make_doc(body=BETTER).text}


def test_a_folder_mirrors_one_workspace_only(metaclaw: Command, tenant, tmp_path):
    put(tmp_path / MANIFEST, json.dumps({"of": "another", "files": {}}))

    result = metaclaw("skills", "mirror", str(tmp_path), "--once")

    assert (result.exit_code, "another" in result.stderr) == (2, True)


class Counting:
    """A console that counts what it is asked for."""

    def __init__(self) -> None:
        self.exports = 0
        self.generation = 1

    def pages(self, *_: object, **__: object) -> list[dict[str, int]]:
        return [{"number": self.generation}]

    def download(self, *_: object, **__: object) -> bytes:
        self.exports += 1
        return write_zip([make_doc()], layout="skills")


def test_texts_are_fetched_only_when_the_library_moved(tmp_path):
    console = Counting()
    following = Mirror(tmp_path, console, target="x", say=lambda _: None)

    looks = [following.look(), following.look(), following.look()]
    console.generation = 2
    looks.append(following.look())

    assert (looks, console.exports) == ([True, False, False, False], 2)
