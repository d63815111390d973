"""A chat request and its answer, free of any vendor's dialect."""

import re
from dataclasses import dataclass
from typing import Any

MODEL_ID = "practice-1"
SERVED_MODEL = "practice-1 (simulated)"

_SKILL_BLOCK = re.compile(r"<metaclaw_skills>.*?</metaclaw_skills>", re.DOTALL)
_SKILL_HEADING = re.compile(r"^## ([a-z0-9][a-z0-9-]*)\s*$", re.MULTILINE)
# What agents add around the words of their user.
_AGENT_NOISE = re.compile(
    r"<system-reminder>.*?</system-reminder>"
    r"|<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>.*?<<<END_OPENCLAW_INTERNAL_CONTEXT>>>"
    r"|<environment_context>.*?</environment_context>",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a client asked. ``system`` holds every instruction outside the conversation."""

    model: str
    system: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    is_stream: bool = False
    wants_usage: bool = False

    @property
    def instructions(self) -> str:
        """Everything the model has to obey: the system prompt and the injected skills."""
        blocks = (block for message in self.messages for block in skill_blocks(message.text))
        return "\n".join((self.system, *blocks))

    @property
    def skill_slugs(self) -> list[str]:
        blocks = skill_blocks(self.instructions)
        return [slug for block in blocks for slug in _SKILL_HEADING.findall(block)]

    @property
    def last_user_text(self) -> str:
        texts = (user_words(m.text) for m in reversed(self.messages) if m.role == "user")
        return next((text for text in texts if text), "")

    @property
    def has_answer_before(self) -> bool:
        return any(message.role == "assistant" for message in self.messages)

    @property
    def tool_result(self) -> str | None:
        """The result the conversation ends on, when it ends on one."""
        for message in reversed(self.messages):
            if message.role == "tool":
                return message.text
            if user_words(message.text):
                return None
        return None

    @property
    def input_tokens(self) -> int:
        return estimate_tokens(self.system + "".join(m.text for m in self.messages))


@dataclass(frozen=True, slots=True)
class ToolCall:
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    text: str = ""
    tool_call: ToolCall | None = None
    # What the simulated prompt cache held; None where there is none.
    cached_tokens: int | None = None

    @property
    def output_tokens(self) -> int:
        return estimate_tokens(self.text) + (12 if self.tool_call else 0)


def skill_blocks(text: str) -> list[str]:
    return _SKILL_BLOCK.findall(text)


def user_words(text: str) -> str:
    """``text`` without what agents and the gateway add to it."""
    return _AGENT_NOISE.sub("", _SKILL_BLOCK.sub("", text)).strip()


def estimate_tokens(text: str) -> int:
    """About four characters a token: good enough for a model that does not read."""
    return max(1, (len(text) + 3) // 4)


def word_chunks(text: str) -> list[str]:
    """``text`` in pieces of up to three words, nothing lost."""
    return re.findall(r"\s*(?:\S+\s*){1,3}", text) or ([text] if text else [])
