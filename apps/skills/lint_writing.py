"""Lint rules about how a skill is written: can it be found, followed, and afforded?"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from apps.core.said import say
from apps.core.text import estimate_tokens
from apps.skills.checks import Check, verdict
from apps.skills.retrieval import ALWAYS_TOKEN_BUDGET
from apps.skills.skillmd import SkillDoc

DESCRIPTION_LENGTH: Final = (20, 300)
BODY_WARN: Final = 2_500
BODY_LIMIT: Final = 6_000
MIN_STEPS: Final = 2

_WHEN = re.compile(
    r"(?:use|apply|follow|read)\s+(?:this\s+)?(?:when|whenever|if|for|before|after|while|during|on|to|in)"
    r"\b|when(?:ever)?\b|before\b|after\b|while\b|if\b",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)")
_H1 = re.compile(r"^#\s+\S")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*)")
_LIST_ITEM = re.compile(r"^\s{0,8}(?:[-*+•]|\d{1,2}[.)、．])\s*\S")
_AVOID = re.compile(
    r"avoid|do\s+not|don['’]t|never|anti-?\s?patterns?|pitfalls?|mistakes"
    r"|vermeide|nicht|niemals|évite|ne\s+(?:pas|jamais)|erreurs|evit|nunca|errores|não|erros|non\b"
    r"|mai\b|избега|нельзя|не\s|ошибки|unika|避免|不要|禁止|切勿|反例|避け|しない|してはいけない|注意|禁物"
    r"|하지\s?마|피하|금지|หลีกเลี่ยง|ห้าม|อย่า|تجنب|לא\b",
    re.IGNORECASE,
)


def _description_when(doc: SkillDoc) -> Check:
    # Only English can be judged by its first words; elsewhere a sentence of its own must do.
    is_sentence = not doc.description.isascii() and len(doc.description) >= DESCRIPTION_LENGTH[0]
    if _WHEN.match(doc.description) or is_sentence:
        return Check(
            "description_when",
            "ok",
            say("check_description_when", "The description says when to use the skill."),
        )
    return Check(
        "description_when",
        "warn",
        say(
            "check_no_description_when",
            "Begin the description with when to use the skill ('Use when …'): it decides which "
            "requests get it.",
        ),
    )


def _description_length(doc: SkillDoc) -> Check:
    low, high = DESCRIPTION_LENGTH
    length = len(doc.description)
    if low <= length <= high:
        said = say("check_description", "The description has {length} characters.", length=length)
        return Check("description_length", "ok", said)
    return Check(
        "description_length",
        "warn",
        say(
            "check_description_length",
            "The description has {length} characters; {low} to {high} work best.",
            length=length,
            low=low,
            high=high,
        ),
    )


def _body_length(doc: SkillDoc) -> Check:
    length = len(doc.body)
    if length > BODY_LIMIT:
        message = say(
            "check_body_limit",
            "The body has {length} characters; the limit is {limit}.",
            length=length,
            limit=BODY_LIMIT,
        )
        return Check("body_length", "fail", message)
    if length > BODY_WARN:
        message = say(
            "check_body_long",
            "The body has {length} characters; short skills (up to {short}) work better.",
            length=length,
            short=BODY_WARN,
        )
        return Check("body_length", "warn", message)
    said = say("check_body", "The body has {length} characters.", length=length)
    return Check("body_length", "ok", said)


def _always_size(doc: SkillDoc) -> Check:
    tokens = estimate_tokens(doc.body)
    if doc.reach == "always" and tokens > ALWAYS_TOKEN_BUDGET:
        return Check(
            "always_size",
            "fail",
            say(
                "check_always_costly",
                "A rule that goes into every request may cost {limit} tokens; this one costs about"
                " {tokens}.",
                limit=ALWAYS_TOKEN_BUDGET,
                tokens=tokens,
            ),
        )
    said = say("check_always_size", "About {tokens} tokens in a prompt.", tokens=tokens)
    return Check("always_size", "ok", said)


def _steps(doc: SkillDoc) -> Check:
    steps = sum(1 for line in _steps_part(doc.body) if _LIST_ITEM.match(line))
    if steps >= MIN_STEPS:
        return Check("steps", "ok", say("check_steps", "{steps} steps to follow.", steps=steps))
    wanted = "Write what to do as numbered or bulleted steps, one act each."
    return Check("steps", "warn", say("check_no_steps", wanted))


def _one_topic(doc: SkillDoc) -> Check:
    titles = sum(1 for line in _prose(doc.body) if _H1.match(line))
    problems = {
        0: [say("check_no_title", "Give the body one title ('# …').")],
        1: [],
    }.get(
        titles,
        [
            say(
                "check_titles",
                "The body has {titles} titles; one skill teaches one thing.",
                titles=titles,
            )
        ],
    )
    return verdict("one_topic", "warn", problems, "One title, one topic.")


def _anti_pattern(doc: SkillDoc) -> Check:
    has_section = any(_opens_avoid(line) for line in _prose(doc.body))
    problems = [] if has_section else ["Say what to avoid, in a section '## Avoid'."]
    return verdict("anti_pattern", "warn", problems, "The body says what to avoid.")


def _steps_part(body: str) -> Iterator[str]:
    """Lines of prose up to the Avoid section: its list is not a list of steps."""
    for line in _prose(body):
        if _HEADING.match(line) and _opens_avoid(line):
            return
        yield line


def _opens_avoid(line: str) -> bool:
    """A heading, a bold lead or a list item that says what not to do."""
    heading = _HEADING.match(line)
    start = heading[1] if heading else line.lstrip(" -*+•0123456789.)_")
    return _AVOID.match(start) is not None or (heading is not None and bool(_AVOID.search(start)))


def _prose(body: str) -> Iterator[str]:
    """Lines outside code fences."""
    is_code = False
    for line in body.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code:
            yield line


RULES: Final[tuple[Callable[[SkillDoc], Check], ...]] = (
    _description_when,
    _description_length,
    _body_length,
    _always_size,
    _steps,
    _one_topic,
    _anti_pattern,
)
