"""Images and documents, in the forms of the APIs."""

import base64
import binascii
import re
from typing import Any

from apps.dialects.errors import Untranslatable
from apps.dialects.shape import mapping, string, text_of

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w.=+-]+)*?;base64,(.*)", re.DOTALL)
_IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp")
_PDF = "application/pdf"
_BY_ID = "refers to a file stored at another provider. Send the content itself."


def chat_image(block: dict[str, Any], field: str) -> dict[str, Any]:
    """Anthropic's image block as OpenAI's part."""
    source = mapping(block.get("source"), f"{field}.source")
    if source.get("type") == "base64":
        url = _data_url(source, f"{field}.source")
    elif source.get("type") == "url":
        url = string(source.get("url"), f"{field}.source.url")
    else:
        raise Untranslatable(f"{field}.source", _BY_ID)
    return {"type": "image_url", "image_url": {"url": url}}


def chat_document(block: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """Anthropic's document block, title and context included, as OpenAI's parts."""
    source = mapping(block.get("source"), f"{field}.source")
    title, context = text_of(block.get("title")), text_of(block.get("context"))
    parts = [{"type": "text", "text": text} for text in (title, context) if text]
    if source.get("type") == "base64":
        name = title if title.lower().endswith(".pdf") else "document.pdf"
        file = {"filename": name, "file_data": _data_url(source, f"{field}.source")}
        return [*parts, {"type": "file", "file": file}]
    if source.get("type") == "text":
        text = string(source.get("data"), f"{field}.source.data")
        return [*parts, {"type": "text", "text": text}]
    if source.get("type") == "content" and isinstance(source.get("content"), str):
        return [*parts, {"type": "text", "text": source["content"]}]
    if source.get("type") == "url":
        says = "this provider does not fetch documents. Send the document as base64."
        raise Untranslatable(f"{field}.source", says)
    raise Untranslatable(f"{field}.source", _BY_ID)


def anthropic_image(part: dict[str, Any], field: str) -> dict[str, Any]:
    """OpenAI's image part as Anthropic's block."""
    image = mapping(part.get("image_url"), f"{field}.image_url")
    url = string(image.get("url"), f"{field}.image_url.url")
    if url.startswith(("http://", "https://")):
        return {"type": "image", "source": {"type": "url", "url": url}}
    media_type, data = _parse_data_url(url, f"{field}.image_url.url")
    if media_type not in _IMAGES:
        says = f"{media_type} images are not taken by this provider. Send JPEG, PNG, GIF or WebP."
        raise Untranslatable(f"{field}.image_url.url", says)
    return {"type": "image", "source": _base64(media_type, data)}


def anthropic_document(part: dict[str, Any], field: str) -> dict[str, Any]:
    """OpenAI's file part (PDF or plain text) as Anthropic's block."""
    file = mapping(part.get("file"), f"{field}.file")
    if not file.get("file_data"):
        raise Untranslatable(f"{field}.file", _BY_ID)
    url = string(file["file_data"], f"{field}.file.file_data")
    media_type, data = _parse_data_url(url, f"{field}.file.file_data")
    if media_type == _PDF:
        source = _base64(_PDF, data)
    elif media_type == "text/plain":
        text = _decoded(data, f"{field}.file.file_data")
        source = {"type": "text", "media_type": "text/plain", "data": text}
    else:
        says = f"{media_type} files are not taken by this provider. Send PDF or plain text."
        raise Untranslatable(f"{field}.file.file_data", says)
    block = {"type": "document", "source": source}
    return block | ({"title": file["filename"]} if text_of(file.get("filename")) else {})


def _data_url(source: dict[str, Any], field: str) -> str:
    media_type = string(source.get("media_type"), f"{field}.media_type")
    return f"data:{media_type};base64,{string(source.get('data'), f'{field}.data')}"


def _parse_data_url(url: str, field: str) -> tuple[str, str]:
    found = _DATA_URL.fullmatch(url)
    if found is None:
        raise Untranslatable(field, "must be an http address or a data: URL in base64.")
    return found[1].lower(), found[2]


def _base64(media_type: str, data: str) -> dict[str, Any]:
    return {"type": "base64", "media_type": media_type, "data": data}


def _decoded(data: str, field: str) -> str:
    try:
        return base64.b64decode(data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as exc:
        raise Untranslatable(field, "is not UTF-8 text in base64.") from exc
