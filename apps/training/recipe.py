"""How a job learns: the policy's settings as they were when the job began."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from uuid import UUID

from apps.training.advantages import Normalisation
from apps.training.models import TrainingPolicy


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything about a step that is not data. ``loss_config`` holds bounds of the ratio
    itself (``clip_low_threshold``, ``clip_high_threshold``) and ``beta``, as the Tinker API
    names them."""

    base_model: str
    rank: int
    agent: str
    source: str
    loss: str
    loss_config: dict[str, float]
    learning_rate: float
    normalisation: Normalisation
    groups_per_step: int
    group_size: int
    max_tokens: int
    temperature: float
    kl_coefficient: float
    teacher_id: str
    teacher_model: str
    has_rewards: bool
    token_price_micros: int | None

    @classmethod
    def of(cls, policy: TrainingPolicy) -> Self:
        config = {
            "clip_low_threshold": policy.clip_low,
            "clip_high_threshold": policy.clip_high,
            "beta": policy.beta,
        }
        return cls(
            base_model=policy.base_model,
            rank=policy.rank,
            agent=policy.agent,
            source=policy.source,
            loss=policy.loss,
            loss_config={name: value for name, value in config.items() if value is not None},
            learning_rate=policy.learning_rate,
            normalisation="token" if policy.normalisation == "token" else "sequence",
            groups_per_step=policy.groups_per_step,
            group_size=policy.group_size,
            max_tokens=policy.max_tokens,
            temperature=policy.temperature,
            kl_coefficient=policy.kl_coefficient if policy.teacher_id else 0.0,
            teacher_id=str(policy.teacher_id or ""),
            teacher_model=policy.teacher_model,
            has_rewards=policy.has_rewards,
            token_price_micros=policy.token_price_micros,
        )

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        return cls(**{one.name: stored[one.name] for one in fields(cls)})

    def facts(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def imitates(self) -> bool:
        """Whether answers are given, and not sampled."""
        return self.source == TrainingPolicy.Source.EXPERTS

    @property
    def is_played(self) -> bool:
        """Whether the answers of a step are sampled for it."""
        return self.source in (TrainingPolicy.Source.TASKS, TrainingPolicy.Source.PROMPTS)

    @property
    def teacher(self) -> UUID | None:
        return UUID(self.teacher_id) if self.teacher_id else None

    def cost(self, tokens: int) -> int | None:
        """USD / 10⁶ for training on so many tokens once; None where the price is not known."""
        if self.token_price_micros is None:
            return None
        return round(tokens * self.token_price_micros / 1_000_000)
