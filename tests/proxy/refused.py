"""How a refusal looks to the clients of each dialect."""

from tests.proxy.running import Answer

ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    502: "api_error",
    503: "overloaded_error",
    504: "api_error",
}


def assert_refused(answer: Answer, dialect: str, status: int, code: str) -> None:
    """An error as clients of this dialect read it."""
    assert (answer.status, answer.headers["x-metaclaw-error"]) == (status, code), answer.body
    assert answer.headers["content-type"] == "application/json"
    assert answer.error["message"].endswith(".")
    if dialect == "anthropic":
        assert answer.json["type"] == "error"
        assert answer.error["type"] == ANTHROPIC_TYPES[status]
        assert answer.json["request_id"].startswith("req_")
    else:
        assert answer.error["code"] == code
        assert set(answer.error) == {"message", "type", "param", "code"}
