"""Anthropic's content blocks as parts of a chat message."""

from typing import Any

from apps.dialects.content import text_part
from apps.dialects.errors import Untranslatable
from apps.dialects.media import chat_document, chat_image
from apps.dialects.shape import dict_of, listed, string, text_of

Body = dict[str, Any]


def texts(content: Any, field: str) -> list[str]:
    """The texts of content that may hold nothing else."""
    if isinstance(content, str):
        return [content]
    said = []
    for block, place in listed(content, field):
        if block.get("type") != "text":
            raise Untranslatable(place, "only text can stand here.")
        said.append(string(block.get("text"), f"{place}.text"))
    return said


def chat_parts(block: Body, field: str) -> list[Body]:
    kind = block.get("type")
    if kind == "text":
        return [text_part(string(block.get("text"), f"{field}.text"))]
    if kind == "image":
        return [chat_image(block, field)]
    if kind == "document":
        return _document(block, field)
    if kind == "search_result":
        return [_search_result(block, field)]
    if kind == "tool_reference":
        # All tools are declared at once to this provider, also those that wait to be loaded.
        return [text_part(f"The tool {text_of(block.get('tool_name'))} can be used now.")]
    says = f"a {kind} block cannot be carried to this provider. Send its content as text."
    raise Untranslatable(field, says)


def _document(block: Body, field: str) -> list[Body]:
    _refuse_citations(block, field)
    source = dict_of(block.get("source"))
    if source.get("type") == "content" and isinstance(source.get("content"), list):
        inner = listed(source["content"], f"{field}.source.content")
        titles = [text_of(block.get("title")), text_of(block.get("context"))]
        parts = [text_part(title) for title in titles if title]
        return parts + [part for one, place in inner for part in chat_parts(one, place)]
    return chat_document(block, field)


def _search_result(block: Body, field: str) -> Body:
    _refuse_citations(block, field)
    heading = [text_of(block.get("title")), text_of(block.get("source"))]
    return text_part("\n".join([*heading, *texts(block.get("content"), f"{field}.content")]))


def _refuse_citations(block: Body, field: str) -> None:
    if dict_of(block.get("citations")).get("enabled"):
        says = "this provider does not cite its sources. Switch citations off."
        raise Untranslatable(f"{field}.citations", says)
