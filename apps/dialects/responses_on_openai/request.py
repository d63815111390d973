"""The settings of a Responses request as those of a chat completion."""

from typing import Any

from apps.dialects.errors import Untranslatable
from apps.dialects.fields import Fields, Refusal, words
from apps.dialects.names import user_id
from apps.dialects.responses_on_openai.items import chat_messages
from apps.dialects.responses_on_openai.tools import chat_tool_choice, chat_tools
from apps.dialects.shape import mapping, sequence, text_of

Body = dict[str, Any]

_NO_STORE = "this provider keeps no conversations. Send the whole conversation as `input`."
FIELDS = Fields(
    carried=words(
        "model input instructions max_output_tokens temperature top_p stream tools tool_choice"
        " parallel_tool_calls reasoning text user safety_identifier service_tier include"
        " truncation"
    ),
    # Hints for caches, labels, and a limit of tools that are not there.
    harmless=words(
        "prompt_cache_key prompt_cache_retention prompt_cache_options metadata client_metadata"
        " stream_options max_tool_calls"
    ),
    refused={
        "previous_response_id": Refusal(_NO_STORE),
        "conversation": Refusal(_NO_STORE),
        "background": Refusal("this provider answers at once or not at all. Leave it out."),
        "prompt": Refusal("prompt templates are stored at OpenAI. Send the text as `input`."),
        "top_logprobs": Refusal("this provider's scores of tokens are not passed on."),
        "moderation": Refusal("this provider has no moderation to switch on. Leave it out."),
    },
)
_LOGPROBS = "message.output_text.logprobs"


def chat_request(body: Body, *, keeps_signed: bool) -> tuple[Body, list[str]]:
    """The body for the provider, and what was left out of it."""
    left_out = FIELDS.left_out(body)
    if _LOGPROBS in sequence(body.get("include") or [], "include"):
        raise Untranslatable("include", "this provider's scores of tokens are not passed on.")
    messages = chat_messages(body, left_out, keeps_signed=keeps_signed)
    request: Body = {"model": body.get("model"), "messages": messages}
    tools, dropped = chat_tools(body.get("tools"))
    left_out += dropped
    request |= _tool_settings(body, tools)
    for name, sent in (
        ("max_output_tokens", "max_completion_tokens"),
        ("temperature", "temperature"),
        ("top_p", "top_p"),
    ):
        if body.get(name) is not None:
            request[sent] = body[name]
    request |= _reasoning(body, left_out) | _text(body, left_out) | _user(body)
    if text_of(body.get("service_tier")) not in ("", "auto"):
        request["service_tier"] = body["service_tier"]
    if body.get("truncation") == "auto":
        left_out.append("truncation")
    if body.get("stream"):
        request |= {"stream": True, "stream_options": {"include_usage": True}}
    return request, left_out


def _tool_settings(body: Body, tools: list[Body]) -> Body:
    choice = chat_tool_choice(body.get("tool_choice"))
    if not tools:
        # Without tools this API refuses settings of tools.
        if choice not in (None, "auto", "none"):
            raise Untranslatable("tool_choice", "there is no tool that it could choose.")
        return {}
    said: Body = {"tools": tools}
    if choice is not None:
        said["tool_choice"] = choice
    if isinstance(body.get("parallel_tool_calls"), bool):
        said["parallel_tool_calls"] = body["parallel_tool_calls"]
    return said


def _reasoning(body: Body, left_out: list[str]) -> Body:
    wanted = mapping(body.get("reasoning") or {}, "reasoning")
    for name, ordinary in (("mode", "standard"), ("context", "auto")):
        if wanted.get(name) not in (None, ordinary):
            left_out.append(f"reasoning.{name}")
    return {"reasoning_effort": wanted["effort"]} if wanted.get("effort") else {}


def _text(body: Body, left_out: list[str]) -> Body:
    wanted = mapping(body.get("text") or {}, "text")
    said: Body = {"verbosity": wanted["verbosity"]} if wanted.get("verbosity") else {}
    left_out += [f"text.{name}" for name in wanted if name not in ("format", "verbosity")]
    form = mapping(wanted.get("format") or {}, "text.format")
    kind = form.get("type", "text")
    if kind == "json_object":
        said["response_format"] = {"type": "json_object"}
    elif kind == "json_schema":
        described = {name: value for name, value in form.items() if name != "type"}
        said["response_format"] = {"type": "json_schema", "json_schema": described}
    elif kind != "text":
        raise Untranslatable("text.format.type", "must be text, json_object or json_schema.")
    return said


def _user(body: Body) -> Body:
    said = text_of(body.get("safety_identifier")) or text_of(body.get("user"))
    return {"user": user_id(said)} if said else {}
