"""Readers of environment variables: what they take, and how they refuse."""

import pytest

from metaclaw_web.env import (
    BadSetting,
    env_bool,
    env_choice,
    env_float,
    env_int,
    env_list,
    env_str,
    env_url,
    secret,
)


def test_an_empty_variable_counts_as_missing():
    environ = {"NAME": "  "}

    assert env_str("NAME", "default", environ=environ) == "default"
    assert env_int("NAME", 3, environ=environ) == 3
    assert env_bool("NAME", default=True, environ=environ) is True
    assert env_list("NAME", ["a"], environ=environ) == ["a"]
    with pytest.raises(BadSetting, match=r"NAME: is not set.*NAME=try-this"):
        env_str("NAME", example="try-this", environ=environ)


@pytest.mark.parametrize(
    "word, expected", [("1", True), ("Yes", True), ("off", False), ("0", False)]
)
def test_switches_take_the_usual_words(word, expected):
    assert env_bool("NAME", default=not expected, environ={"NAME": word}) is expected


@pytest.mark.parametrize(
    "read, value, words",
    [
        (lambda e: env_bool("NAME", default=False, environ=e), "maybe", "neither yes nor no"),
        (lambda e: env_int("NAME", 1, environ=e), "1.5", "not a whole number"),
        (lambda e: env_int("NAME", 1, least=1, environ=e), "0", "too small"),
        (lambda e: env_int("NAME", 1, most=9, environ=e), "10", "too large"),
        (lambda e: env_float("NAME", 1, least=0, environ=e), "nan", "out of range"),
        (lambda e: env_float("NAME", 1, most=1, environ=e), "x", "not a number"),
        (lambda e: env_choice("NAME", "a", ["a", "b"], environ=e), "c", "not one of: a, b"),
        (lambda e: env_url("NAME", environ=e), "ftp://host", "has to start with http"),
        (lambda e: env_url("NAME", environ=e), "http://", "names no host"),
        (lambda e: env_url("NAME", environ=e), "http://host:port", "is not an address"),
        (lambda e: env_url("NAME", environ=e), "http://ho st", "contains a blank"),
    ],
)
def test_a_wrong_value_is_refused_by_name(read, value, words):
    with pytest.raises(BadSetting, match=words) as caught:
        read({"NAME": value})

    assert caught.value.variable == "NAME"


def test_a_refused_address_does_not_repeat_the_password_in_it():
    with pytest.raises(BadSetting) as caught:
        env_url("DATABASE_URL", environ={"DATABASE_URL": "mysql://me:hunter2@host/x"})

    assert "hunter2" not in str(caught.value)


def test_local_sockets_are_addresses_too():
    environ = {"REDIS_URL": "unix:///run/redis.sock"}

    assert env_url("REDIS_URL", schemes=("unix",), environ=environ) == environ["REDIS_URL"]


def test_a_secret_comes_from_the_variable_or_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("from file\n")

    assert secret("KEY", environ={"KEY": "given"}) == "given"
    assert secret("KEY", environ={"KEY_FILE": str(file)}) == "from file"
    assert secret("KEY", "", environ={}) == ""


@pytest.mark.parametrize(
    "content, words",
    [(b"", "is empty"), (b"\xff\xfe", "does not hold text"), (b"x" * 70000, "too large")],
)
def test_a_file_that_holds_no_secret_is_refused(tmp_path, content, words):
    file = tmp_path / "key"
    file.write_bytes(content)

    with pytest.raises(BadSetting, match=words) as caught:
        secret("KEY", environ={"KEY_FILE": str(file)})

    assert caught.value.variable == "KEY_FILE"


def test_a_missing_or_doubly_set_secret_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="neither is KEY_FILE"):
        secret("KEY", environ={})
    with pytest.raises(BadSetting, match="cannot be read"):
        secret("KEY", environ={"KEY_FILE": str(tmp_path / "absent")})
    with pytest.raises(BadSetting, match="keep one of them"):
        secret("KEY", environ={"KEY": "a", "KEY_FILE": "b"})
