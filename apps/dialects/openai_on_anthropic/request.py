"""The settings of a chat completion as those of an Anthropic request."""

from typing import Any

from apps.dialects.errors import Untranslatable
from apps.dialects.fields import Fields, Refusal, words
from apps.dialects.openai_on_anthropic.messages import conversation
from apps.dialects.openai_on_anthropic.tools import anthropic_tool_choice, anthropic_tools
from apps.dialects.shape import mapping, sequence, string, text_of

Body = dict[str, Any]

_ALONE = "this provider gives one answer, without scores of tokens. Leave it out."
_PENALTY = "this provider has no penalties. Leave it out."
_OLD = "is out of date and not carried to this provider. Use `tools` and `tool_choice`."
FIELDS = Fields(
    carried=words(
        "model messages max_tokens max_completion_tokens stop stream stream_options temperature"
        " top_p tools tool_choice parallel_tool_calls user safety_identifier reasoning_effort"
        " response_format service_tier modalities"
    ),
    # Hints for caches and speed, and labels of completions that OpenAI stores.
    harmless=words(
        "prompt_cache_key prompt_cache_retention prompt_cache_options prediction metadata"
    ),
    refused={
        "n": Refusal(_ALONE, allows=(1,)),
        "logprobs": Refusal(_ALONE),
        "top_logprobs": Refusal(_ALONE),
        "logit_bias": Refusal("this provider has no biases. Leave it out."),
        "frequency_penalty": Refusal(_PENALTY),
        "presence_penalty": Refusal(_PENALTY),
        "seed": Refusal("this provider has no seeds. Leave it out."),
        "audio": Refusal("this provider does not speak. Leave it out."),
        "functions": Refusal(_OLD),
        "function_call": Refusal(_OLD),
        "web_search_options": Refusal("this provider's search has another interface."),
        "moderation": Refusal("this provider has no moderation to switch on. Leave it out."),
        "store": Refusal("this provider keeps no completions. Leave it out."),
    },
)
# What OpenAI leaves to the model Anthropic wants said: as much as all current models can write.
MAX_TOKENS = 32_000
_EFFORTS = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
_TIERS = {"auto": "auto", "default": "standard_only"}


def anthropic_request(body: Body) -> tuple[Body, list[str]]:
    """The body for the provider, and what was left out of it."""
    left_out = FIELDS.left_out(body)
    system, messages = conversation(body, left_out)
    request: Body = {"model": body.get("model"), "max_tokens": _max_tokens(body)}
    tools = anthropic_tools(body.get("tools"))
    if tools:
        request["tools"] = tools
        request |= anthropic_tool_choice(body)
    if system:
        request["system"] = system
    request["messages"] = messages
    # OpenAI caches prompts unasked, Anthropic on this mark, which needs no place in a message.
    request["cache_control"] = {"type": "ephemeral"}
    request |= _sampling(body) | _stop(body) | _user(body)
    request |= _thinking(body) | _output(body) | _tier(body, left_out)
    if body.get("modalities") not in (None, [], ["text"]):
        raise Untranslatable("modalities", "this provider answers in text only.")
    return request | ({"stream": True} if body.get("stream") else {}), left_out


def _max_tokens(body: Body) -> int:
    for name in ("max_completion_tokens", "max_tokens"):
        wanted = body.get(name)
        if wanted is not None:
            if not isinstance(wanted, int) or wanted < 1:
                raise Untranslatable(name, "must be a number above 0.")
            return wanted
    return MAX_TOKENS


def _sampling(body: Body) -> Body:
    said = {name: body[name] for name in ("temperature", "top_p") if body.get(name) is not None}
    temperature = said.get("temperature")
    if isinstance(temperature, int | float) and temperature > 1:
        raise Untranslatable("temperature", "this provider's scale ends at 1. Send at most 1.")
    return said


def _stop(body: Body) -> Body:
    stop = body.get("stop")
    if not stop:
        return {}
    return {"stop_sequences": [stop] if isinstance(stop, str) else sequence(stop, "stop")}


def _user(body: Body) -> Body:
    said = text_of(body.get("safety_identifier")) or text_of(body.get("user"))
    return {"metadata": {"user_id": said}} if said else {}


def _thinking(body: Body) -> Body:
    return {"thinking": {"type": "disabled"}} if body.get("reasoning_effort") == "none" else {}


def _output(body: Body) -> Body:
    config: Body = {}
    effort = string(body.get("reasoning_effort") or "none", "reasoning_effort")
    if effort != "none":
        if effort not in _EFFORTS:
            says = f"must be one of none, {', '.join(_EFFORTS)}."
            raise Untranslatable("reasoning_effort", says)
        config["effort"] = _EFFORTS[effort]
    wanted = mapping(body.get("response_format") or {}, "response_format")
    if wanted.get("type", "text") != "text":
        config["format"] = _schema_format(wanted)
    return {"output_config": config} if config else {}


def _schema_format(wanted: Body) -> Body:
    if wanted.get("type") != "json_schema":
        says = "this provider writes JSON by a schema only. Send a json_schema."
        raise Untranslatable("response_format.type", says)
    described = mapping(wanted.get("json_schema"), "response_format.json_schema")
    schema = mapping(described.get("schema"), "response_format.json_schema.schema")
    return {"type": "json_schema", "schema": schema}


def _tier(body: Body, left_out: list[str]) -> Body:
    wanted = body.get("service_tier")
    if not wanted:
        return {}
    if string(wanted, "service_tier") not in _TIERS:
        left_out.append("service_tier")
        return {}
    return {"service_tier": _TIERS[wanted]}
