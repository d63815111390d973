import pytest

from bench.learning.sandbox import Sandbox


@pytest.fixture
def sandbox(tmp_path):
    (tmp_path / "secret.txt").write_text("outside")
    folder = tmp_path / "scratch"
    folder.mkdir()
    return Sandbox(folder, {"a.txt": "one\n"})


def test_tools_read_write_and_copy(sandbox):
    assert sandbox.call("read_file", {"path": "a.txt"}).result == "one\n"
    assert sandbox.call("exec", {"command": "cp a.txt a.txt.bak"}).result == ""
    step = sandbox.call("write_file", {"path": "a.txt", "content": "two\n"})

    assert step.files == {"a.txt": "two\n", "a.txt.bak": "one\n"}


@pytest.mark.parametrize(
    "command",
    [
        "cat ../secret.txt",
        "cat /etc/hostname",
        "cp a.txt --target-directory=/var",
        "sh -c 'echo x > b.txt'",
        "python3 -c pass",
        "rm a.txt",
        "ls ..",
        "cat 'unclosed",
        "",
        None,
    ],
)
def test_nothing_else_is_run_or_reached(sandbox, command):
    step = sandbox.call("exec", {"command": command})

    assert step.result.startswith("error:")
    assert step.files == {"a.txt": "one\n"}


def test_no_shell_reads_the_command(sandbox):
    sandbox.call("exec", {"command": "cat a.txt > b.txt; cp a.txt c.txt"})

    assert sandbox.files() == {"a.txt": "one\n"}


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/hostname", ".hidden", "", None, 3])
def test_files_are_names_in_the_folder(sandbox, path):
    assert sandbox.call("read_file", {"path": path}).result.startswith("error:")


def test_what_is_written_is_small_text(sandbox):
    for content in (None, 7, "x" * 70_000):
        step = sandbox.call("write_file", {"path": "b.txt", "content": content})
        assert step.result.startswith("error:")
        assert "b.txt" not in step.files


def test_an_unknown_tool_is_said_to_be_unknown(sandbox):
    assert sandbox.call("delete", {}).result == "error: there is no tool delete"
