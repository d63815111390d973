import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from metaclaw_web.cli.app import app
from tests.cli.conftest import Run
from tests.cli.fake_stack import ADMIN_KEY, API_KEY, FakeStack


def test_status_is_well_when_everything_answers(stack: FakeStack, run: Run) -> None:
    result = run(stack, "status")

    assert result.exit_code == 0
    assert "practice-1 (Practice, simulated)" in result.output


def test_status_names_what_does_not_answer(run: Run) -> None:
    result = run(FakeStack(url="http://127.0.0.1:9"), "status")

    assert result.exit_code == 1
    assert "does not answer" in result.output


@pytest.mark.parametrize("dialect", [(), ("--anthropic",)])
def test_ask_prints_the_answer_and_the_gateways_headers(
    stack: FakeStack, run: Run, dialect: tuple[str, ...]
) -> None:
    result = run(stack, "ask", "hello there", "--session", "s-1", *dialect)

    assert result.exit_code == 0
    assert "practice model (simulated)" in result.stdout
    assert "x-metaclaw-session: s-1" in result.stderr


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    stack: FakeStack, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert run(stack, "ask", "hello").exit_code == 0


def test_ask_with_a_refused_key_says_so(stack: FakeStack, run: Run) -> None:
    result = run(stack, "--api-key", "mck_live_wrong", "ask", "hello")

    assert result.exit_code == 2
    assert "answered 401: Bad key" in result.stderr
    assert "Check the key" in result.stderr


def test_ask_does_not_take_a_cut_answer_for_a_whole_one(stack: FakeStack, run: Run) -> None:
    result = run(stack, "ask", "hello", "--model", "practice-1:cut")

    assert result.exit_code == 2
    assert re.search("cut off|broke", result.stderr)


def test_import_sends_a_folder_as_one_archive(stack: FakeStack, run: Run, tmp_path: Path) -> None:
    skill = tmp_path / "bank" / "one" / "SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text("---\nname: one\n---\n")

    result = run(stack, "skills", "import", str(tmp_path / "bank"))

    upload = stack.uploads[0]
    archive = zipfile.ZipFile(io.BytesIO(upload[upload.index(b"PK") :]))
    assert result.output.splitlines()[0] == "created 2: one, two"
    assert archive.namelist() == ["one/SKILL.md"]


@pytest.mark.parametrize("name", ["missing.md", "notes.txt"])
def test_import_of_an_unusable_path_is_a_sentence(
    stack: FakeStack, run: Run, tmp_path: Path, name: str
) -> None:
    result = run(stack, "skills", "import", str(tmp_path / name))

    assert result.exit_code == 2
    assert name in result.stderr.replace("\n", "")


def test_export_writes_the_archive_but_overwrites_nothing(
    stack: FakeStack, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "skills.zip"

    first = run(stack, "skills", "export", str(file))
    second = run(stack, "skills", "export", str(file))

    assert first.exit_code == 0
    assert file.read_bytes() == b"PK-zip"
    assert second.exit_code == 2


def test_config_show_keeps_secrets_unless_asked(stack: FakeStack, run: Run) -> None:
    hidden = run(stack, "config", "show").output
    shown = run(stack, "config", "show", "--secret").output

    assert stack.url in hidden
    assert API_KEY not in hidden
    assert ADMIN_KEY not in hidden
    assert API_KEY in shown


def test_config_env_is_read_by_a_shell_as_it_is(stack: FakeStack, run: Run) -> None:
    lines = run(stack, "config", "env").output

    shell = f'{lines}\nprintf %s "$METACLAW_GATEWAY_URL|$METACLAW_API_KEY"'
    said = subprocess.run(["sh", "-c", shell], capture_output=True, check=True, text=True).stdout
    assert said == f"{stack.url}|{API_KEY}"


def test_the_environment_wins_over_the_file(stack: FakeStack, run: Run) -> None:
    result = run(stack, "--tenant", "other", "skills", "export", "x.zip")

    assert result.exit_code == 2
    assert "404" in result.stderr


def test_the_environment_alone_is_enough(stack: FakeStack, tmp_path: Path) -> None:
    env = {
        "METACLAW_VAR_DIR": str(tmp_path),
        "METACLAW_GATEWAY_URL": stack.url,
        "METACLAW_API_KEY": API_KEY,
    }

    result = CliRunner().invoke(app, ["ask", "hello"], env=env)

    assert result.exit_code == 0, result.output


def test_a_missing_value_names_its_variable(stack: FakeStack, tmp_path: Path) -> None:
    env = {"METACLAW_VAR_DIR": str(tmp_path), "METACLAW_GATEWAY_URL": stack.url}

    result = CliRunner().invoke(app, ["ask", "hello"], env=env)

    assert result.exit_code == 2
    assert "METACLAW_API_KEY" in result.stderr


@pytest.mark.parametrize("content", ["", "[1]", "{"])
def test_a_broken_first_run_file_is_a_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "first-run.json"
    file.write_text(content)

    result = CliRunner().invoke(app, ["--first-run", str(file), "config", "show"])

    assert result.exit_code == 2
    assert "first-run.json" in result.stderr.replace("\n", "")


def test_another_server_on_the_consoles_port_is_recognised(
    stack: FakeStack, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeStack, "_rest", lambda *_: (200, b"<html>hello</html>"))

    result = run(stack, "demo")

    assert result.exit_code == 2
    assert "not a MetaClaw console" in result.stderr


def test_first_run_json_is_read_as_the_stack_writes_it(stack: FakeStack, tmp_path: Path) -> None:
    file = tmp_path / "first-run.json"
    file.write_text(json.dumps({"gateway_url": f"{stack.url}/", "tenant": "main", "extra": 1}))

    result = CliRunner().invoke(app, ["--first-run", str(file), "config", "show"])

    assert f"{stack.url}/" not in result.stdout
    assert stack.url in result.stdout
