"""The evolver's answer: data that goes through a strict schema, or cannot be used."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from apps.core.sensitive import redact
from apps.evolution.services.learning.asking import Question
from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import SkillDoc, build, parse
from apps.skills.types import SkillText

# A revision keeps at least so much of the lines that were there…
KEPT_SHARE = 0.5
# …unless the skill has so few that any change is most of it.
SHORT_LINES = 8

_JSON = re.compile(r"\{.*\}", re.DOTALL)
_NUMBER = re.compile(r"^\s*(?:\d+[.)]|[-*+])\s+")


class _Named(BaseModel):
    # Models add words of their own; what is not asked for is not read.
    model_config = ConfigDict(extra="ignore")

    name: str = Field(max_length=64)
    evidence_ids: list[UUID] = Field(min_length=1, max_length=50)


class _Written(_Named):
    description: str = Field(max_length=1024)
    category: str
    reach: Literal["relevant", "always"] = "relevant"
    body: str = Field(max_length=6000)


class Write(_Written):
    kind: Literal["create", "revise"]


class Merge(_Written):
    kind: Literal["merge"]
    merges: list[str] = Field(min_length=2, max_length=10)


class Retire(_Named):
    kind: Literal["retire"]


Answer = Write | Merge | Retire
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])


class Unusable(Exception):
    """The evolver's answer cannot become a proposal."""


def understand(text: str, question: Question) -> tuple[Answer, SkillDoc]:
    """The answer and the text it leads to; of a retirement that is the live one.

    Raises Unusable with the reason.
    """
    found = _JSON.search(text)
    if found is None:
        raise Unusable("The evolver did not answer in JSON.")
    try:
        answer = _ANSWER.validate_json(found[0])
    except ValidationError as exc:
        fields = ", ".join(sorted({str(e["loc"][-1]) for e in exc.errors() if e["loc"]})) or "kind"
        raise Unusable(f"Fields of the evolver's answer are not valid: {fields}.") from exc
    _check_evidence(answer, question)
    shown = {skill.slug: skill for skill in question.skills}
    if isinstance(answer, Retire):
        if answer.name not in shown:
            raise Unusable(f"The evolver wants to retire {answer.name!r}, which it was not shown.")
        return answer, parse(shown[answer.name].text)
    if isinstance(answer, Merge):
        _check_merge(answer, shown)
    return answer, _doc_of(answer, shown)


def refuse_rewrite(doc: SkillDoc, base: SkillText) -> None:
    """A revision is an edit. Raises Unusable for one that leaves little of the skill.

    Lines are compared without their numbers, so that a step may be put between others.
    """
    before, after = _lines(parse(base.text).body), set(_lines(doc.body))
    if len(before) < SHORT_LINES:
        return
    kept = sum(line in after for line in before) / len(before)
    if kept < KEPT_SHARE:
        raise Unusable(
            f"The revision of {doc.slug} keeps {kept:.0%} of its lines;"
            f" at least {KEPT_SHARE:.0%} have to stay."
        )


def _check_evidence(answer: Answer, question: Question) -> None:
    named = set(answer.evidence_ids)
    evidence = [turn for turn in question.shown if turn.turn_id in named]
    if not evidence:
        raise Unusable("The evolver named no failing turn as evidence.")
    sessions = len({turn.session_id for turn in evidence})
    if sessions < question.min_sessions:
        raise Unusable(
            f"The evolver's evidence is of {sessions} session{'s' * (sessions != 1)};"
            f" the policy asks for {question.min_sessions}."
        )


def _check_merge(answer: Merge, shown: dict[str, SkillText]) -> None:
    if len(set(answer.merges)) < 2:
        raise Unusable("A merge takes two different skills.")
    unknown = sorted(set(answer.merges) - set(shown))
    if unknown:
        raise Unusable(f"The evolver merges skills that it was not shown: {', '.join(unknown)}.")


def _doc_of(answer: Write | Merge, shown: Mapping[str, SkillText]) -> SkillDoc:
    """The evolver says nothing of what a skill uses: that stays as it is."""
    body, _ = redact(answer.body)
    gone = set(answer.merges) if isinstance(answer, Merge) else {answer.name}
    used = [one for slug in sorted(gone & shown.keys()) for one in parse(shown[slug].text).uses]
    try:
        return build(
            slug=answer.name,
            description=answer.description,
            category=answer.category,
            body=body,
            reach=answer.reach,
            uses=[one for one in dict.fromkeys(used) if one not in gone],
        )
    except SkillInvalid as exc:
        raise Unusable(f"The evolver's skill is not valid: {exc.detail}") from exc


def _lines(body: str) -> list[str]:
    stripped = (" ".join(_NUMBER.sub("", line).split()) for line in body.splitlines())
    return [line for line in stripped if line]
