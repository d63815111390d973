"""What the launcher makes of the environment."""

import re
from pathlib import Path

import pytest

from metaclaw_web.env import BadSetting
from metaclaw_web.stack import environment, options, secret_files, throwaway
from metaclaw_web.stack.options import load_dotenv, read_options
from metaclaw_web.stack.paths import ROOT, Paths
from metaclaw_web.stack.programs import applications

PORTS = {"postgres": 5001, "redis": 5002}


def built(tmp_path: Path, **environ: str) -> dict[str, str]:
    paths = Paths(tmp_path / "var")
    paths.prepare()
    secret_files.ensure(paths, environ, has_data=False)
    return environment.build(read_options(environ, var=paths.var), paths, PORTS, environ)


def test_the_defaults_are_those_of_the_readme():
    options = read_options({})

    assert options.gateway_url == "http://127.0.0.1:30000"
    assert options.console_url == "http://127.0.0.1:8000"
    assert options.var == ROOT / "var"
    assert options.practice is not None


def test_the_practice_model_stays_out_when_a_provider_is_set(tmp_path):
    env = built(
        tmp_path,
        METACLAW_UPSTREAM_URL="https://api.example.com/v1",
        METACLAW_UPSTREAM_MODEL="m",
        METACLAW_PRACTICE_URL="http://127.0.0.1:1",
    )

    assert "METACLAW_PRACTICE_URL" not in env
    assert env["METACLAW_UPSTREAM_MODEL"] == "m"


def test_an_outside_bind_address_keeps_addresses_that_a_browser_can_use(tmp_path):
    env = built(tmp_path, METACLAW_BIND="0.0.0.0", METACLAW_CONSOLE_URL="https://claw.example.com/")

    assert env["METACLAW_GATEWAY_HOST"] == "0.0.0.0"
    assert env["METACLAW_GATEWAY_URL"] == "http://127.0.0.1:30000"
    assert env["METACLAW_CONSOLE_URL"] == "https://claw.example.com"
    assert "claw.example.com" in env["METACLAW_ALLOWED_HOSTS"].split(",")
    assert read_options({"METACLAW_BIND": "::1"}).gateway.url == "http://[::1]:30000"


def test_servers_of_the_user_are_used_as_they_are(tmp_path):
    env = built(
        tmp_path,
        DATABASE_URL="postgres://me:x@db.example.com/metaclaw",
        REDIS_URL="rediss://cache.example.com/0",
        METACLAW_MASTER_KEY="mine",
    )

    assert env["DATABASE_URL"] == "postgres://me:x@db.example.com/metaclaw"
    assert env["REDIS_URL"] == "rediss://cache.example.com/0"
    assert "METACLAW_MASTER_KEY_FILE" not in env
    assert not (tmp_path / "var/secrets/master-key").exists()


def test_two_listeners_on_one_port_are_refused():
    with pytest.raises(BadSetting, match="30000 is the port of the gateway already"):
        read_options({"METACLAW_CONSOLE_PORT": "30000"})


def test_the_env_file_gives_way_to_what_is_set(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# ports\nMETACLAW_CONSOLE_PORT=9000\nexport METACLAW_GATEWAY_PORT='9001'\n")
    environ = {"METACLAW_CONSOLE_PORT": "7000"}

    load_dotenv(environ, path=file)

    assert environ == {"METACLAW_CONSOLE_PORT": "7000", "METACLAW_GATEWAY_PORT": "9001"}


def test_a_throwaway_stack_sees_nothing_of_the_users_own():
    user = {
        "PATH": "/bin",
        "DATABASE_URL": "postgres://precious",
        "METACLAW_STACK": "/somewhere",
        "METACLAW_UPSTREAM_URL": "https://api.example.com",
        "METACLAW_GATEWAY_PORT": "30000",
        "METACLAW_CHROMIUM": "/usr/bin/chromium",
    }

    tests = throwaway.environ(user, is_full=False)
    full = throwaway.environ(user, is_full=True)

    assert tests == {"PATH": "/bin", "METACLAW_CHROMIUM": "/usr/bin/chromium"}
    assert "DATABASE_URL" not in full
    assert "METACLAW_STACK" not in full
    assert full["METACLAW_UPSTREAM_URL"] == "https://api.example.com"
    assert full["METACLAW_GATEWAY_PORT"] != "30000"


def test_every_variable_the_code_reads_is_documented():
    read = set()
    for folder in ("metaclaw_web", "apps"):
        for path in (ROOT / folder).rglob("*.py"):
            calls = r"(?:env_\w+|secret)\(\s*\"([A-Z][A-Z0-9_]+)\""
            read |= set(re.findall(calls, path.read_text()))
    documented = set(
        re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M)
    )

    assert read - documented == set()


def test_secrets_are_private_and_stay_the_same(tmp_path):
    paths = Paths(tmp_path / "var")
    paths.prepare()
    secret_files.ensure(paths, {}, has_data=False)
    first = {item.name: secret_files.read(paths, item.name) for item in secret_files.FILES}

    secret_files.ensure(paths, {}, has_data=True)

    assert first == {item.name: secret_files.read(paths, item.name) for item in secret_files.FILES}
    assert len(set(first.values())) == len(first)
    for item in secret_files.FILES:
        assert (paths.secrets / item.name).stat().st_mode & 0o777 == 0o600


def test_a_long_path_gets_its_socket_elsewhere(tmp_path):
    paths = Paths(tmp_path / ("deep-" * 20) / "var")

    assert len(str(paths.socket)) < 100
    assert not paths.socket.is_relative_to(tmp_path)


@pytest.fixture
def model_is_there(monkeypatch):
    monkeypatch.setattr(options, "is_installed", lambda: True)


@pytest.mark.usefixtures("model_is_there")
def test_the_embedder_runs_by_default_and_everybody_is_told_where(tmp_path):
    env = built(tmp_path, METACLAW_EMBEDDER_PORT="41234")

    assert env["METACLAW_EMBEDDINGS_URL"] == "http://127.0.0.1:41234/v1"
    assert env["METACLAW_EMBEDDINGS_MODEL"] == "all-MiniLM-L6-v2"
    names = [one.name for one in applications(read_options({}), Paths(tmp_path))]
    assert names.index("embedder") < names.index("gateway")


@pytest.mark.usefixtures("model_is_there")
@pytest.mark.parametrize(
    "environ",
    [
        {"METACLAW_EMBEDDER": "off"},
        {
            "METACLAW_EMBEDDINGS_URL": "https://api.example.com/v1",
            "METACLAW_EMBEDDINGS_MODEL": "theirs",
        },
    ],
)
def test_the_embedder_stays_out_when_it_is_not_wanted(tmp_path, environ):
    env = built(tmp_path, **environ)

    assert env.get("METACLAW_EMBEDDINGS_MODEL") == environ.get("METACLAW_EMBEDDINGS_MODEL")
    assert env.get("METACLAW_EMBEDDINGS_URL") == environ.get("METACLAW_EMBEDDINGS_URL")
    assert read_options(environ).embedder is None


def test_without_its_model_the_embedder_stays_out_or_says_why(monkeypatch):
    monkeypatch.setattr(options, "is_installed", lambda: False)

    assert read_options({}).embedder is None
    with pytest.raises(BadSetting, match="not installed"):
        read_options({"METACLAW_EMBEDDER": "on"})


@pytest.mark.usefixtures("model_is_there")
def test_two_embedders_are_refused():
    with pytest.raises(BadSetting, match="names another endpoint"):
        read_options(
            {
                "METACLAW_EMBEDDER": "on",
                "METACLAW_EMBEDDINGS_URL": "https://api.example.com/v1",
            }
        )


def test_the_policy_process_runs_by_default_and_gets_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", "/models")
    env = built(tmp_path, METACLAW_POLICY_PORT="41236")
    chosen = read_options(
        {"METACLAW_POLICY_PORT": "41236", "METACLAW_ALLOW_PRIVATE_UPSTREAMS": "0"}
    )
    programs = {one.name: one.command for one in applications(chosen, Paths(tmp_path))}
    line = programs["policy"]

    assert env["METACLAW_POLICY_URL"] == "http://127.0.0.1:41236"
    assert line[:2] == ["/usr/bin/env", "-i"]
    assert "HF_HOME=/models" in line
    assert not [one for one in line if "SECRET" in one or "DATABASE" in one]
    assert "--allow-private" not in line
    assert list(programs).index("policy") < list(programs).index("gateway")
    allowed = {one.name: one.command for one in applications(read_options({}), Paths(tmp_path))}
    assert "--allow-private" in allowed["policy"]


@pytest.mark.parametrize(
    "environ", [{"METACLAW_POLICY": "0"}, {"METACLAW_POLICY_URL": "http://10.0.0.5:30004"}]
)
def test_the_policy_process_stays_out_when_it_is_not_wanted(tmp_path, environ):
    assert read_options(environ).policy is None
    assert built(tmp_path, **environ).get("METACLAW_POLICY_URL") == environ.get(
        "METACLAW_POLICY_URL"
    )


def test_a_throw_away_stack_has_no_embedder_unless_it_is_asked_for():
    assert throwaway.environ({}, is_full=True)["METACLAW_EMBEDDER"] == "off"
    assert throwaway.environ({}, is_full=True)["METACLAW_POLICY"] == "off"
    asked = throwaway.environ({"METACLAW_EMBEDDER": "on"}, is_full=True)
    assert asked["METACLAW_EMBEDDER"] == "on"
