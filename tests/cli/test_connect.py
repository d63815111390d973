"""What a person sees and finds on disk; the formats themselves are in the files beside."""

import json
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from metaclaw_web.cli.app import app
from metaclaw_web.cli.connect import files, json5_text
from tests.cli.conftest import Run
from tests.cli.fake_stack import API_KEY, FakeStack

KEY = "mck_live_0123456789abcdefghijklmnopqrstuvwx"
URL = "http://gateway.test:30000"
FILES = {
    "openclaw": ".openclaw/openclaw.json",
    "claude-code": ".claude/settings.json",
    "codex": ".codex/config.toml",
    "hermes": ".hermes/config.yaml",
}
every_client = pytest.mark.parametrize("client", FILES)
Connect = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_folders_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "HERMES_HOME", "ANTHROPIC_API_KEY")
    openclaw = ("OPENCLAW_CONFIG_PATH", "OPENCLAW_STATE_DIR", "OPENCLAW_HOME")
    for name in (*names, *openclaw):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def connect(tmp_path: Path) -> Connect:
    def call(client: str, *options: str, say: str | None = None, key: str = KEY) -> Result:
        where = ["--home", str(tmp_path), "--url", URL, "--key", key]
        return CliRunner().invoke(
            app,
            ["connect", client, *where, *options],
            input=say,
            env={"METACLAW_VAR_DIR": str(tmp_path / "no-stack"), "COLUMNS": "300"},
        )

    return call


def loaded(file: Path) -> dict[str, Any]:
    text = file.read_text()
    readers: dict[str, Callable[[str], Any]] = {
        ".toml": tomllib.loads,
        ".yaml": yaml.safe_load,
        ".json": json.loads,
    }
    found: dict[str, Any] = readers[file.suffix](text)
    return found


@every_client
def test_a_new_file_says_where_the_gateway_is_and_is_its_owners_alone(
    connect: Connect, tmp_path: Path, client: str
) -> None:
    file = tmp_path / FILES[client]

    result = connect(client, "--model", "m-1", "--yes")

    assert result.exit_code == 0, result.output
    written = json.dumps(loaded(file))
    assert URL in written
    assert KEY in written
    assert "m-1" in written
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@every_client
def test_nothing_that_is_printed_holds_a_key(connect: Connect, tmp_path: Path, client: str) -> None:
    first = connect(client, "--model", "m-1", "--yes")
    second = connect(client, "--model", "m-1", "--yes", key=KEY.replace("0123", "9999"))
    undone = connect(client, "--undo", "--yes")

    shown = first.output + second.output + undone.output
    assert "mck_live_…uvwx" in shown
    assert KEY[12:-6] not in shown


@every_client
def test_a_second_run_changes_nothing_and_says_so(
    connect: Connect, tmp_path: Path, client: str
) -> None:
    connect(client, "--model", "m-1", "--yes")
    file = tmp_path / FILES[client]
    before = (file.read_bytes(), sorted(file.parent.iterdir()))

    again = connect(client, "--model", "m-1")

    assert again.exit_code == 0
    assert "already" in again.stderr
    assert again.stdout == ""
    assert (file.read_bytes(), sorted(file.parent.iterdir())) == before


@every_client
def test_undo_takes_a_new_file_away_and_leaves_no_trace(
    connect: Connect, tmp_path: Path, client: str
) -> None:
    connect(client, "--model", "m-1", "--yes")

    result = connect(client, "--undo", "--yes")

    assert result.exit_code == 0
    assert list((tmp_path / FILES[client]).parent.iterdir()) == []


def test_undo_goes_back_one_change_at_a_time(connect: Connect, tmp_path: Path) -> None:
    file = tmp_path / FILES["codex"]
    file.parent.mkdir()
    file.write_text('model = "mine" # keep\n')
    connect("codex", "--yes")
    once = file.read_text()
    connect("codex", "--model", "m-2", "--yes")

    connect("codex", "--undo", "--yes")
    after_one = file.read_text()
    connect("codex", "--undo", "--yes")

    assert after_one == once
    assert file.read_text() == 'model = "mine" # keep\n'
    assert connect("codex", "--undo", "--yes").exit_code == 2


def test_undo_keeps_what_was_written_since(connect: Connect, tmp_path: Path) -> None:
    file = tmp_path / FILES["claude-code"]
    connect("claude-code", "--yes")
    file.write_text(file.read_text().replace("{", '{"theme": "dark",', 1))

    result = connect("claude-code", "--undo", "--yes")

    kept = [one for one in file.parent.iterdir() if "before-undo" in one.name]
    assert not file.exists()
    assert loaded(kept[0].rename(kept[0].with_name("kept.json")))["theme"] == "dark"
    assert "has changed since" in result.stderr


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_without_a_yes_nothing_is_written(connect: Connect, tmp_path: Path, answer: str) -> None:
    result = connect("codex", say=answer)

    assert result.exit_code == 2
    assert "+model_provider" in result.stdout
    assert "Nothing was changed" in result.stderr
    assert not (tmp_path / ".codex").exists()


def test_a_yes_on_the_terminal_is_enough(connect: Connect, tmp_path: Path) -> None:
    assert connect("codex", say="y\n").exit_code == 0
    assert loaded(tmp_path / FILES["codex"])["model_provider"] == "metaclaw"


@pytest.mark.parametrize(
    "client, text",
    [
        ("claude-code", '{"env": {"A": "1"'),
        ("claude-code", "[]"),
        ("openclaw", "{models: {providers: ]}"),
        ("codex", "model = [unclosed"),
        ("hermes", "model: [unclosed"),
        ("hermes", "- a list"),
        # Well formed, but something else stands where ours would go.
        ("claude-code", '{"env": "none"}'),
        ("codex", 'model_providers = { other = { name = "O" } }'),
        ("hermes", "providers: some\n"),
    ],
)
def test_a_file_that_cannot_be_edited_stays_as_it_is(
    connect: Connect, tmp_path: Path, client: str, text: str
) -> None:
    file = tmp_path / FILES[client]
    file.parent.mkdir()
    file.write_text(text)

    result = connect(client, "--model", "m-1", "--yes")

    assert result.exit_code == 2
    assert "Nothing was changed" in result.stderr
    assert file.read_text() == text
    assert list(file.parent.iterdir()) == [file]


def test_a_file_in_another_encoding_stays_as_it_is(connect: Connect, tmp_path: Path) -> None:
    file = tmp_path / FILES["hermes"]
    file.parent.mkdir()
    file.write_bytes("name: Jürgen\n".encode("latin-1"))

    assert "not UTF-8" in connect("hermes", "--model", "m", "--yes").stderr
    assert file.read_bytes() == "name: Jürgen\n".encode("latin-1")


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(connect: Connect, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "codex.toml"
    real.parent.mkdir()
    real.write_text("")
    real.chmod(0o640)
    link = tmp_path / FILES["codex"]
    link.parent.mkdir()
    link.symlink_to(real)

    result = connect("codex", "--yes")

    assert link.is_symlink()
    assert loaded(link)["model_provider"] == "metaclaw"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "chmod 600" in result.stderr


def test_a_write_that_fails_leaves_the_old_file_and_no_remains(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / FILES["codex"]
    file.parent.mkdir()
    file.write_text('model = "mine"\n')
    write = files.write

    def full(path: Path, text: str) -> None:
        if path == file:
            monkeypatch.setattr(files.os, "fsync", _raise_full)
        write(path, text)

    monkeypatch.setattr(files, "write", full)

    result = connect("codex", "--yes")

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert file.read_text() == 'model = "mine"\n'
    assert list(file.parent.iterdir()) == [file]


def _raise_full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_somebody_elses_change_during_the_question_is_not_lost(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / FILES["codex"]
    file.parent.mkdir()
    file.write_text("")
    monkeypatch.setattr(
        "typer.confirm", lambda *_, **__: bool(file.write_text('model = "theirs"\n'))
    )

    assert connect("codex").exit_code == 2
    assert file.read_text() == 'model = "theirs"\n'


@pytest.mark.parametrize("url", ["gateway:30000", "ftp://x", "http://", "http://u:p@host", ""])
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    env = {"METACLAW_VAR_DIR": str(tmp_path)}
    line = ["connect", "codex", "--home", str(tmp_path), "--url", url, "--key", KEY, "--yes"]

    assert CliRunner().invoke(app, line, env=env).exit_code == 2
    assert not (tmp_path / ".codex").exists()


@pytest.mark.parametrize("url", [f"{URL}/", f"{URL}/v1", f"{URL}/v1/"])
def test_a_pasted_v1_is_not_doubled(connect: Connect, tmp_path: Path, url: str) -> None:
    connect("codex", "--url", url, "--yes")

    provider = loaded(tmp_path / FILES["codex"])["model_providers"]["metaclaw"]
    assert provider["base_url"] == f"{URL}/v1"


def test_the_running_stack_says_address_key_and_model(
    stack: FakeStack, run: Run, tmp_path: Path
) -> None:
    result = run(stack, "connect", "openclaw", "--home", str(tmp_path), "--yes")

    assert result.exit_code == 0, result.output
    written = loaded(tmp_path / FILES["openclaw"])
    provider = written["models"]["providers"]["metaclaw"]
    assert (provider["baseUrl"], provider["apiKey"]) == (f"{stack.url}/v1", API_KEY)
    assert written["agents"]["defaults"]["model"]["primary"] == "metaclaw/practice-1"


def test_without_a_stack_a_needed_model_has_to_be_said(connect: Connect, tmp_path: Path) -> None:
    result = connect("openclaw", "--url", "http://127.0.0.1:9", "--yes")

    assert result.exit_code == 2
    assert "--model" in result.stderr
    assert not (tmp_path / ".openclaw").exists()


@pytest.mark.parametrize("client", ["claude-code", "codex"])
def test_the_clients_own_model_is_left_alone_unless_one_is_said(
    connect: Connect, tmp_path: Path, client: str
) -> None:
    connect(client, "--yes")

    assert "model" not in loaded(tmp_path / FILES[client])


@pytest.mark.parametrize(
    "api, path",
    [("openai-completions", "/v1"), ("openai-responses", "/v1"), ("anthropic-messages", "")],
)
def test_openclaw_speaks_the_api_that_was_chosen(
    connect: Connect, tmp_path: Path, api: str, path: str
) -> None:
    connect("openclaw", "--model", "m", "--api", api, "--yes")

    provider = loaded(tmp_path / FILES["openclaw"])["models"]["providers"]["metaclaw"]
    assert (provider["api"], provider["baseUrl"]) == (api, URL + path)


def test_openclaws_other_models_and_short_forms_stay(connect: Connect, tmp_path: Path) -> None:
    file = tmp_path / FILES["openclaw"]
    file.parent.mkdir()
    file.write_text(
        "{agents: {defaults: {model: 'a/b', modelPolicy: {allow: ['a/b']}}},"
        " models: {providers: {metaclaw: {headers: {'X-Agent-Id': 'bot'}, models: [{id: 'x'}]}}}}"
    )

    assert connect("openclaw", "--model", "m", "--yes").exit_code == 0

    written = json5_text.load(file.read_text())
    provider = written["models"]["providers"]["metaclaw"]
    assert written["agents"]["defaults"]["model"] == "metaclaw/m"
    assert written["agents"]["defaults"]["modelPolicy"]["allow"] == ["a/b", "metaclaw/m"]
    assert [one["id"] for one in provider["models"]] == ["x", "m"]
    assert provider["headers"] == {"X-Agent-Id": "bot"}


def test_claude_code_is_left_with_one_credential(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / FILES["claude-code"]
    file.parent.mkdir()
    file.write_text('{"env": {"ANTHROPIC_API_KEY": "sk-ant-1234567890"}, "apiKeyHelper": "x"}')

    result = connect("claude-code", "--yes")

    assert loaded(file)["env"]["ANTHROPIC_API_KEY"] == ""
    assert "sk-ant-1234567890" not in result.output
    assert "apiKeyHelper" in result.stderr


def test_hermes_no_longer_follows_the_provider_it_had(connect: Connect, tmp_path: Path) -> None:
    file = tmp_path / FILES["hermes"]
    file.parent.mkdir()
    file.write_text("model: anthropic/claude-opus-4.6 # the old one\ntools: [a]\n")

    connect("hermes", "--model", "m", "--yes")

    written = loaded(file)
    assert written["model"] == {"default": "m", "provider": "custom:metaclaw"}
    assert written["providers"]["metaclaw"]["base_url"] == f"{URL}/v1"
    assert written["tools"] == ["a"]


def test_a_variable_of_the_client_moves_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "elsewhere"))
    env = {"METACLAW_VAR_DIR": str(tmp_path)}
    line = ["connect", "codex", "--url", URL, "--key", KEY, "--yes"]

    assert CliRunner().invoke(app, line, env=env).exit_code == 0
    assert loaded(tmp_path / "elsewhere" / "config.toml")["model_provider"] == "metaclaw"


def test_generic_prints_lines_for_a_shell(connect: Connect, tmp_path: Path) -> None:
    hidden = connect("generic").stdout
    shown = connect("generic", "--secret").stdout

    assert KEY not in hidden
    assert f"export OPENAI_BASE_URL={URL}/v1\n" in hidden
    assert "export OPENAI_API_KEY" not in hidden.replace("# export", "")
    assert f"export OPENAI_API_KEY={KEY}\n" in shown
    assert f"export ANTHROPIC_BASE_URL={URL}\n" in shown
    assert list(tmp_path.iterdir()) == []
