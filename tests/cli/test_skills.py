"""`metaclaw skills import` and `export` with real files, against the real REST interface."""

import os
import zipfile
from pathlib import Path

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution.models import Proposal
from apps.skills.models import Skill
from tests.cli.real_console import Command
from tests.evolution.test_importing import FOREIGN
from tests.factories import make_doc, make_skill


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def lines(result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [line.rstrip() for line in result.output.splitlines()]


def live(tenant) -> list[str]:
    with tenant_tx(tenant.id):
        rows = Skill.objects.for_tenant(tenant.id).filter(status="live").order_by("slug")
        return list(rows.values_list("slug", flat=True))


def test_a_working_tree_of_the_reference_is_imported(metaclaw: Command, tenant, tmp_path):
    put(tmp_path / "memory_data/skills/iso-dates/SKILL.md", make_doc().text)
    put(tmp_path / "memory_data/skills/units/SKILL.md", make_doc("units").text)
    put(tmp_path / "memory_data/skills/units/reference.md", "more about units")
    put(tmp_path / ".git/objects/SKILL.md", "not a skill")
    put(tmp_path / "README.md", "about this")

    assert lines(metaclaw("skills", "import", str(tmp_path)))[0] == "created 2: iso-dates, units"
    assert live(tenant) == ["iso-dates", "units"]


def test_an_import_as_proposals_puts_nothing_live(metaclaw: Command, tenant, tmp_path):
    put(tmp_path / "lessons/arc-cite-sources/SKILL.md", FOREIGN)

    first = metaclaw("skills", "import", str(tmp_path / "lessons"), "--as", "proposals")
    second = metaclaw("skills", "import", str(tmp_path / "lessons"), "--as", "proposals")

    assert lines(first)[0] == "proposed 1: arc-cite-sources"
    assert lines(second)[:2] == ["proposed 0: –", "known 1: arc-cite-sources"]
    assert live(tenant) == []
    with tenant_tx(tenant.id):
        proposal = Proposal.objects.for_tenant(tenant.id).get()
    assert (proposal.author_model, proposal.run) == ("imported: lessons", None)


@pytest.mark.parametrize("place", ["iso-dates/SKILL.md", "linked"])
def test_links_are_refused(metaclaw: Command, tenant, tmp_path, place):
    put(tmp_path / "tree/units/SKILL.md", make_doc("units").text)
    outside = put(tmp_path / "outside/SKILL.md", make_doc().text)
    link = tmp_path / "tree" / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside if place.endswith(".md") else outside.parent)

    result = metaclaw("skills", "import", str(tmp_path / "tree"))

    assert result.exit_code == 2
    assert "link" in result.stderr
    assert live(tenant) == []


def test_a_pipe_among_the_files_does_not_hold_the_import_up(metaclaw: Command, tmp_path):
    (tmp_path / "tree").mkdir()
    os.mkfifo(tmp_path / "tree/SKILL.md")

    result = metaclaw("skills", "import", str(tmp_path / "tree"))

    assert (result.exit_code, "is not a file" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "layout, place", [("category", "general/iso-dates"), ("skills", "skills/iso-dates")]
)
def test_exports_come_back_the_same(metaclaw: Command, tenant, tmp_path, layout, place):
    make_skill(tenant.id)
    folder, file = tmp_path / "out", tmp_path / "out.zip"

    assert lines(metaclaw("skills", "export", str(folder), "--layout", layout))
    assert lines(metaclaw("skills", "export", str(file), "--layout", layout))
    again = metaclaw("skills", "export", str(folder))

    assert (folder / place / "SKILL.md").read_text() == make_doc().text
    assert zipfile.ZipFile(file).namelist() == [f"{place}/SKILL.md"]
    assert (again.exit_code, "not empty" in again.stderr) == (2, True)
    assert lines(metaclaw("skills", "import", str(folder)))[-1] == "unchanged 1: iso-dates"
    assert lines(metaclaw("skills", "import", str(file)))[-1] == "unchanged 1: iso-dates"


def test_a_pack_is_made_shown_installed_and_removed(metaclaw: Command, tenant, tmp_path):
    make_skill(tenant.id, "a")
    make_skill(tenant.id, "b")
    folder = tmp_path / "house"
    about = ("--pack", "house", "--version", "2.0", "--licence", "MIT", "--author", "[Ada]")

    assert lines(metaclaw("skills", "export", str(folder), "--skill", "a", *about))
    (folder / "general/a/SKILL.md").write_text(make_doc("a", body="# A\n\n1. ISO only.").text)
    refused = metaclaw("skills", "import", str(folder))
    assert lines(metaclaw("skills", "export", str(folder), "--skill", "a", "--force", *about))
    rehearsed = lines(metaclaw("skills", "import", str(folder), "--dry-run"))
    before = lines(metaclaw("skills", "packs"))
    installed = lines(metaclaw("skills", "import", str(folder)))

    assert "Its text is not the one that is listed" in refused.stderr.replace("\n", " ")
    assert rehearsed == installed
    assert installed[0] == "pack house 2.0 (MIT, [Ada])"
    assert before == []
    assert lines(metaclaw("skills", "packs")) == ["house 2.0: 1 skills (MIT, [Ada])"]
    assert lines(metaclaw("skills", "remove-pack", "house")) == ["retired 1: a", "kept 0: –"]
    assert live(tenant) == ["b"]
