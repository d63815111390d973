"""Starts that cannot work: one clear message, exit code 1, and nothing left running."""

import os
import shutil
import socket
import subprocess

import pytest

from tests.stack.conftest import Bench

pytestmark = pytest.mark.stack


def refused(bench: Bench, *arguments: str, **env: str) -> str:
    """Start, expect a refusal that is no stack trace, and return its text."""
    result = bench.call(*(arguments or ("run",)), **env)
    assert result.returncode == 1, result.stdout
    assert "Traceback" not in result.stderr
    assert bench.processes() == []
    return result.stderr


def test_every_taken_port_is_named_with_its_variable_and_its_holder(bench):
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        ports = [str(item.getsockname()[1]) for item in (one, two)]
        text = refused(bench, METACLAW_GATEWAY_PORT=ports[0], METACLAW_CONSOLE_PORT=ports[1])

    assert f"Port {ports[0]} of the gateway is in use by process {os.getpid()}" in text
    assert f"Port {ports[1]} of the console" in text
    assert "METACLAW_CONSOLE_PORT" in text
    assert not (bench.var / "postgres").exists()


@pytest.mark.parametrize(
    "variable, value, words",
    [
        ("METACLAW_GATEWAY_PORT", "eighty", "not a whole number"),
        ("METACLAW_GATEWAY_PORT", "70000", "too large"),
        ("METACLAW_BIND", "here", "not an IP address"),
        ("METACLAW_BIND", "192.0.2.1", "cannot listen on 192.0.2.1"),
        ("METACLAW_UPSTREAM_URL", "api.example.com", "has to start with"),
        ("METACLAW_UPSTREAM_URL", "https://api.example.com/v1", "METACLAW_UPSTREAM_MODEL"),
        ("METACLAW_VAR_DIR", "/", "cannot be the data folder"),
        ("DATABASE_URL", "postgres://u:hidden@127.0.0.1:1/x", "cannot be reached"),
        ("REDIS_URL", "redis://:hidden@127.0.0.1:1/0", "cannot be reached"),
    ],
)
def test_a_wrong_value_is_explained_with_its_variable(bench, variable, value, words):
    text = refused(bench, **{variable: value})

    assert variable in text
    assert words in text
    assert "hidden" not in text


def test_a_data_folder_that_cannot_be_made_is_named(bench):
    nowhere = {"METACLAW_VAR_DIR": "/proc/metaclaw", "METACLAW_LEAST_FREE_MB": "0"}
    text = refused(bench, **nowhere)

    assert "metaclaw: /proc/metaclaw: " in text
    assert "METACLAW_VAR_DIR chooses another" in text


def test_a_disk_with_little_room_is_refused_before_anything_is_made(bench):
    text = refused(bench, METACLAW_LEAST_FREE_MB="999999999")

    assert "MB free" in text
    assert not bench.var.exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_fills_up_on_the_way_is_named_and_the_next_start_recovers(bench):
    bench.var.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(bench.var)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow mounting")
    try:
        text = refused(bench, "exec", "--var", str(bench.var), "--", "true")
        wanted = bench.call("exec", "--var", str(bench.var), "--", "true")
        assert "MB free" in text
        assert "MB free" in wanted.stderr
        small = {"METACLAW_LEAST_FREE_MB": "1"}
        text = refused(bench, "exec", "--var", str(bench.var), "--", "true", **small)
        assert "disk is full" in text
        assert not (bench.var / "postgres").exists()
        remount = ["mount", "-o", "remount,size=200m", str(bench.var)]
        subprocess.run(remount, check=True)
        again = bench.call("exec", "--var", str(bench.var), "--", "true", **small)
        assert again.returncode == 0, again.stderr
    finally:
        subprocess.run(["umount", "-l", str(bench.var)], check=True)


def test_a_half_made_database_is_made_again(bench):
    bench.var.mkdir()
    half = bench.var / "postgres.new-killed" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    result = bench.call("exec", "--var", str(bench.var), "--", "true")

    assert result.returncode == 0, result.stderr
    assert (bench.var / "postgres" / "PG_VERSION").exists()
    assert not half.exists()


def test_a_database_of_another_version_or_without_its_secrets_is_left_alone(bench):
    run = ("exec", "--var", str(bench.var), "--", "true")
    assert bench.call(*run).returncode == 0
    key = bench.var / "secrets" / "master-key"
    saved = key.read_text()

    key.unlink()
    assert "master-key is missing" in refused(bench, *run)
    assert not key.exists()

    key.write_text(saved)
    (bench.var / "postgres" / "PG_VERSION").write_text("16\n")
    assert "made by Postgres 16" in refused(bench, *run)


def test_a_process_that_fails_during_the_start_is_shown_with_its_last_words(bench):
    (bench.place / "metaclaw_web" / "gateway.py").write_text("raise SystemExit('no such spool')")

    text = refused(bench)

    assert "gateway did not start" in text
    assert "no such spool" in text


def test_a_failing_migration_stops_the_start_and_keeps_its_output(bench):
    bench.var.mkdir()
    (bench.var / "break-migrate").write_text("Traceback: long\nOops: column is wrong")

    result = bench.call("run")

    assert result.returncode == 1
    assert "Oops: column is wrong" in result.stderr
    assert "Traceback" not in result.stderr
    assert "long" in (bench.var / "log" / "migrate.log").read_text()
    assert bench.processes() == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs Postgres as another account")
def test_under_root_a_closed_folder_keeps_its_database_outside(bench):
    closed = bench.place.parent / "closed"
    closed.mkdir(mode=0o700)
    var = closed / "var"
    run = ("exec", "--var", str(var), "--", "true")
    try:
        first, second = bench.call(*run), bench.call(*run)
        note = (var / "postgres-is-elsewhere.txt").read_text()
        shutil.rmtree(var)
        # As when a clone is deleted and made again: the old database cannot be opened.
        anew = bench.call(*run)
    finally:
        outside = note.split(" in ")[-1].split(".\n")[0]
        assert outside.startswith("/var/lib/metaclaw/")
        shutil.rmtree(outside)

    assert (first.returncode, second.returncode, anew.returncode) == (0, 0, 0), anew.stderr
    assert not (var / "postgres").exists()
    assert closed.stat().st_mode & 0o777 == 0o700
