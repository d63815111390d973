"""The life of a stack: first start, later starts, ends of every kind."""

import signal
import socket
import time

import psycopg
import pytest

from metaclaw_web.stack.ports import free_port
from tests.stack.conftest import Bench

pytestmark = pytest.mark.stack


def environment_of(bench: Bench, part: str) -> dict[str, str]:
    found = [item for item in bench.processes() if part in " ".join(item.cmdline())]
    return found[0].environ()


def add_row(bench: Bench) -> None:
    url = environment_of(bench, "metaclaw_web.gateway")["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO kept VALUES (1)")


def count_rows(bench: Bench) -> int:
    url = environment_of(bench, "metaclaw_web.gateway")["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    return int(row[0]) if row else 0


def check_environments(bench: Bench) -> None:
    """The servers run without the secrets of the others, those without the owner's password."""
    for part in ("redis-server", "postgres -D"):
        assert "DATABASE_URL" not in environment_of(bench, part)
    gateway = environment_of(bench, "metaclaw_web.gateway")
    assert "mc_app" in gateway["DATABASE_URL"]
    assert "METACLAW_OWNER_DATABASE_URL" not in gateway
    assert "METACLAW_MASTER_KEY_FILE" in gateway


def test_the_first_start_shows_keys_once_and_a_signal_ends_everything(bench):
    launcher = bench.launch()
    first = bench.terminal
    console_port = bench.env["METACLAW_CONSOLE_PORT"]

    assert bench.first_run == {
        "console_url": f"http://127.0.0.1:{console_port}",
        "gateway_url": f"http://127.0.0.1:{bench.env['METACLAW_GATEWAY_PORT']}",
        "email": "owner@example.com",
        "password": "p",
        "tenant": "main",
        "api_key": "first-key",
        "admin_key": "admin-key",
    }
    assert (bench.var / "first-run.json").stat().st_mode & 0o777 == 0o600
    assert "first-key" in first
    assert "SIMULATED" in first
    check_environments(bench)

    second = bench.call("run")
    assert second.returncode == 1
    assert "is running already" in second.stderr
    assert bench.first_run["console_url"] in second.stderr
    assert launcher.poll() is None
    assert bench.call("status").returncode == 0

    launcher.send_signal(signal.SIGTERM)
    assert launcher.wait(timeout=60) == 0, bench.terminal
    assert bench.processes() == []
    assert bench.call("status").returncode == 3

    moved = {"METACLAW_CONSOLE_PORT": str(free_port())}
    launcher = bench.launch(**moved)

    assert "first-key" not in bench.terminal
    assert bench.first_run["console_url"].endswith(moved["METACLAW_CONSOLE_PORT"])
    assert bench.first_run["api_key"] == "first-key"
    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(timeout=60) == 0, bench.terminal


def test_a_killed_launcher_or_manager_is_cleaned_up_by_the_next_start(bench):
    launcher = bench.launch()
    add_row(bench)
    left = bench.processes()

    bench.kill(launcher)
    second = bench.launch()

    assert "Left over from a killed run" in bench.terminal
    assert not [item for item in left if item.is_running()]
    assert count_rows(bench) == 1

    add_row(bench)
    # Now the other way round: the launcher lives and its process manager is killed.
    manager = next(p for p in bench.processes() if "supervisor.supervisord" in p.cmdline())
    manager.kill()
    assert second.wait(timeout=60) == 1
    assert "process manager ended" in bench.terminal
    assert bench.processes() == []

    bench.launch()
    assert count_rows(bench) == 2


def test_keys_survive_a_kill_at_the_worst_moment_and_can_be_made_new(bench):
    bench.var.mkdir(mode=0o711)
    (bench.var / "die-after-first_run").touch()
    killed = bench.call("run", "--detach")
    (bench.var / "die-after-first_run").unlink()

    second = bench.call("run", "--detach")
    after_kill = bench.first_run
    bench.call("stop")
    third = bench.call("run", "--detach", "--reset-access")

    assert (killed.returncode, second.returncode, third.returncode) == (1, 0, 0)
    assert after_kill["api_key"] == "first-key"
    assert after_kill["console_url"].startswith("http")
    assert "first-run.json" in second.stdout
    assert bench.first_run["api_key"] == "second-key"
    assert bench.first_run["gateway_url"] == after_kill["gateway_url"]
    assert "second-key" in third.stdout
    assert bench.call("stop").returncode == 0


def test_a_detached_stack_outlives_its_launcher_until_it_is_stopped(bench):
    started = bench.call("run", "--detach")
    second = bench.call("run")
    stopped = bench.call("stop")

    assert started.returncode == 0, started.stderr
    assert "is running already" in second.stderr
    assert stopped.returncode == 0, stopped.stderr
    assert bench.processes() == []
    assert "not running" in bench.call("stop").stdout


def test_a_killed_process_comes_back(bench):
    bench.launch()
    for part in ("redis-server", "metaclaw_web.gateway", "postgres -D"):
        victim = next(p for p in bench.processes() if part in " ".join(p.cmdline()))
        bench.kill(victim)

    deadline = time.monotonic() + 30
    port = int(bench.env["METACLAW_GATEWAY_PORT"])
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            assert count_rows(bench) == 0
            break
        except (OSError, IndexError, psycopg.OperationalError):
            assert time.monotonic() < deadline
            time.sleep(0.2)
