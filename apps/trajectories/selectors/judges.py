"""What judges and people said, for those who compare them."""

from dataclasses import dataclass
from uuid import UUID

from apps.trajectories.models import Score


@dataclass(frozen=True, slots=True)
class Judge:
    """A model under a version of the prompt: another of either is another judge."""

    prompt_version: str
    model: str

    def __str__(self) -> str:
        return f"{self.model} ({self.prompt_version})"


@dataclass(frozen=True, slots=True)
class JudgeSaid:
    judge: Judge
    value: int
    confidence: float
    rationale: str


def judge_in_use(*, tenant_id: UUID) -> Judge | None:
    """Whoever judged last here."""
    rows = Score.objects.for_tenant(tenant_id).filter(kind=Score.Kind.JUDGE)
    found = rows.order_by("-id").values_list("prompt_version", "judge_model").first()
    return Judge(*found) if found else None


def judge_said(*, tenant_id: UUID, turn_id: UUID) -> JudgeSaid | None:
    """The latest verdict of a judge on the turn."""
    rows = Score.objects.for_tenant(tenant_id).filter(turn_id=turn_id, kind=Score.Kind.JUDGE)
    row = rows.order_by("-id").first()
    if row is None:
        return None
    judge = Judge(row.prompt_version, row.judge_model)
    return JudgeSaid(judge, int(row.value), row.confidence, row.rationale)


def has_human_verdict(*, tenant_id: UUID, turn_id: UUID) -> bool:
    rows = Score.objects.for_tenant(tenant_id).filter(turn_id=turn_id, kind=Score.Kind.HUMAN)
    return rows.exists()
