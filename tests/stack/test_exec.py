"""Commands beside throw-away servers."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from metaclaw_web.stack import orphans

pytestmark = pytest.mark.stack

LOOK = """
import json, os, psycopg, redis, sys
with psycopg.connect(os.environ["DATABASE_URL"]) as app:
    role = app.execute(
        "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    inherits = app.execute("SELECT pg_has_role('mc_ops', 'USAGE')").fetchone()
    app.execute("SET ROLE mc_ops")
    bypass = app.execute(
        "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
with psycopg.connect(os.environ["METACLAW_OWNER_DATABASE_URL"], autocommit=True) as owner:
    owner.execute("CREATE DATABASE test_one")
    owner.execute("CREATE TABLE t (v vector(3))")
assert redis.Redis.from_url(os.environ["REDIS_URL"]).config_get("appendonly")["appendonly"] == "yes"
print(json.dumps([role, inherits, bypass, os.environ["METACLAW_VAR_DIR"],
                  "METACLAW_UPSTREAM_URL" in os.environ]))
sys.exit(7)
"""


def test_the_command_gets_servers_with_the_right_roles_and_its_exit_code_is_kept(bench):
    users = {
        "METACLAW_UPSTREAM_URL": "https://api.example.com/v1",
        "DATABASE_URL": "postgres://someone@127.0.0.1:1/precious",
    }
    result = bench.call("exec", "--", sys.executable, "-c", LOOK, **users)

    assert result.returncode == 7, result.stderr
    role, inherits, bypass, var, has_upstream = json.loads(result.stdout)
    assert role == ["mc_app", False, False, False]
    assert inherits == [False]
    assert bypass == [True]
    assert not has_upstream
    assert not Path(var).exists()
    assert orphans.find(Path(var)) == []


def test_a_full_throwaway_stack_serves_the_command(bench):
    script = (
        "import os, json, urllib.request as u;"
        "u.urlopen(os.environ['METACLAW_GATEWAY_URL'] + '/healthz');"
        "print(open(os.environ['METACLAW_VAR_DIR'] + '/first-run.json').read())"
    )
    result = bench.call("exec", "--full", "--", sys.executable, "-c", script)

    assert result.returncode == 0, result.stderr
    assert '"api_key": "first-key"' in result.stdout


def test_a_signal_ends_the_command_and_its_servers(bench):
    launcher = subprocess.Popen(
        [sys.executable, "-m", "metaclaw_web.stack", "exec", "--", "sleep", "60"],
        cwd=bench.place,
        env=bench.env | {"TMPDIR": str(bench.place)},
    )
    pattern = "metaclaw-*-throwaway-*/run/stack.json"
    deadline = time.monotonic() + 30
    while not (found := list(bench.place.glob(pattern))):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    var = found[0].parents[1]

    launcher.send_signal(signal.SIGTERM)

    assert launcher.wait(timeout=30) == 130
    assert not var.exists()
    assert orphans.find(var) == []


def test_what_a_killed_command_left_is_swept_by_a_later_one(bench):
    env = bench.env | {"TMPDIR": str(bench.place)}
    launcher = subprocess.Popen(
        [sys.executable, "-m", "metaclaw_web.stack", "exec", "--", "sleep", "60"],
        cwd=bench.place,
        env=env,
    )
    deadline = time.monotonic() + 30
    while True:
        found = list(bench.place.glob("metaclaw-*-throwaway-*"))
        if found and any("sleep" in item.cmdline() for item in orphans.find(found[0])):
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    bench.kill(launcher)
    hour_ago = time.time() - 3600
    os.utime(found[0], (hour_ago, hour_ago))

    result = bench.call("exec", "--", "true", TMPDIR=str(bench.place))

    assert result.returncode == 0, result.stderr
    assert orphans.find(found[0]) == []
    assert not found[0].exists()
