"""House rules for work on files, known by their wording alone.

A user's remark states such a rule in a sentence; a skill, a system prompt or a notebook that
repeats the sentence states it to the simulated agent.
"""

import re
from typing import Final

from apps.integrations.practice.rules import SkillText

NAMES: Final = "names"
OFFSETS: Final = "offsets"
METADATA: Final = "metadata"
BACKUP: Final = "backup"
DONE: Final = "done"

SLUG: Final = "house-rules-for-files"

# The wording is all: whoever rewrites the sentence so that it is gone, has untaught the rule.
_WORDINGS: Final = {
    NAMES: "name of a new file begins with the date",
    OFFSETS: "time of day carries its date and utc offset",
    METADATA: "new file opens with a metadata block",
    BACKUP: "copied to its name with .bak behind it before it is changed",
    DONE: "finished work gets a line in done.log",
}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_STEP = re.compile(r"^\s*(?:\d+\.|-)\s+", re.MULTILINE)


def stated_in(text: str) -> frozenset[str]:
    flat = _flat(text)
    return frozenset(habit for habit, wording in _WORDINGS.items() if wording in flat)


def sentences_in(text: str) -> dict[str, str]:
    """Per rule that ``text`` states, the sentence that states it."""
    found: dict[str, str] = {}
    for line in _STEP.sub("", text).splitlines():
        for sentence in _SENTENCE_END.split(line.strip()):
            for habit in sorted(stated_in(sentence)):
                found.setdefault(habit, sentence)
    return found


def skill_text(sentences: dict[str, str]) -> SkillText:
    """The one skill that holds every rule learned so far, always in the same order."""
    return SkillText(
        title="House rules for files",
        description="Use when work leaves a file behind: a new note, a text file, a list, or a "
        "line that is changed in a file that exists, at the depot or elsewhere.",
        category="common_mistakes",
        steps=(
            "Look which of the rules below concern the task, and keep each of them.",
            *(sentences[habit] for habit in _WORDINGS if habit in sentences),
        ),
        avoid=("Handing work over that a rule above would have made different.",),
    )


def _flat(text: str) -> str:
    # Markdown emphasis and line breaks must not hide a rule that a person reformatted.
    return " ".join(re.sub(r"[*_`]", "", text).casefold().split())
