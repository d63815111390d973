"""What a caller of the Responses API asked for, as its answer repeats it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apps.dialects.responses_on_openai.tools import Named, known_tools
from apps.dialects.shape import dict_of

Body = dict[str, Any]

# A response names every setting; these are OpenAI's own values for what was not said.
_DEFAULTS: Body = {
    "background": False,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "safety_identifier": None,
    "service_tier": "default",
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}


@dataclass(frozen=True)
class Asked:
    request: Body
    created_at: int
    keeps_signed: bool

    @cached_property
    def tools(self) -> dict[str, Named]:
        """The caller's tools by the names that the provider uses."""
        return known_tools(self.request)

    @property
    def wants_summary(self) -> bool:
        """Reasoning is shown to who asked for a summary of it, as by the API itself."""
        reasoning = dict_of(self.request.get("reasoning"))
        return bool(reasoning.get("summary") or reasoning.get("generate_summary"))

    @property
    def wants_sealed(self) -> bool:
        include = self.request.get("include")
        return isinstance(include, list) and "reasoning.encrypted_content" in include

    def response(self, core: str, model: str) -> Body:
        """The response as it is before the model said anything."""
        said = {
            name: default if self.request.get(name) is None else self.request[name]
            for name, default in _DEFAULTS.items()
        }
        reasoning = dict_of(self.request.get("reasoning"))
        return {
            "id": f"resp_{core}",
            "object": "response",
            "created_at": self.created_at,
            "status": "in_progress",
            "error": None,
            "incomplete_details": None,
            "model": model,
            "output": [],
            "reasoning": {"effort": None, "summary": None} | reasoning,
            "store": False,
            "usage": None,
        } | said
