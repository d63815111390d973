"""What a text may have learned from somebody who is neither a user nor the model.

A page that an agent fetched can say what it likes, and an evolver that read it may have believed
it. Whether it did cannot be known: a person is told which turns carried what, and which words of
the text stand in it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from apps.core.said import say, together
from apps.core.text import hidden_characters
from apps.evolution.services.checking.finding import Finding
from apps.skills.lint_safety import reads_like_an_attack
from apps.skills.skillmd import SkillDoc
from apps.trajectories.selectors import Brought, TurnOutside

_WORD = re.compile(r"\w+")
# So many words in a row are not there by chance.
_COPIED_WORDS: Final = 7
_NAMED = 5


def taint(doc: SkillDoc, turns: Sequence[TurnOutside], *, trusted: Iterable[str]) -> Finding:
    """Warns of evidence that carried what tools brought in.

    ``trusted``: tools whose results are the workspace's own. What reads like an attack, or was
    taken over word for word, is named whichever tool brought it.
    """
    own = set(trusted)
    problems: list[str] = []
    about: list[str] = []
    runs = _runs(doc.body)
    for turn in turns:
        foreign = Counter(one.tool for one in turn.brought if one.tool not in own)
        said = [f"results of {_listed(foreign)}"] if foreign else []
        said += _alarming(turn.brought, runs)
        if not turn.is_known:
            said = ["a request that cannot be read any more"]
        if said:
            about.append(str(turn.turn_id))
            problems.append(f"Turn {str(turn.turn_id)[:8]} carried {' and '.join(said)}.")
    if not problems:
        none = say("check_untainted", "The evidence carries nothing that tools brought in.")
        return Finding("taint", "ok", none)
    more = say("and_more", "And {count} more.", count=len(problems) - _NAMED)
    shown = [*problems[:_NAMED], *([more] if len(problems) > _NAMED else [])]
    return Finding("taint", "warn", together(*shown), turn_ids=about)


def _alarming(brought: Iterable[Brought], runs: set[tuple[str, ...]]) -> list[str]:
    found = []
    for one in brought:
        if phrase := reads_like_an_attack(one.text):
            found.append(f"from {one.tool} “{phrase}”, which reads like an attack")
        if any(hidden_characters(one.text)):
            found.append(f"from {one.tool} characters that cannot be seen")
        copied = runs & _runs(one.text)
        if copied:
            words = " ".join(min(copied))
            found.append(f"from {one.tool} words that the text repeats (“{words}”)")
    return list(dict.fromkeys(found))[:_NAMED]


def _listed(tools: Counter[str]) -> str:
    named = [f"{name} ×{count}" if count > 1 else name for name, count in tools.most_common(_NAMED)]
    return ", ".join(named)


def _runs(text: str) -> set[tuple[str, ...]]:
    said = _WORD.findall(text.casefold())
    return {tuple(said[at : at + _COPIED_WORDS]) for at in range(len(said) - _COPIED_WORDS + 1)}
