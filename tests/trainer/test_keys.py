"""Keys and names: known by digest, checked before they mean anything."""

import os

import pytest

from apps.trainer.errors import BadRequest
from apps.trainer.keys import BadKeys, Keys, digest_of, key_add
from apps.trainer.names import checked_name, checked_path


def test_a_key_is_known_by_its_digest_and_only_its_digest_is_stored(tmp_path):
    path = tmp_path / "keys"
    key = key_add(path, "ours")

    assert key.startswith("tml-local-")
    assert Keys(path).tenant(key) == "ours"
    assert Keys(path).tenant(key[:-1]) is None
    assert Keys(path).tenant("") is None
    assert key not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_keys_come_and_go_while_the_server_runs(tmp_path):
    path = tmp_path / "keys"
    keys = Keys(path)
    key = key_add(path, "ours")

    assert keys.tenant(key) == "ours"

    path.write_text("# nobody any more\n")
    os.utime(path, ns=(1, 1))
    assert keys.tenant(key) is None


def test_a_slip_in_the_file_locks_nobody_out(tmp_path):
    path = tmp_path / "keys"
    key = key_add(path, "ours")
    keys = Keys(path)

    with path.open("a") as file:
        file.write("half a line\n")

    assert keys.tenant(key) == "ours"


def test_a_single_key_needs_no_file():
    keys = Keys(None, "tml-local-single")

    assert keys.tenant("tml-local-single") == "local"
    assert len(keys) == 1


@pytest.mark.parametrize("line", ["ours", "ours nothex", f"{'a' * 70} {digest_of('x')}"])
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "keys"
    path.write_text(f"# keys\n\n{line}\n")

    with pytest.raises(BadKeys, match="line 3"):
        Keys(path)


def test_a_bad_tenant_gets_no_key(tmp_path):
    with pytest.raises(BadKeys):
        key_add(tmp_path / "keys", "two words")


@pytest.mark.parametrize("name", ["a", "step-10", "v1.2_final", "x" * 128])
def test_names_that_may_be(name):
    assert checked_name(name) == name
    assert str(checked_path(f"tinker://s:train:0/weights/{name}")).endswith(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a..b", "-a", "a/b", "a\\b", "ä", "a b", "x" * 129]
)
def test_names_that_may_not(name):
    with pytest.raises(BadRequest):
        checked_name(name)


@pytest.mark.parametrize(
    "path", [None, "", "file:///x", "tinker://a/weights", "tinker:///weights/b", "tinker://a/b/c"]
)
def test_paths_that_are_none(path):
    with pytest.raises(BadRequest):
        checked_path(path)
