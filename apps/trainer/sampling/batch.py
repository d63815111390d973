"""Several asks of one policy, sampled together and a few tokens at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from apps.trainer.models.base import Base
from apps.trainer.models.lora import Laid
from apps.trainer.sampling.asks import Ask
from apps.trainer.sampling.choosing import choose, top_of
from apps.trainer.sampling.results import Sampled, TopK
from apps.trainer.sampling.rows import Row


@dataclass(frozen=True, eq=False)
class Job:
    """An ask with who waits for it. ``is_wanted`` turns false when nobody does any more."""

    ask: Ask
    seed: int
    done: Callable[[Sampled], None]
    failed: Callable[[str, str], None]
    is_wanted: Callable[[], bool]

    @property
    def cost(self) -> int:
        """Tokens that its rows may take up, roughly; scoring a prompt takes its logits as well."""
        scored = 32 * len(self.ask.prompt) if self.ask.scores_prompt else 0
        return self.ask.samples * (len(self.ask.prompt) + 64) + scored


@dataclass(frozen=True)
class _Scores:
    prompt_logprobs: list[float | None] | None
    prompt_top: list[TopK | None] | None
    target_logprobs: np.ndarray | None


class Batch:
    """Jobs over one base and one adapter. ``advance`` until it says that all are done."""

    def __init__(self, base: Base, adapter: Laid | None, jobs: Sequence[Job]) -> None:
        self._base = base
        self._adapter = adapter
        self._rows: dict[Job, list[Row]] = {job: self._rows_of(job) for job in jobs}
        self._scores: dict[Job, _Scores] = {}
        self._cache: Any = None
        self._logits: Tensor | None = None
        self._mask = torch.empty(0)
        self._active: list[Row] = []

    @property
    def jobs(self) -> list[Job]:
        """Those that are not answered yet."""
        return list(self._rows)

    @torch.inference_mode()
    def advance(self, tokens: int) -> bool:
        """Sample up to ``tokens`` more per row. True once every job is answered."""
        with self._base.lora.laid(self._adapter):
            if self._cache is None:
                self._read_prompts()
            for _ in range(tokens):
                self._drop_unwanted()
                self._answer()
                if not self._active:
                    break
                self._one_more()
        self._answer()
        return not self._rows

    def _rows_of(self, job: Job) -> list[Row]:
        ask = job.ask
        seed = job.seed if ask.options.seed is None else ask.options.seed
        room = self._base.context - len(ask.prompt)
        return [
            Row(
                ask,
                i,
                seed=seed,
                ends=self._base.ends,
                room=room,
                tokenizer=self._base.tokenizer,
            )
            for i in range(ask.samples)
        ]

    def _read_prompts(self) -> None:
        """Each prompt once, however many samples are wanted of it."""
        jobs = list(self._rows)
        longest = max(len(job.ask.prompt) for job in jobs)
        tokens = torch.zeros(len(jobs), longest, dtype=torch.long)
        mask = torch.zeros(len(jobs), longest, dtype=torch.long)
        for i, job in enumerate(jobs):
            tokens[i, longest - len(job.ask.prompt) :] = torch.tensor(job.ask.prompt)
            mask[i, longest - len(job.ask.prompt) :] = 1
        wants_all = any(job.ask.scores_prompt for job in jobs)
        options = {"logits_to_keep": 1} if self._base.keeps_logits and not wants_all else {}
        mask = mask.to(self._base.device)
        output = self._base.logits(tokens.to(self._base.device), mask, use_cache=True, **options)
        for i, job in enumerate(jobs):
            if job.ask.scores_prompt:
                self._scores[job] = _score(
                    job.ask, output.logits[i, longest - len(job.ask.prompt) :]
                )
        places = [i for i, job in enumerate(jobs) for _ in self._rows[job]]
        self._cache = output.past_key_values
        self._active = [row for rows in self._rows.values() for row in rows]
        self._logits = output.logits[:, -1]
        self._mask = mask
        self._select(places)

    def _one_more(self) -> None:
        if self._logits is None:
            last = torch.tensor([[row.tokens[-1]] for row in self._active])
            new = torch.ones(len(self._active), 1, dtype=self._mask.dtype, device=self._mask.device)
            self._mask = torch.cat([self._mask, new], dim=1)
            output = self._base.logits(
                last.to(self._base.device), self._mask, past_key_values=self._cache, use_cache=True
            )
            self._cache = output.past_key_values
            self._logits = output.logits[:, -1]
        chosen = choose(
            self._logits,
            [row.ask.options for row in self._active],
            [row.numbers for row in self._active],
            [row.ask.top_of_sample for row in self._active],
        )
        self._logits = None
        for row, one in zip(self._active, chosen, strict=True):
            row.add(one)
        self._keep([i for i, row in enumerate(self._active) if row.end is None])

    def _drop_unwanted(self) -> None:
        for job in [job for job in self._rows if not job.is_wanted()]:
            gone = self._rows.pop(job)
            self._keep([i for i, row in enumerate(self._active) if row not in gone])
            job.failed("The request was cancelled.", "user")

    def _answer(self) -> None:
        for job, rows in list(self._rows.items()):
            if all(row.end is not None for row in rows):
                scores = self._scores.get(job, _Scores(None, None, None))
                job.done(
                    Sampled(
                        sequences=[row.sequence() for row in rows],
                        prompt_logprobs=scores.prompt_logprobs,
                        prompt_top=scores.prompt_top,
                        target_logprobs=scores.target_logprobs,
                    )
                )
                del self._rows[job]

    def _keep(self, places: list[int]) -> None:
        if len(places) < len(self._active):
            self._active = [self._active[i] for i in places]
            if places:
                self._select(places)

    def _select(self, places: list[int]) -> None:
        """Rows of everything that stands in the batch, in this order; some perhaps repeated."""
        where = torch.tensor(places, device=self._base.device)
        self._cache.batch_select_indices(where)
        self._mask = self._mask[where]
        if self._logits is not None:
            self._logits = self._logits[where]


def _score(ask: Ask, logits: Tensor) -> _Scores:
    """What the model thought of the prompt, position by position; of the first it says nothing."""
    logprobs = torch.log_softmax(logits[:-1].float(), dim=-1)
    following = torch.tensor(ask.prompt[1:], device=logits.device)
    first = len(ask.prompt) - (ask.prompt_logprobs_last or len(ask.prompt) - 1)
    plain: list[float | None] | None = None
    top: list[TopK | None] | None = None
    targets = None
    if ask.wants_prompt_logprobs:
        found = logprobs.gather(1, following[:, None])[:, 0].tolist()
        plain = [None, *found]
        plain[:first] = [None] * first
    if ask.top_of_prompt:
        tops = [top_of(row, ask.top_of_prompt) for row in logprobs[first - 1 :]]
        top = [*([None] * first), *tops]
    if ask.targets is not None:
        wanted = torch.from_numpy(ask.targets).to(logits.device)
        values = logprobs.gather(1, wanted.clamp(min=0)).masked_fill(wanted < 0, 0.0)
        targets = values.cpu().numpy()
    return _Scores(plain, top, targets)
