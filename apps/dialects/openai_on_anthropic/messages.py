"""A chat as the conversation of an Anthropic request.

The instructions at the start become ``system``. Later ones stay where they are, as text of the
user, marked: only some models take a system message in the middle, and moving them to the top
would change the beginning of a prompt that providers have cached.
"""

from typing import Any

from apps.dialects.arguments import as_object
from apps.dialects.errors import Untranslatable
from apps.dialects.names import plain_call_id, tool_name
from apps.dialects.openai_on_anthropic.blocks import text_blocks, user_blocks
from apps.dialects.reasoning import DETAILS, block_of
from apps.dialects.shape import listed, mapping, sequence, string, text_of

Body = dict[str, Any]

_INSTRUCTING = ("system", "developer")


def conversation(body: Body, left_out: list[str]) -> tuple[list[Body], list[Body]]:
    """``system`` and ``messages``."""
    given = listed(sequence(body.get("messages"), "messages"), "messages")
    turns = _Turns()
    system: list[Body] = []
    for message, field in given:
        if message.get("role") in _INSTRUCTING and not turns.messages:
            system += text_blocks(message.get("content"), f"{field}.content")
        else:
            turns.add(message, field)
    if any(message.get("name") for message, _ in given):
        left_out.append("messages[].name")
    if not turns.messages:
        raise Untranslatable("messages", "this provider answers users. Add a user message.")
    if turns.messages[-1]["role"] == "assistant":
        says = "this provider would go on with this message. End with a user message."
        raise Untranslatable(given[-1][1], says)
    return system, turns.messages


class _Turns:
    """Messages in which user and assistant take turns, always as lists of blocks."""

    def __init__(self) -> None:
        self.messages: list[Body] = []
        self._calls = _CallIds()

    def add(self, message: Body, field: str) -> None:
        role = message.get("role")
        content = message.get("content")
        if role == "user":
            self._append("user", user_blocks(content, f"{field}.content"))
        elif role == "assistant":
            self._append("assistant", self._said(message, field))
        elif role == "tool":
            self._append("user", [self._result(message, field)])
        elif role in _INSTRUCTING:
            blocks = text_blocks(content, f"{field}.content")
            self._append("user", [_instruction(block) for block in blocks])
        elif role == "function":
            says = "is out of date and not carried to this provider. Use role tool."
            raise Untranslatable(f"{field}.role", says)
        else:
            raise Untranslatable(f"{field}.role", "must be system, user, assistant or tool.")

    def _append(self, role: str, blocks: list[Body]) -> None:
        if not blocks:
            return  # This API refuses empty messages; nothing was said in it.
        if self.messages and self.messages[-1]["role"] == role:
            self.messages[-1]["content"] += blocks
        else:
            self.messages.append({"role": role, "content": blocks})

    def _said(self, message: Body, field: str) -> list[Body]:
        if message.get("function_call") or message.get("audio"):
            says = "only text and tool_calls can be carried to this provider."
            raise Untranslatable(field, says)
        details = message.get(DETAILS)
        thought = [block_of(one) for one in details] if isinstance(details, list) else []
        blocks = [block for block in thought if block]
        blocks += text_blocks(message.get("content"), f"{field}.content")
        blocks += text_blocks(text_of(message.get("refusal")), f"{field}.refusal")
        for call, place in listed(message.get("tool_calls"), f"{field}.tool_calls"):
            blocks.append(self._call(call, place))
        return blocks

    def _call(self, call: Body, field: str) -> Body:
        if call.get("type", "function") != "function":
            raise Untranslatable(field, "only calls of functions can be carried to this provider.")
        function = mapping(call.get("function"), f"{field}.function")
        return {
            "type": "tool_use",
            "id": self._calls.opened(text_of(call.get("id"))),
            "name": tool_name(string(function.get("name"), f"{field}.function.name")),
            "input": as_object(text_of(function.get("arguments"))),
        }

    def _result(self, message: Body, field: str) -> Body:
        call_id = self._calls.answered(text_of(message.get("tool_call_id")))
        blocks = text_blocks(message.get("content"), f"{field}.content")
        result: Body = {"type": "tool_result", "tool_use_id": call_id}
        return result | ({"content": blocks} if blocks else {})


class _CallIds:
    """Ids of calls as this API wants them: in its characters, and no id twice.

    Some providers count their calls anew in every answer; a result belongs to the last call
    of its id.
    """

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}

    def opened(self, call_id: str) -> str:
        self._uses[call_id] = self._uses.get(call_id, 0) + 1
        return self.answered(call_id)

    def answered(self, call_id: str) -> str:
        uses = self._uses.get(call_id, 1)
        plain = plain_call_id(call_id) or "call"
        return plain if uses == 1 else f"{plain}_{uses}"


def _instruction(block: Body) -> Body:
    return {"type": "text", "text": f"<system>\n{block['text']}\n</system>"}
