"""`metaclaw skills watch` with real files, against the real REST interface."""

import os
import threading
import time
from pathlib import Path

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution.models import Proposal
from apps.evolution.services import proposal_reject
from apps.evolution.types import Reviewer
from apps.skills.models import Skill
from apps.tenants.types import SYSTEM
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.library import watching
from metaclaw_web.cli.library.watching import STATE_FILE, Watch
from tests.cli.real_console import Command
from tests.cli.test_skills import put
from tests.evolution.test_importing import FOREIGN

CHANGED = FOREIGN.replace("Name the source", "Always name the source")
NAME = "arc-cite-sources/SKILL.md"


def watch(metaclaw: Command, folder: Path) -> tuple[int, str]:
    result = metaclaw("skills", "watch", str(folder), "--once", "--every", "0.1")
    return result.exit_code, result.output


def proposals(tenant) -> list[tuple[str, str, str]]:
    with tenant_tx(tenant.id):
        assert not Skill.objects.for_tenant(tenant.id).exists()
        rows = Proposal.objects.for_tenant(tenant.id).order_by("id")
        return [(row.slug, row.status, row.author_model) for row in rows]


def reject_all(tenant) -> None:
    with tenant_tx(tenant.id):
        waiting = list(Proposal.objects.for_tenant(tenant.id).filter(status="pending"))
    for row in waiting:
        proposal_reject(
            tenant_id=tenant.id, reviewer=Reviewer(SYSTEM), proposal_id=row.id, reason="wrong"
        )


def test_a_dropped_skill_is_proposed_once_over_restarts(metaclaw: Command, tenant, tmp_path):
    put(tmp_path / "arc" / NAME, FOREIGN)

    first = watch(metaclaw, tmp_path / "arc")
    second = watch(metaclaw, tmp_path / "arc")
    (tmp_path / "arc" / STATE_FILE).unlink()
    third = watch(metaclaw, tmp_path / "arc")

    assert first == (0, f"{NAME}: proposed, the skill arc-cite-sources\n")
    assert second == (0, "")
    assert third == (0, f"{NAME}: known, the skill arc-cite-sources\n")
    assert proposals(tenant) == [("arc-cite-sources", "pending", "imported: arc/arc-cite-sources")]


def test_a_changed_text_is_proposed_again_once_the_first_is_decided(
    metaclaw: Command, tenant, tmp_path, monkeypatch
):
    monkeypatch.setattr(watching, "_WAITING_LOOKS", 1)
    put(tmp_path / NAME, FOREIGN)
    watch(metaclaw, tmp_path)
    put(tmp_path / NAME, CHANGED)

    waiting = watch(metaclaw, tmp_path)
    still = watch(metaclaw, tmp_path)
    reject_all(tenant)
    after = watch(metaclaw, tmp_path)

    assert waiting == (0, f"{NAME}: waiting, the skill arc-cite-sources\n")
    assert still == (0, "")
    assert after == (0, f"{NAME}: proposed, the skill arc-cite-sources\n")
    assert [status for _, status, _ in proposals(tenant)] == ["rejected", "pending"]


def test_a_bad_file_is_named_once_and_holds_nobody_up(metaclaw: Command, tenant, tmp_path):
    put(tmp_path / "a-bad/SKILL.md", "no front matter")
    (tmp_path / "b-link").mkdir()
    (tmp_path / "b-link/SKILL.md").symlink_to(put(tmp_path / "elsewhere.txt", FOREIGN))
    put(tmp_path / "c-large/SKILL.md", "x" * 70_000)
    put(tmp_path / NAME, FOREIGN)
    put(tmp_path / ".git/SKILL.md", "not looked at")

    status, said = watch(metaclaw, tmp_path)
    again = watch(metaclaw, tmp_path)
    put(tmp_path / "a-bad/SKILL.md", FOREIGN.replace("arc-cite", "now-good"))
    repaired = watch(metaclaw, tmp_path)

    lines = said.splitlines()
    assert (status, len(lines)) == (0, 4)
    assert lines[0].startswith("a-bad/SKILL.md: invalid, ")
    assert "front matter" in lines[0]
    assert lines[1] == f"{NAME}: proposed, the skill arc-cite-sources"
    assert "link" in lines[2]
    assert "64 KB" in lines[3]
    assert again == (0, "")
    assert repaired == (0, "a-bad/SKILL.md: proposed, the skill now-good-sources\n")
    assert len(proposals(tenant)) == 2


def test_a_file_that_is_still_written_is_waited_for(metaclaw: Command, tenant, tmp_path):
    path = put(tmp_path / NAME, FOREIGN[:200])
    stop = threading.Event()

    def write_on() -> None:
        while not stop.is_set():
            with path.open("a") as handle:
                handle.write("x")
            time.sleep(0.01)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        status, _ = watch(metaclaw, tmp_path)
    finally:
        stop.set()
        writer.join()
    path.write_text(FOREIGN)

    assert status == 2
    assert proposals(tenant) == []
    assert watch(metaclaw, tmp_path)[0] == 0
    assert len(proposals(tenant)) == 1


class Away:
    """A console that does not answer."""

    def upload(self, *_: object, **__: object) -> dict[str, object]:
        raise CliError("The console does not answer.")


def test_an_absent_console_is_told_once_and_nothing_counts_as_sent(tmp_path):
    put(tmp_path / NAME, FOREIGN)
    put(tmp_path / "other/SKILL.md", CHANGED)
    said: list[str] = []
    watching_ = Watch(tmp_path, Away(), target="x", say=said.append)

    assert [watching_.look() for _ in range(3)] == [2, 2, 2]
    assert said == ["The console does not answer."]
    assert not (tmp_path / STATE_FILE).exists()


def test_a_damaged_state_is_said_and_not_overwritten(metaclaw: Command, tmp_path):
    put(tmp_path / STATE_FILE, "{")

    status, _ = watch(metaclaw, tmp_path)

    assert status == 2
    assert (tmp_path / STATE_FILE).read_text() == "{"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_written_is_a_sentence(metaclaw: Command, tmp_path):
    put(tmp_path / NAME, FOREIGN)
    tmp_path.chmod(0o500)

    status, _ = watch(metaclaw, tmp_path)

    assert status == 2
