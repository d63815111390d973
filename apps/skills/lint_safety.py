"""Lint rules about what a skill must never carry into a prompt.

Phrases are looked for in a *folded* text: compatibility forms, emphasis marks, invisible characters
and look-alike letters are removed first, so that spelling tricks do not help.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from apps.core.said import say
from apps.core.sensitive import Finding, personal_data_in, secrets_in
from apps.core.sensitive_checks import is_example_host
from apps.core.text import code_point, hidden_characters
from apps.skills import lint_patterns as patterns
from apps.skills.checks import Check, verdict
from apps.skills.skillmd import SkillDoc

_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁɡοανι", "aeopcyxijsdgoavi")
_EMPHASIS = re.compile(r"[*_`~\"'“”‘’]+")
_SPACES = re.compile(r"\s+")
_SPACED_LETTERS = re.compile(r"\b(?:[a-z][ .\-]){3,}[a-z]\b")
# Addresses set aside for documentation, and the machine itself.
_EXAMPLE_ADDRESSES = ("127.", "0.0.0.0", "192.0.2.", "198.51.100.", "203.0.113.")  # noqa: S104


def _secrets(doc: SkillDoc) -> Check:
    problems = _name_findings(doc, secrets_in)
    return verdict("secrets", "fail", problems, "No keys, tokens or passwords.")


def _personal_data(doc: SkillDoc) -> Check:
    problems = _name_findings(doc, personal_data_in)
    return verdict("personal_data", "fail", problems, "No personal data.")


def _prompt_injection(doc: SkillDoc) -> Check:
    views = _views(_all_text(doc))
    problems = [
        say(
            "check_attack",
            "“{phrase}” reads like an attack on the model or on its user.",
            phrase=match[0][:80],
        )
        for pattern in patterns.INJECTION
        for view in views
        if (match := pattern.search(view))
    ]
    problems += [
        say(
            "check_prompt_markup",
            "“{phrase}” imitates the structure of a prompt.",
            phrase=match[0][:40],
        )
        for match in patterns.PROMPT_MARKUP.finditer(_all_text(doc))
    ]
    return verdict("prompt_injection", "fail", problems, "No phrases that take over a prompt.")


def reads_like_an_attack(text: str) -> str:
    """The phrase of a text that tries to take over a prompt; empty if there is none."""
    for view in _views(text):
        for pattern in patterns.INJECTION:
            if match := pattern.search(view):
                return match[0][:80]
    markup = patterns.PROMPT_MARKUP.search(text)
    return markup[0][:40] if markup else ""


def _hosts(doc: SkillDoc) -> Check:
    problems = [
        say("check_host", "“{host}” is a real address; use example.com in examples.", host=host)
        for match in patterns.HOST.finditer(_all_text(doc))
        if not _is_example(host := match["url"] or match["bare"] or match["ip"])
    ]
    return verdict("hosts", "warn", problems, "No addresses of real hosts.")


def _dangerous_shell(doc: SkillDoc) -> Check:
    # A line continued by a backslash is one command.
    text = _all_text(doc).replace("\\\n", " ")
    problems = [
        f"“{_SPACES.sub(' ', match[0])[:80]}” {why}."
        for pattern, why in patterns.DANGEROUS_SHELL
        if (match := pattern.search(text))
    ]
    return verdict(
        "dangerous_shell", "fail", problems, "No commands that destroy or run the unseen."
    )


def _encoded_run(doc: SkillDoc) -> Check:
    problems = [
        say(
            "check_encoded",
            "“{start}…” ({length} characters) may be hidden content.",
            start=match[0][:24],
            length=len(match[0]),
        )
        for pattern in patterns.ENCODED_RUNS
        for match in pattern.finditer(_all_text(doc))
    ]
    return verdict("encoded_run", "fail", problems, "No long encoded runs.")


def _invisible_characters(doc: SkillDoc) -> Check:
    problems = [
        f"Line {line} of {part} has {code_point(char)}."
        for part, text in (("the description", doc.description), ("the body", doc.body))
        for line, char in hidden_characters(text)
    ]
    return verdict("invisible_characters", "fail", problems, "Every character can be seen.")


def _hidden_markup(doc: SkillDoc) -> Check:
    problems = [
        say(
            "check_disappears",
            "“{phrase}” disappears when the Markdown is rendered.",
            phrase=_SPACES.sub(" ", match[0])[:60],
        )
        for match in patterns.HIDDEN_MARKUP.finditer(doc.body)
    ]
    return verdict("hidden_markup", "warn", problems, "Nothing disappears when rendered.")


def _all_text(doc: SkillDoc) -> str:
    return f"{doc.slug}\n{doc.description}\n{doc.body}"


def _name_findings(doc: SkillDoc, find: Callable[[str], Iterable[Finding]]) -> list[str]:
    """Says what and where, never the value: checks are stored and shown."""
    return [
        f"Line {text.count(chr(10), 0, finding.start) + 1} of {part} has what looks like: "
        f"{finding.kind.replace('_', ' ')}."
        for part, text in (("the description", doc.description), ("the body", doc.body))
        for finding in find(text)
    ]


def _is_example(host: str) -> bool:
    return host.startswith(_EXAMPLE_ADDRESSES) or is_example_host(host)


def _views(text: str) -> tuple[str, str]:
    """The text as a model may read it: folded, and folded with look-alikes made Latin."""
    folded = unicodedata.normalize("NFKC", text)
    hidden = {char for _, char in hidden_characters(folded)}
    folded = "".join(char for char in folded if char not in hidden).casefold()
    folded = _SPACES.sub(" ", _EMPHASIS.sub("", folded))
    folded = _SPACED_LETTERS.sub(lambda match: re.sub(r"[ .\-]", "", match[0]), folded)
    return folded, folded.translate(_LOOK_ALIKES)


RULES: Final[tuple[Callable[[SkillDoc], Check], ...]] = (
    _secrets,
    _personal_data,
    _prompt_injection,
    _hosts,
    _dangerous_shell,
    _encoded_run,
    _invisible_characters,
    _hidden_markup,
)
