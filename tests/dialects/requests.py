"""Asking the translations, without the ceremony."""

from typing import Any

from apps.dialects import Translation, translation

Body = dict[str, Any]
PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQ="


def way(caller: str, provider: str, body: Body) -> Translation:
    made = translation(caller, provider, body)
    assert made is not None
    return made


def sent(caller: str, provider: str, **fields: Any) -> Body:
    """What the provider is sent for a body with these fields."""
    body = default(caller) | fields
    return way(caller, provider, body).request(body)


def left_out(caller: str, provider: str, **fields: Any) -> list[str]:
    body = default(caller) | fields
    made = way(caller, provider, body)
    made.request(body)
    return made.left_out


def default(caller: str) -> Body:
    said: Body = {"role": "user", "content": "Hi"}
    if caller == "responses":
        return {"model": "m", "input": [said]}
    return {"model": "m", "messages": [said]} | ({"max_tokens": 9} if caller == "anthropic" else {})
