"""The settings of an Anthropic request as those of a chat completion."""

from typing import Any

from apps.dialects.anthropic_on_openai.messages import chat_messages
from apps.dialects.anthropic_on_openai.tools import chat_tool_choice, chat_tools
from apps.dialects.errors import Untranslatable
from apps.dialects.fields import Fields, Refusal, words
from apps.dialects.names import user_id
from apps.dialects.shape import dict_of, dicts_in, mapping, sequence, text_of

Body = dict[str, Any]

FIELDS = Fields(
    carried=words(
        "model messages system max_tokens stop_sequences stream temperature top_p tools tool_choice"
        " metadata thinking output_config output_format service_tier context_management"
    ),
    # A cache mark changes what a prompt costs, not what it says; betas only switch fields on.
    harmless=words("cache_control betas anthropic_beta"),
    refused={
        "top_k": Refusal("this provider has no top_k. Leave it out, or use top_p."),
        "container": Refusal("this provider has no containers. Leave it out."),
        "mcp_servers": Refusal(
            "this provider cannot call MCP servers. Connect them in the client, as tools."
        ),
        "inference_geo": Refusal("this provider lets nobody choose where it computes."),
    },
)
_STOPS_MAX = 4
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_TIERS = {"standard_only": "default"}


def chat_request(body: Body) -> tuple[Body, list[str]]:
    """The body for the provider, and what was left out of it."""
    left_out = FIELDS.left_out(body)
    request: Body = {"model": body.get("model"), "messages": chat_messages(body)}
    tools, dropped = chat_tools(body.get("tools"))
    left_out += dropped
    if tools:
        request["tools"] = tools
        request |= chat_tool_choice(body.get("tool_choice"))
    request["max_completion_tokens"] = _max_tokens(body)
    for name in ("temperature", "top_p"):
        if body.get(name) is not None:
            request[name] = body[name]
    request |= _stop(body) | _user(body) | _stream(body)
    request |= _output(body, left_out)
    _left_of_context_management(body, left_out)
    tier = _TIERS.get(text_of(body.get("service_tier")))
    return request | ({"service_tier": tier} if tier else {}), left_out


def _max_tokens(body: Body) -> int:
    wanted = body.get("max_tokens")
    if not isinstance(wanted, int) or wanted < 1:
        raise Untranslatable("max_tokens", "must be a number above 0 for this provider.")
    return wanted


def _stop(body: Body) -> Body:
    stops = sequence(body.get("stop_sequences") or [], "stop_sequences")
    if len(stops) > _STOPS_MAX:
        says = f"this provider takes at most {_STOPS_MAX}. Send the most likely ones."
        raise Untranslatable("stop_sequences", says)
    return {"stop": stops} if stops else {}


def _user(body: Body) -> Body:
    said = text_of(mapping(body.get("metadata") or {}, "metadata").get("user_id"))
    return {"user": user_id(said)} if said else {}


def _stream(body: Body) -> Body:
    if not body.get("stream"):
        return {}
    # Anthropic's streams always count, so the provider is always asked to.
    return {"stream": True, "stream_options": {"include_usage": True}}


def _output(body: Body, left_out: list[str]) -> Body:
    config = mapping(body.get("output_config") or {}, "output_config")
    left_out += [
        f"output_config.{name}"
        for name, value in config.items()
        if value and name not in ("effort", "format")
    ]
    said: Body = {}
    effort = config.get("effort")
    if effort in _EFFORTS:
        said["reasoning_effort"] = effort
    elif effort:
        left_out.append("output_config.effort")
    if dict_of(body.get("thinking")).get("budget_tokens") and not said:
        # How much a budget is on OpenAI's scale is documented nowhere.
        left_out.append("thinking.budget_tokens")
    wanted = config.get("format") or body.get("output_format")
    if wanted:
        said["response_format"] = _response_format(mapping(wanted, "output_config.format"))
    return said


def _response_format(wanted: Body) -> Body:
    if wanted.get("type") != "json_schema":
        says = "only json_schema can be carried to this provider."
        raise Untranslatable("output_config.format.type", says)
    schema = mapping(wanted.get("schema"), "output_config.format.schema")
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema, "strict": True},
    }


def _left_of_context_management(body: Body, left_out: list[str]) -> None:
    edits = mapping(body.get("context_management") or {}, "context_management").get("edits")
    for edit in dicts_in(edits):
        kind = text_of(edit.get("type"))
        # Thinking of earlier turns does not reach this provider in any case.
        if not kind.startswith("clear_thinking_"):
            left_out.append(f"context_management.{kind}")
