"""Typed readers of a request body that nobody has checked yet."""

import json
from typing import Any

from apps.integrations.practice.errors import bad_request


def parse_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise bad_request("We could not parse the JSON body of your request.") from exc
    if not isinstance(value, dict):
        raise bad_request("The body must be a JSON object.")
    return value


def text_field(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise bad_request(f"'{name}' is required and must be a string.", name)
    return value


def flag_field(body: dict[str, Any], name: str) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise bad_request(f"'{name}' must be true or false.", name)
    return bool(value)


def object_list(body: dict[str, Any], name: str, *, is_required: bool) -> list[dict[str, Any]]:
    value = body.get(name)
    if value is None and not is_required:
        return []
    if not isinstance(value, list) or (is_required and not value):
        raise bad_request(f"'{name}' must be a non-empty array.", name)
    for index, each in enumerate(value):
        if not isinstance(each, dict):
            raise bad_request(f"'{name}[{index}]' must be an object.", f"{name}[{index}]")
    return value


def content_text(content: Any, param: str) -> str:
    """The text of a message's content: a string, or the text parts of a list."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise bad_request(f"'{param}' must be a string or an array of parts.", param)
    parts = []
    for index, part in enumerate(content):
        if not isinstance(part, dict):
            raise bad_request(f"'{param}[{index}]' must be an object.", f"{param}[{index}]")
        parts.append(part.get("text"))
    return "\n".join(part for part in parts if isinstance(part, str))
