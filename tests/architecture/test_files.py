"""Promises about the repository itself."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT: Path = settings.BASE_DIR
APPS = sorted(path.parent for path in (ROOT / "apps").glob("*/__init__.py"))
HARD_LIMIT = 500
GENERATED = ("frontend/src/client/schema.d.ts",)


def source_files(*endings: str) -> list[Path]:
    """What is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.splitlines() if name.endswith(endings)]
    return [path for path in paths if path.is_file()]


def test_no_file_grows_beyond_the_limit():
    too_long = {}
    for path in source_files(".py", ".ts", ".tsx", ".css"):
        name = path.relative_to(ROOT).as_posix()
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > HARD_LIMIT and name not in GENERATED:
            too_long[name] = lines

    assert too_long == {}


def test_most_files_are_small():
    sizes = sorted(
        len(path.read_text().splitlines())
        for path in source_files(".py")
        if path.is_relative_to(ROOT / "apps") and path.name != "__init__.py"
    )

    assert sizes[len(sizes) // 2] <= 100
    assert sizes[len(sizes) * 9 // 10] <= 220


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_is_a_drawer_for_everything(name):
    assert [path for path in source_files(".py", ".ts", ".tsx") if path.stem == name] == []


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_every_app_says_what_it_owns(app):
    lines = (app / "README.md").read_text().splitlines()

    assert lines[0] == f"# {app.name}"
    assert 8 <= len(lines) <= 40
    for word in ("Owns", "Invariants", "States"):
        assert any(line.startswith(f"**{word}") for line in lines), word


def test_no_migration_is_missing(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_openapi_description_is_fresh(db):
    generated = io.StringIO()
    call_command("spectacular", "--validate", stdout=generated, stderr=io.StringIO())

    assert generated.getvalue().strip() == (ROOT / "schema.yml").read_text().strip(), (
        "The interface moved: run `make schema`."
    )


def test_every_variable_that_is_read_is_documented():
    documented = (ROOT / ".env.example").read_text()
    read = set()
    for path in source_files(".py"):
        if path.is_relative_to(ROOT / "metaclaw_web" / "settings"):
            read |= set(re.findall(r'"((?:METACLAW_|DATABASE_|REDIS_)[A-Z_]+)"', path.read_text()))

    assert read
    assert {name for name in read if name not in documented} == set()


def test_compiled_requirements_pin_hashes_and_name_no_index():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text, path.name
        assert "index-url" not in text, path.name
