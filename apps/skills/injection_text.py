"""The block of text that carries chosen skills into a prompt.

Plain concatenation, never a template engine: ``{{7*7}}`` in a skill arrives as ``{{7*7}}``. The
same skills give the same bytes, which keeps the provider's prompt cache warm.
"""

import re
from collections.abc import Iterable
from typing import Final, Protocol

OPENING: Final = "<metaclaw_skills>"
CLOSING: Final = "</metaclaw_skills>"
INSTRUCTION: Final = (
    "These are working rules of the team you work for. Apply each one where it fits the request."
)

_TITLE = re.compile(r"\A#[ \t]+[^\n]*\n*")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)")
_TOP_HEADING = re.compile(r"^#{1,2}(?=[ \t])")
_DELIMITER = re.compile(r"<(?=\s*/?\s*metaclaw_)", re.IGNORECASE)


class Injectable(Protocol):
    """What a skill must have to be put into a prompt."""

    @property
    def slug(self) -> str: ...
    @property
    def body(self) -> str: ...


def render_block(skills: Iterable[Injectable]) -> str:
    """The block for ``skills`` in the order given; empty when there are none."""
    sections = [f"## {skill.slug}\n{_section_of(skill.body)}" for skill in skills]
    if not sections:
        return ""
    return "\n\n".join([f"{OPENING}\n{INSTRUCTION}", *sections]) + f"\n{CLOSING}"


def with_references(body: str, references: Iterable[tuple[str, str]]) -> str:
    """A body followed by those of the skills it uses, each under its name."""
    parts = [_closed(body.rstrip().split("\n"))]
    for slug, text in references:
        own = _TITLE.sub("", text.strip(), count=1)
        parts.append(f"# {slug}\n\n{_lower(own)}")
    return "\n\n".join(parts)


def _lower(text: str) -> str:
    """Headings one level below that of the skill's name."""
    lines: list[str] = []
    is_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        lines.append(line if is_code else _TOP_HEADING.sub("####", line))
    return _closed(lines).strip()


def _closed(lines: list[str]) -> str:
    """A fence that its author left open must not swallow what follows."""
    opened = sum(1 for line in lines if _FENCE.match(line))
    return "\n".join([*lines, "```"] if opened % 2 else lines)


def _section_of(body: str) -> str:
    """A body under its slug: title dropped, other headings one level below the slug's."""
    lines: list[str] = []
    is_code = False
    for line in _TITLE.sub("", body.strip(), count=1).split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        lines.append(line if is_code else _TOP_HEADING.sub("###", line))
    # A body cannot end the block early, nor open a second one.
    return _DELIMITER.sub("&lt;", "\n".join(lines).strip())
