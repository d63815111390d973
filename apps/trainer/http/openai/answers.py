"""Answers in OpenAI's form."""

import secrets
import time
from typing import Any

from apps.trainer.http.openai.asking import Asked
from apps.trainer.http.openai.texts import TextStream, tool_calls
from apps.trainer.sampling.results import Sampled, Sequence, TopK


def head(asked: Asked, kind: str) -> dict[str, Any]:
    prefix = "chatcmpl" if kind.startswith("chat") else "cmpl"
    return {
        "id": f"{prefix}-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": asked.model,
    }


def usage(prompt: int, answer: int) -> dict[str, int]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
    }


def chat(asked: Asked, results: list[Sampled]) -> dict[str, Any]:
    choices: list[dict[str, Any]] = []
    for i, sequence in enumerate(results[0].sequences):
        content, calls = tool_calls(said(asked, sequence, 0))
        message: dict[str, Any] = {"role": "assistant", "content": content or None}
        if calls:
            message["tool_calls"] = calls
        else:
            message["content"] = content
        choice: dict[str, Any] = {
            "index": i,
            "message": message,
            "finish_reason": "tool_calls" if calls else sequence.stop_reason,
            "logprobs": None,
        }
        if asked.logprobs is not None:
            rows = zip(sequence.tokens, sequence.logprobs, tops_of(sequence), strict=True)
            choice["logprobs"] = {"content": [chat_logprob(asked, *row) for row in rows]}
        choices.append(choice)
    return {**head(asked, "chat.completion"), "choices": choices, "usage": _used(asked, results)}


def completion(asked: Asked, results: list[Sampled]) -> dict[str, Any]:
    choices: list[dict[str, Any]] = []
    for place, result in enumerate(results):
        prompt = asked.asks[place].prompt
        for sequence in result.sequences:
            text = said(asked, sequence, place)
            tokens, logprobs, tops = list(sequence.tokens), _floats(sequence), tops_of(sequence)
            if asked.echo:
                text = asked.base.tokenizer.decode(prompt) + text
                tokens = prompt + tokens
                logprobs = (result.prompt_logprobs or [None] * len(prompt)) + logprobs
                tops = [top or [] for top in result.prompt_top or [None] * len(prompt)] + tops
            choice: dict[str, Any] = {
                "index": len(choices),
                "text": text,
                "finish_reason": sequence.stop_reason,
                "logprobs": None,
            }
            if asked.logprobs is not None:
                choice["logprobs"] = plain_logprobs(asked, tokens, logprobs, tops)
            choices.append(choice)
    return {**head(asked, "text_completion"), "choices": choices, "usage": _used(asked, results)}


def said(asked: Asked, sequence: Sequence, place: int) -> str:
    """The text of a finished sample."""
    stream = TextStream(asked.base.tokenizer, asked.asks[place].options, asked.base.ends)
    parts = [stream.add(token, None) for token in sequence.tokens[:-1]]
    return "".join(parts) + stream.add(sequence.tokens[-1], sequence.stop_reason)


def tops_of(sequence: Sequence) -> list[TopK]:
    return sequence.top or [[] for _ in sequence.tokens]


def chat_logprob(asked: Asked, token: int, logprob: float, top: TopK) -> dict[str, Any]:
    row = _named(asked, token, logprob)
    return {**row, "top_logprobs": [_named(asked, one, value) for one, value in top]}


def plain_logprobs(
    asked: Asked, tokens: list[int], logprobs: list[float | None], tops: list[TopK]
) -> dict[str, Any]:
    names = [asked.base.tokenizer.decode([token]) for token in tokens]
    offsets, place = [], 0
    for name in names:
        offsets.append(place)
        place += len(name)
    likely = [
        {asked.base.tokenizer.decode([token]): value for token, value in top} if top else None
        for top in tops
    ]
    return {
        "tokens": names,
        # Beyond OpenAI's form: two tokens may read alike, their ids never do.
        "token_ids": tokens,
        "token_logprobs": logprobs,
        "top_logprobs": likely,
        "text_offset": offsets,
    }


def _named(asked: Asked, token: int, logprob: float) -> dict[str, Any]:
    text = asked.base.tokenizer.decode([token])
    return {"token": text, "token_id": token, "logprob": logprob, "bytes": list(text.encode())}


def _floats(sequence: Sequence) -> list[float | None]:
    return list(sequence.logprobs)


def _used(asked: Asked, results: list[Sampled]) -> dict[str, int]:
    prompt = sum(len(ask.prompt) for ask in asked.asks)
    return usage(prompt, sum(len(one.tokens) for result in results for one in result.sequences))
