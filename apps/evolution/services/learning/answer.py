"""The evolver's answer: data that goes through a strict schema, or cannot be used."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from apps.core.said import say, together
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
    """The evolver's answer cannot become a proposal; says why, to people."""


def understand(text: str, question: Question) -> tuple[Answer, SkillDoc]:
    """The answer and the text it leads to; of a retirement that is the live one.

    Raises Unusable with the reason.
    """
    found = _JSON.search(text)
    if found is None:
        raise Unusable(say("evolver_no_json", "The evolver did not answer in JSON."))
    try:
        answer = _ANSWER.validate_json(found[0])
    except ValidationError as exc:
        fields = ", ".join(sorted({str(e["loc"][-1]) for e in exc.errors() if e["loc"]})) or "kind"
        english = "Fields of the evolver's answer are not valid: {listed}."
        raise Unusable(say("evolver_fields", english, listed=fields)) from exc
    _check_evidence(answer, question)
    shown = {skill.slug: skill for skill in question.skills}
    if isinstance(answer, Retire):
        if answer.name not in shown:
            english = "The evolver wants to retire {name!r}, which it was not shown."
            raise Unusable(say("evolver_retires_unshown", english, name=answer.name))
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
        english = (
            "The revision of {slug} keeps {share:.0%} of its lines; at least {least:.0%} have to"
            " stay."
        )
        raise Unusable(
            say("evolver_rewrites", english, slug=doc.slug, share=kept, least=KEPT_SHARE)
        )


def _check_evidence(answer: Answer, question: Question) -> None:
    named = set(answer.evidence_ids)
    evidence = [turn for turn in question.shown if turn.turn_id in named]
    if not evidence:
        english = "The evolver named no failing turn as evidence."
        raise Unusable(say("evolver_no_evidence", english))
    sessions = len({turn.session_id for turn in evidence})
    if sessions < question.min_sessions:
        english = "The evolver's evidence comes from too few sessions: {count}, not {least}."
        least = question.min_sessions
        raise Unusable(say("evolver_few_sessions", english, count=sessions, least=least))


def _check_merge(answer: Merge, shown: dict[str, SkillText]) -> None:
    if len(set(answer.merges)) < 2:
        raise Unusable(say("evolver_merges_one", "A merge takes two different skills."))
    unknown = sorted(set(answer.merges) - set(shown))
    if unknown:
        english = "The evolver merges skills that it was not shown: {listed}."
        raise Unusable(say("evolver_merges_unshown", english, listed=", ".join(unknown)))


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
        wrong = say("evolver_skill_wrong", "The evolver's skill is not valid:")
        raise Unusable(together(wrong, exc.detail)) from exc


def _lines(body: str) -> list[str]:
    stripped = (" ".join(_NUMBER.sub("", line).split()) for line in body.splitlines())
    return [line for line in stripped if line]
