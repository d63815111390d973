"""Messages to tokens and back, by the chat template that comes with a model's tokenizer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from apps.core.said import say
from apps.integrations.tinker.errors import CannotRender
from apps.integrations.tinker.tool_formats import reader_for, without_thought
from apps.integrations.tinker.types import Said


class TemplateRenderer:
    """A Writer over a ``transformers`` tokenizer. Safe to share between threads."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        template = tokenizer.chat_template
        self._template = template if isinstance(template, str) else json.dumps(template or "")
        self._read = reader_for(self._template)

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> list[int]:
        text = self._written(messages, tools, is_asked=True)
        return self._tokens(text)

    def answer(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        said: Mapping[str, Any],
    ) -> list[int]:
        asked = self._written(messages, tools, is_asked=True)
        whole = self._written([*messages, said], tools, is_asked=False)
        if not whole.startswith(asked):
            # Such as take the thoughts out of what was said before, or put an empty one in.
            english = "The model's chat template writes an answer otherwise than it begins one."
            raise CannotRender(say("template_otherwise", english))
        found = self._tokens(whole[len(asked) :])
        ends = self._ends()
        last = next((at for at, token in enumerate(found) if token in ends), None)
        if last is None:
            english = "The model's chat template does not end an answer with a mark."
            raise CannotRender(say("template_no_end", english))
        # What templates write behind the mark is not the model's to say.
        return found[: last + 1]

    def _tokens(self, text: str) -> list[int]:
        return [int(token) for token in self._tokenizer.encode(text, add_special_tokens=False)]

    def _written(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        *,
        is_asked: bool,
    ) -> str:
        """``is_asked``: with the words after which the assistant begins to speak."""
        if not self._template.strip('"'):
            english = "This model has no chat template: it cannot be asked in messages."
            raise CannotRender(say("template_none", english))
        # A template's own words of refusal come as jinja2's; broken input as almost anything.
        from jinja2 import TemplateError

        try:
            return str(
                self._tokenizer.apply_chat_template(
                    [_plain(message) for message in messages],
                    tools=[dict(tool) for tool in tools] or None,
                    add_generation_prompt=is_asked,
                    tokenize=False,
                )
            )
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as exc:
            english = "The model's chat template refuses this: {why}"
            raise CannotRender(say("template_refuses", english, why=str(exc))) from exc

    def said(self, tokens: Sequence[int]) -> Said:
        ends = self._ends()
        kept = list(tokens)
        while kept and kept[-1] in ends:
            kept.pop()
        text = str(self._tokenizer.decode(kept, skip_special_tokens=False))
        rest, thought = without_thought(text, self._template)
        said, calls = self._read(rest)
        for mark in self._tokenizer.all_special_tokens:
            said = said.replace(mark, "")
        return Said(text=said, tool_calls=calls, reasoning=thought)

    def _ends(self) -> frozenset[int]:
        end = self._tokenizer.eos_token_id
        marks = ("<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "</s>")
        known = self._tokenizer.get_vocab()
        return frozenset({end} | {known[mark] for mark in marks if mark in known}) - {None}


def _plain(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as templates expect it: text as text, arguments as an object."""
    found = dict(message)
    content = found.get("content")
    if isinstance(content, list):
        found["content"] = "".join(_text_of(part) for part in content)
    elif content is None:
        found["content"] = ""
    if found.get("role") == "developer":
        found["role"] = "system"
    calls = found.get("tool_calls")
    if isinstance(calls, list):
        found["tool_calls"] = [_with_object(call) for call in calls]
    return found


def _text_of(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping) and part.get("type") == "text":
        return str(part.get("text", ""))
    kind = part.get("type") if isinstance(part, Mapping) else type(part).__name__
    english = "This model reads text alone; the conversation has a part of type {kind}."
    raise CannotRender(say("model_text_alone", english, kind=kind))


def _with_object(call: Any) -> Any:
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(function.get("arguments"), str):
        return call
    try:
        arguments = json.loads(function["arguments"] or "{}")
    except ValueError:
        return call
    return {**call, "function": {**function, "arguments": arguments}}
