"""The items of a Responses request as chat messages.

What a model said in one go (reasoning, text, calls of tools) is several items there and one
message here. Items are only ever added at the end, so the messages only ever grow there too.
"""

from typing import Any

from apps.dialects.arguments import FREE_TEXT
from apps.dialects.content import as_content, text_part, tool_result
from apps.dialects.errors import Untranslatable
from apps.dialects.names import chat_call_id
from apps.dialects.reasoning import DETAILS, unsealed
from apps.dialects.responses_on_openai.parts import chat_parts
from apps.dialects.responses_on_openai.tools import sent_name
from apps.dialects.shape import as_json, listed, string, text_of

Body = dict[str, Any]

_ROLES = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}


def chat_messages(body: Body, left_out: list[str], *, keeps_signed: bool) -> list[Body]:
    """``instructions`` and ``input`` as messages; ``left_out`` grows by what was not carried."""
    conversation = _Conversation(left_out, keeps_signed=keeps_signed)
    if body.get("instructions"):
        text = string(body["instructions"], "instructions")
        conversation.messages.append({"role": "system", "content": text})
    given = body.get("input")
    if isinstance(given, str):
        conversation.messages.append({"role": "user", "content": given})
    else:
        for item, field in listed(given, "input"):
            conversation.add(item, field)
    conversation.end_results()
    return conversation.messages


class _Conversation:
    def __init__(self, left_out: list[str], *, keeps_signed: bool) -> None:
        self.messages: list[Body] = []
        self._left_out = left_out
        self._keeps_signed = keeps_signed
        self._attached: list[Body] = []  # images of tool results, until all results are there
        self._thought: list[Body] = []  # reasoning, until what was said after it

    def add(self, item: Body, field: str) -> None:
        kind = item.get("type") or "message"
        if kind in ("function_call_output", "custom_tool_call_output"):
            self._result(item, field)
            return
        if kind == "reasoning":
            self._reason(item)
            return
        self.end_results()
        if kind == "message":
            self._message(item, field)
        elif kind in ("function_call", "custom_tool_call"):
            self._call(item, field)
        elif kind == "web_search_call":
            # What a search brought is in the text that the model wrote after it.
            self._leave_out("input.web_search_call")
        else:
            says = f"an item of type {kind} cannot be carried to this provider. Leave it out."
            raise Untranslatable(field, says)

    def end_results(self) -> None:
        """Images of results stand behind the last result: nothing may come between results."""
        if self._attached:
            self.messages.append({"role": "user", "content": self._attached})
            self._attached = []

    def _message(self, item: Body, field: str) -> None:
        role = _ROLES.get(text_of(item.get("role")))
        if role is None:
            raise Untranslatable(f"{field}.role", "must be user, assistant, system or developer.")
        parts = chat_parts(item.get("content"), f"{field}.content")
        if role == "assistant":
            self._say("".join(self._only_text(part, field) for part in parts))
            return
        self._thought = []
        if role == "system":
            parts = [text_part(self._only_text(part, field)) for part in parts]
        self.messages.append({"role": role, "content": as_content(parts)})

    def _only_text(self, part: Body, field: str) -> str:
        if part["type"] != "text":
            raise Untranslatable(f"{field}.content", "only text can stand here.")
        return text_of(part["text"])

    def _say(self, text: str) -> None:
        message = self._open_message()
        if message is None or "tool_calls" not in message:
            message = self._new_message()
        before = message["content"]
        message["content"] = f"{before}\n\n{text}" if before else text
        self._think(message)

    def _call(self, item: Body, field: str) -> None:
        name = string(item.get("name"), f"{field}.name")
        if item.get("type") == "custom_tool_call":
            arguments = as_json({FREE_TEXT: string(item.get("input"), f"{field}.input")})
        else:
            arguments = string(item.get("arguments"), f"{field}.arguments")
        message = self._open_message() or self._new_message()
        self._think(message)
        call_id = chat_call_id(string(item.get("call_id"), f"{field}.call_id"))
        function = {"name": sent_name(item, name), "arguments": arguments}
        message.setdefault("tool_calls", []).append(
            {"id": call_id, "type": "function", "function": function}
        )

    def _result(self, item: Body, field: str) -> None:
        output = item.get("output")
        parts = chat_parts(output, f"{field}.output")
        call_id = chat_call_id(string(item.get("call_id"), f"{field}.call_id"))
        message, attached = tool_result(call_id, parts, is_error=False)
        self.messages.append(message)
        self._attached += attached

    def _reason(self, item: Body) -> None:
        kept = unsealed(item.get("encrypted_content"))
        if kept is None or ("details" in kept) != self._keeps_signed:
            # Another provider's: what it encrypted nobody else can read.
            self._leave_out("input.reasoning")
        else:
            self._thought.append(kept)

    def _think(self, message: Body) -> None:
        """Give a message the reasoning that led to it."""
        for kept in self._thought:
            if self._keeps_signed:
                message.setdefault(DETAILS, []).extend(kept["details"])
            else:
                message["reasoning_content"] = message.get("reasoning_content", "") + kept["text"]
        self._thought = []

    def _open_message(self) -> Body | None:
        """The assistant's message that still grows, if the last one is one."""
        is_open = self.messages and self.messages[-1]["role"] == "assistant"
        return self.messages[-1] if is_open else None

    def _new_message(self) -> Body:
        self.messages.append({"role": "assistant", "content": None})
        return self.messages[-1]

    def _leave_out(self, name: str) -> None:
        if name not in self._left_out:
            self._left_out.append(name)
