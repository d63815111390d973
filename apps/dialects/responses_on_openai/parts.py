"""Content of Responses items as parts of a chat message."""

from typing import Any

from apps.dialects.content import text_part
from apps.dialects.errors import Untranslatable
from apps.dialects.shape import listed, mapping, string

Body = dict[str, Any]

_ELSEWHERE = "is a file that this provider has no access to. Send its content."


def chat_parts(content: Any, field: str) -> list[Body]:
    if isinstance(content, str):
        return [text_part(content)]
    return [_part(part, place) for part, place in listed(content, field)]


def _part(part: Body, field: str) -> Body:
    kind = part.get("type")
    if kind in ("input_text", "output_text", "text"):
        return text_part(string(part.get("text"), f"{field}.text"))
    if kind == "refusal":
        return text_part(string(part.get("refusal"), f"{field}.refusal"))
    if kind == "input_image":
        return _image(part, field)
    if kind == "input_file":
        return _file(part, field)
    if kind == "input_audio":
        audio = mapping(part.get("input_audio"), f"{field}.input_audio")
        return {"type": "input_audio", "input_audio": audio}
    says = f"a part of type {kind} cannot be carried to this provider. Send it as text."
    raise Untranslatable(field, says)


def _image(part: Body, field: str) -> Body:
    if not part.get("image_url"):
        raise Untranslatable(field, _ELSEWHERE)
    image: Body = {"url": string(part["image_url"], f"{field}.image_url")}
    if part.get("detail") in ("low", "high"):
        image["detail"] = part["detail"]
    return {"type": "image_url", "image_url": image}


def _file(part: Body, field: str) -> Body:
    if not part.get("file_data"):
        raise Untranslatable(field, _ELSEWHERE)
    file = {name: part[name] for name in ("filename", "file_data") if part.get(name)}
    return {"type": "file", "file": file}
