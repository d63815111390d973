"""The container files say what the code expects, as far as it shows without a container engine."""

import re
import subprocess

import pytest
import yaml

from metaclaw_web.stack.paths import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker/compose.yml").read_text())
OURS = {name: item for name, item in COMPOSE["services"].items() if "build" in item}
ENTRYPOINT = (ROOT / "docker/entrypoint").read_text()


@pytest.mark.parametrize("name", OURS)
def test_every_service_is_a_role_of_the_image(name):
    (role,) = OURS[name]["command"]

    assert re.search(rf"^{role}\)$", ENTRYPOINT, re.M)
    assert OURS[name]["read_only"]
    assert OURS[name]["cap_drop"] == ["ALL"]


def test_only_the_migration_signs_in_as_the_owner():
    addresses = {
        name: item["environment"]["DATABASE_URL"]
        for name, item in OURS.items()
        if "DATABASE_URL" in item.get("environment", {})
    }

    assert OURS.keys() - addresses.keys() == {"embedder", "policy"}  # which need none
    assert addresses.pop("migrate").startswith("postgres://mc_owner:")
    assert all(address.startswith("postgres://mc_app:") for address in addresses.values())


def test_secrets_have_no_default():
    """What the installation cannot do without is asked for; what it can is empty."""
    text = (ROOT / "docker/compose.yml").read_text()
    secret = r"\w*(?:PASSWORD|SECRET|PEPPER|MASTER_KEY)\w*"
    used = re.findall(rf"\$\{{(METACLAW_{secret})(:.)?([^}}]*)\}}", text)

    assert used
    assert {(kind, default) for _, kind, default in used if kind != ":?"} == {(":-", "")}
    optional = {name for name, kind, _ in used if kind != ":?"}
    assert optional == {"METACLAW_EMAIL_PASSWORD", "METACLAW_OIDC_CLIENT_SECRET"}


def test_the_recorder_shares_the_spool_of_its_gateway():
    mounts = {name: item.get("volumes", []) for name, item in OURS.items()}

    assert mounts["gateway"] == mounts["recorder"] == ["spool:/var/lib/metaclaw/spool"]


@pytest.mark.parametrize("path", ["docker/entrypoint", "docker/postgres/10-roles.sh", ".ci/run"])
def test_scripts_can_be_run(path):
    file = ROOT / path
    shell = file.read_text().splitlines()[0].split()[-1].rpartition("/")[2]

    assert file.stat().st_mode & 0o111 == 0o111
    assert subprocess.run([shell, "-n", str(file)]).returncode == 0
