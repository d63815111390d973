"""The part that the system's Python runs, on Pythons that are too old as well."""

import ast
import subprocess
import sys

from metaclaw_web.stack.paths import ROOT

BOOTSTRAP = ROOT / "metaclaw_web/stack/bootstrap.py"


def test_an_old_python_can_read_it_and_gets_a_sentence(tmp_path):
    source = BOOTSTRAP.read_text()

    ast.parse(source, feature_version=(3, 7))
    old = tmp_path / "old.py"
    old.write_text(
        "import sys, runpy\nsys.version_info = (3, 9, 2)\nsys.version = '3.9.2 (old)'\n"
        f"sys.argv = ['bootstrap', 'base']\nrunpy.run_path({str(BOOTSTRAP)!r}, run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-I", str(old)], capture_output=True, text=True)

    assert result.returncode == 1
    assert "Python 3.9.2 is too old; 3.11 or newer is needed." in result.stderr
    assert "Traceback" not in result.stderr


def build(
    tmp_path, requirements: str, *, model: str = "# nothing\n", name: str = "base", **others: str
) -> "subprocess.CompletedProcess[str]":
    place = tmp_path / "clone"
    script = place / "metaclaw_web/stack/bootstrap.py"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(BOOTSTRAP.read_text())
    (place / "requirements").mkdir(exist_ok=True)
    (place / "requirements/base.txt").write_text(requirements)
    (place / "requirements/embedder.txt").write_text(model)
    for file, content in others.items():
        (place / "requirements" / f"{file.replace('_', '-')}.txt").write_text(content)
    command = [sys.executable, "-I", str(script), name]
    return subprocess.run(command, capture_output=True, text=True)


def test_it_installs_once_again_when_the_file_changes_and_says_why_it_cannot(tmp_path):
    first, second = build(tmp_path, "# nothing\n"), build(tmp_path, "# nothing\n")
    assert first.returncode == 0, first.stderr
    assert "Python environment" in first.stdout
    assert second.stdout == ""

    unpinned = build(tmp_path, "idna\n")
    assert unpinned.returncode == 1
    assert "could not be installed" in unpinned.stderr
    assert "Traceback" not in unpinned.stderr

    (tmp_path / "clone/.venv/bin/python").unlink()
    repaired = build(tmp_path, "# nothing\n")
    assert repaired.returncode == 0, repaired.stderr
    assert "Python environment" in repaired.stdout


def test_without_the_embedders_model_the_rest_is_installed(tmp_path):
    without = build(tmp_path, "# nothing\n", model="idna\n")
    assert without.returncode == 0, without.stderr
    assert "found by their words" in without.stdout

    later = build(tmp_path, "# nothing\n")
    assert "Model of requirements/embedder.txt" in later.stdout
    assert "found by their words" not in later.stdout
    assert build(tmp_path, "# nothing\n").stdout == ""


def test_the_trainer_comes_small_where_that_can_be_had_and_large_elsewhere(tmp_path):
    small = build(tmp_path, "# nothing\n", name="trainer", trainer="#\n", trainer_cpu="#\n")
    assert small.returncode == 0, small.stderr
    assert "large" not in small.stdout
    (tmp_path / "clone/.venv/.installed-trainer").unlink()

    files = {"trainer": "#\n", "trainer_cpu": "idna\n"}
    large = build(tmp_path, "# nothing\n", name="trainer", **files)
    assert large.returncode == 0, large.stderr
    assert "requirements/trainer.txt (large)" in large.stdout
    assert build(tmp_path, "# nothing\n", name="trainer", **files).stdout == ""

    none = build(tmp_path, "# nothing\n", name="trainer", trainer="idna\n", trainer_cpu="idna\n")
    assert none.returncode == 1
    assert "could not be installed" in none.stderr
