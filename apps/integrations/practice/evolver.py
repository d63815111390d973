"""The simulated evolver: turns the first failure's pattern into a skill."""

import json
import re
from dataclasses import dataclass
from typing import Any

from apps.integrations.practice import house_habits, remarks
from apps.integrations.practice.chat import user_words
from apps.integrations.practice.rules import HouseRule, SkillText, rule_for

# What a revision adds, one at a time: the first that is not yet in the skill.
_IMPROVEMENTS = (
    "Before sending, read the answer once more against these steps and correct it.",
    "When a step cannot be followed, say which one and why.",
    "Apply this to short answers and to side remarks too.",
)
_COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        """about after also answer because before breaks could does from have house just keep keeps
        like make more must need never only other our please rule should some than that their them
        then there these they this user want what when which will with would write wrong your""",
    )
)

_RETIRE = re.compile(r"\bretire the skill ([a-z0-9-]+)")
_MERGE = re.compile(r"\bmerge the skills ([a-z0-9-]+) and ([a-z0-9-]+)")
_STEP = re.compile(r"^\d+\. (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Failure:
    turn_id: str
    user: str
    remark: str

    @property
    def rule(self) -> HouseRule | None:
        return None if remarks.states_house_rule(self.user) else rule_for(self.user)


def answer(document: dict[str, Any]) -> str:
    return json.dumps(evolve(document), ensure_ascii=False)


def evolve(document: dict[str, Any]) -> dict[str, Any]:
    """One skill for the pattern of the first failure, with every failure of that pattern."""
    failures = [_failure(each) for each in _dicts(document.get("failures"))]
    if not failures:
        failures = [Failure(turn_id="", user="", remark="")]
    first = failures[0]
    if (tidied := _tidied(document, failures)) is not None:
        return tidied
    if house_habits.stated_in(first.remark):
        return _house_rules(document, failures)
    slug, skill = _skill_for(first)
    same = [each for each in failures if _skill_for(each)[0] == slug]
    live = _live_text(document, slug)
    extra = () if live is None else _improvements(live, first)
    return {
        "kind": "create" if live is None else "revise",
        "name": slug,
        "description": skill.description,
        "category": _category(document, skill.category),
        "reach": "relevant",
        "body": body_of(skill, *extra, remark=_rejection(document, slug)),
        "evidence_ids": [each.turn_id for each in same if each.turn_id],
    }


def _house_rules(document: dict[str, Any], failures: list[Failure]) -> dict[str, Any]:
    """One short skill for all rules of work on files: what it says already, and what is new."""
    live = _live_text(document, house_habits.SLUG)
    same = [each for each in failures if house_habits.stated_in(each.remark)]
    said = "\n".join([live or "", *(each.remark for each in same)])
    skill = house_habits.skill_text(house_habits.sentences_in(said))
    return {
        "kind": "create" if live is None else "revise",
        "name": house_habits.SLUG,
        "description": skill.description,
        "category": _category(document, skill.category),
        # No request names such a rule, so none could be recognised as needing it.
        "reach": "always",
        "body": body_of(skill, remark=_rejection(document, house_habits.SLUG)),
        "evidence_ids": [each.turn_id for each in same if each.turn_id],
    }


def _tidied(document: dict[str, Any], failures: list[Failure]) -> dict[str, Any] | None:
    """A retirement or a merge, where the user said in so many words that skills should go."""
    remark = failures[0].remark
    evidence = [each.turn_id for each in failures if each.turn_id]
    if (asked := _RETIRE.search(remark)) and _live_text(document, asked[1]) is not None:
        return {"kind": "retire", "name": asked[1], "evidence_ids": evidence}
    if (asked := _MERGE.search(remark)) is None:
        return None
    texts = {slug: _live_text(document, slug) for slug in asked.groups()}
    if None in texts.values() or len(texts) < 2:
        return None
    steps = [step for text in texts.values() for step in _STEP.findall(text or "")]
    skill = SkillText(
        title="What belongs together",
        description=f"Use when a request is about {' or '.join(texts)}.",
        category="common_mistakes",
        steps=tuple(dict.fromkeys(steps)),
        avoid=("Following one of these rules and forgetting the others.",),
    )
    return {
        "kind": "merge",
        "name": asked[1],
        "merges": list(texts),
        "description": skill.description,
        "category": _category(document, skill.category),
        "reach": "relevant",
        "body": body_of(skill),
        "evidence_ids": evidence,
    }


def body_of(skill: SkillText, *more_steps: str, remark: str = "") -> str:
    """The Markdown of a skill: title, numbered steps, what to avoid."""
    steps = [f"{number}. {step}" for number, step in enumerate((*skill.steps, *more_steps), 1)]
    avoid = [
        f"- {each}" for each in (*skill.avoid, *([f"A reviewer said: {remark}"] * bool(remark)))
    ]
    return "\n".join([f"# {skill.title}", "", "## Steps", *steps, "", "## Avoid", *avoid, ""])


def _skill_for(failure: Failure) -> tuple[str, SkillText]:
    if failure.rule is not None:
        return failure.rule.slug, failure.rule.skill
    return _generic_skill(failure)


def _generic_skill(failure: Failure) -> tuple[str, SkillText]:
    """A small skill from what the user said, for a failure outside the house rules."""
    subject = _key_words(failure.user)[:6] or ["requests"]
    wish = _key_words(failure.remark)[:4] or subject[:4]
    remark = " ".join(failure.remark.split())[:300] or "The answer did not help."
    skill = SkillText(
        title=f"Heed the correction: {' '.join(wish)}",
        description=f"Use when a request is about {', '.join(subject)}.",
        category="common_mistakes",
        steps=(
            f"Remember what was said about an earlier answer: “{remark}”",
            "Answer so that this remark would not be needed again.",
        ),
        avoid=("Giving the earlier kind of answer once more.",),
    )
    return "-".join(["heed", *wish])[:60].strip("-"), skill


def _key_words(text: str) -> list[str]:
    words = re.findall(r"[a-z][a-z0-9]{3,}", text.casefold())
    return list(dict.fromkeys(word for word in words if word not in _COMMON_WORDS))


def _failure(raw: dict[str, Any]) -> Failure:
    follow_up = raw.get("follow_up")
    rationales = raw.get("rationales")
    reasons = (
        [each for each in rationales if isinstance(each, str)]
        if isinstance(rationales, list)
        else []
    )
    return Failure(
        turn_id=str(raw.get("turn_id") or ""),
        user=_last_user_text(raw.get("messages")),
        remark=follow_up if isinstance(follow_up, str) and follow_up else " ".join(reasons[:1]),
    )


def _last_user_text(messages: Any) -> str:
    said = (each for each in reversed(_dicts(messages)) if each.get("role") == "user")
    texts = (user_words(_flat_text(each.get("content"))) for each in said)
    return next((text for text in texts if text), "")


def _flat_text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text") or "") for part in _dicts(content))


def _live_text(document: dict[str, Any], slug: str) -> str | None:
    nearest = _dicts(document.get("nearest_skills"))
    return next((str(each.get("text") or "") for each in nearest if each.get("slug") == slug), None)


def _improvements(live: str, failure: Failure) -> tuple[str, ...]:
    """The improvements the live skill already has, and one more."""
    present = [step for step in _IMPROVEMENTS if step in live]
    unused = (step for step in _IMPROVEMENTS if step not in live)
    like_this = f"Mind requests like this one too: “{' '.join(failure.user.split())[:120]}”"
    return (*present, next(unused, like_this))


def _rejection(document: dict[str, Any], slug: str) -> str:
    """What a reviewer wrote when this skill was last turned down."""
    rejections = _dicts(document.get("rejections"))
    said = (str(each.get("comment") or "") for each in rejections if each.get("slug") == slug)
    return " ".join(next(said, "").split())[:200]


def _category(document: dict[str, Any], wanted: str) -> str:
    offered = document.get("categories")
    if isinstance(offered, list) and offered and wanted not in offered:
        return str(offered[0])
    return wanted


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
