"""Errors of providers, in the caller's form."""

import json
from typing import Any

import pytest

from apps.dialects import Untranslatable, translation
from tests.dialects.requests import way


def said(caller: str, provider: str, status: int, body: bytes) -> Any:
    return json.loads(way(caller, provider, {}).error(status, body))


def openai(message: str, **fields: Any) -> bytes:
    return json.dumps({"error": {"message": message} | fields}).encode()


def anthropic(kind: str, message: str) -> bytes:
    return json.dumps({"type": "error", "error": {"type": kind, "message": message}}).encode()


@pytest.mark.parametrize(
    "status,kind",
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (413, "request_too_large"),
        (418, "invalid_request_error"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (502, "api_error"),
        (503, "overloaded_error"),
        (529, "overloaded_error"),
    ],
)
def test_a_status_has_its_type_at_anthropic(status: int, kind: str) -> None:
    error = said("anthropic", "openai", status, openai("Nö.", type="x", code="y"))

    assert error == {"type": "error", "error": {"type": kind, "message": "Nö."}}


@pytest.mark.parametrize("caller", ["openai", "responses"])
@pytest.mark.parametrize(
    "status,kind,code",
    [
        (400, "invalid_request_error", None),
        (401, "authentication_error", "invalid_api_key"),
        (429, "rate_limit_error", "rate_limit_exceeded"),
        (529, "overloaded_error", "overloaded"),
    ],
)
def test_a_type_of_anthropic_has_its_code_at_openai(
    caller: str, status: int, kind: str, code: str | None
) -> None:
    error = said(caller, "anthropic", status, anthropic(kind, "Nö."))["error"]

    assert error["message"] == "Nö."
    assert error["code"] == code
    assert set(error) == {"message", "type", "param", "code"}


def test_an_error_of_openai_stays_what_it_was() -> None:
    body = openai("No.", type="tokens", param="messages", code="rate_limit_exceeded")

    assert said("responses", "openai", 429, body) == json.loads(body)


def test_a_prompt_that_is_too_long_is_known_everywhere() -> None:
    words = "This model's maximum context length is 8192 tokens."
    coded = openai(words, code="context_length_exceeded")

    for body in (openai(words), coded):
        message = said("anthropic", "openai", 400, body)["error"]["message"]
        assert message == f"prompt is too long: {words}"
    for caller in ("openai", "responses"):
        body = anthropic("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum")
        assert said(caller, "anthropic", 400, body)["error"]["code"] == "context_length_exceeded"


@pytest.mark.parametrize(
    "body,message",
    [
        (b"", "The provider answered 502 without saying why."),
        (b"<html>Bad gateway</html>", "The provider answered 502 without saying why."),
        (b"upstream \xff away", "upstream \ufffd away"),
        (b'{"error":"overloaded"}', "overloaded"),
        (b'{"detail":"No such model"}', "No such model"),
        (b'{"detail":[{"loc":["body"]}]}', '[{"loc":["body"]}]'),
        (b'{"object":"error","message":"vLLM says no"}', "vLLM says no"),
        (b'[{"error":{"message":"Gemini says no","code":400}}]', "Gemini says no"),
        (b'{"error":{}}', "The provider answered 502 without saying why."),
        (b"[]", "The provider answered 502 without saying why."),
        (b"null", "The provider answered 502 without saying why."),
    ],
)
@pytest.mark.parametrize("caller,provider", [("anthropic", "openai"), ("responses", "anthropic")])
def test_errors_of_any_form_are_read(caller: str, provider: str, body: bytes, message: str) -> None:
    assert said(caller, provider, 502, body)["error"]["message"] == message


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "responses"])
def test_who_speaks_the_same_needs_no_translation(dialect: str) -> None:
    assert translation(dialect, dialect, {}) is None


def test_a_way_that_is_not_there_is_said() -> None:
    with pytest.raises(Untranslatable, match="openai format do not reach responses"):
        translation("openai", "responses", {})
