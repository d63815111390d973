"""Whose log-probabilities a policy is drawn to: on-policy distillation.

The policy speaks, the teacher says how likely each of those very tokens was to it, and the
difference is what the token is worth: the reverse KL divergence, one sample at a time (Agarwal et
al., "On-policy distillation of language models", 2023, https://arxiv.org/abs/2306.13649).
That is only meaningful token by token, so teacher and policy need one tokenizer: a teacher with
another is refused, not approximated.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import httpx2

from apps.core.said import Said, say, together
from apps.integrations.guarded_http import guarded_client
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.failures import failure_of_status
from apps.integrations.tinker.types import Sampler
from apps.training.errors import TeacherUnfit
from apps.upstreams.types import UpstreamConnection

_WAIT_SECONDS = 120.0


class Teacher(Protocol):
    def logprobs(self, prompt: Sequence[int], answer: Sequence[int]) -> list[float]:
        """Of each token of ``answer``. Raises TeacherUnfit and TrainerFailed."""
        ...


TAKE_ANOTHER = say(
    "teacher_take_another",
    "Token by token there is nothing to compare. Take a teacher of the same family.",
)


class TinkerTeacher:
    """Another model of a Tinker API: it takes token ids, so only the model must be kin."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    def logprobs(self, prompt: Sequence[int], answer: Sequence[int]) -> list[float]:
        found = self._sampler.logprobs([*prompt, *answer])[len(prompt) :]
        if len(found) != len(answer) or any(value is None for value in found):
            english = "The teacher left out log-probabilities of some tokens."
            raise TeacherUnfit(say("teacher_left_out", english))
        return [float(value) for value in found if value is not None]


class CompletionsTeacher:
    """Any ``/v1/completions`` with ``echo`` and ``logprobs`` that takes token ids: vLLM, SGLang.

    Ids for the tokens of the answer, too, where the server has ``return_tokens_as_token_ids``:
    https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    """

    def __init__(self, connection: UpstreamConnection, model: str, tokenizer: Any) -> None:
        self._connection = connection
        self._model = model
        self._tokenizer = tokenizer

    def logprobs(self, prompt: Sequence[int], answer: Sequence[int]) -> list[float]:
        body = {
            "model": self._model,
            "prompt": [*prompt, *answer],
            # Some servers refuse 0: one token more is asked for and dropped.
            "max_tokens": 1,
            "temperature": 0,
            "echo": True,
            "logprobs": 1,
            "return_tokens_as_token_ids": True,
        }
        said = self._ask(body)
        whole = [*prompt, *answer]
        tokens, values = said.get("tokens"), said.get("token_logprobs")
        if not isinstance(tokens, list) or not isinstance(values, list):
            english = (
                "{name} answers without log-probabilities of the prompt. A teacher's"
                " /v1/completions must honour echo together with logprobs."
            )
            raise TeacherUnfit(say("teacher_no_logprobs", english, name=self._connection.name))
        if len(tokens) < len(whole) or len(values) < len(whole):
            english = "It sees {count} tokens where there are {wanted}."
            counted = say("teacher_sees", english, count=len(tokens), wanted=len(whole))
            raise self._other_tokens(counted)
        for token, text in zip(whole, tokens, strict=False):
            if not self._is_same(token, text):
                english = "Token {number} is {text!r} to it."
                differs = say("teacher_token", english, number=token, text=str(text))
                raise self._other_tokens(differs)
        found = values[len(prompt) : len(whole)]
        if any(not isinstance(value, int | float) for value in found):
            english = "{name} left out log-probabilities."
            raise TeacherUnfit(say("teacher_left_some", english, name=self._connection.name))
        return [float(value) for value in found]

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        headers = dict(self._connection.credentials())
        try:
            with guarded_client(_WAIT_SECONDS) as client:
                url = self._connection.address("/completions", self._model)
                answer = client.post(url, json=body, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as exc:
            english = "The teacher {name} cannot be reached: {why}"
            raise TrainerFailed(
                say("teacher_unreachable", english, name=self._connection.name, why=str(exc)),
                reason="unreachable",
            ) from exc
        if answer.status_code != 200:
            raise failure_of_status(answer.status_code, answer.text[:300])
        try:
            found = answer.json()["choices"][0].get("logprobs") or {}
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as exc:
            english = "{name} answers with something that is no completion."
            raise TeacherUnfit(
                say("teacher_no_completion", english, name=self._connection.name)
            ) from exc
        return dict(found)

    def _is_same(self, token: int, said: object) -> bool:
        """Servers name tokens by id where they can, else by text."""
        if not isinstance(said, str):
            return False
        if said.startswith("token_id:"):
            return said == f"token_id:{token}"
        written = str(self._tokenizer.decode([token]))
        # A piece of a letter is no text: servers disagree on how to write it.
        return said == written or "\ufffd" in written or said.startswith("bytes:")

    def _other_tokens(self, why: Said) -> TeacherUnfit:
        named = {"model": self._model, "name": self._connection.name}
        english = "The teacher {model} at {name} has another tokenizer than the policy."
        return TeacherUnfit(
            together(say("teacher_other_tokens", english, **named), why, TAKE_ANOTHER)
        )
