"""SKILL.md: YAML front matter and a Markdown body, read strictly and written in one canonical form.

The canonical text is what is stored, hashed, reviewed and exported. ``parse(render(doc)) == doc``.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast

import yaml

from apps.core.said import say
from apps.core.text import code_point, control_characters, normalize_newlines
from apps.skills import front_matter
from apps.skills.errors import SkillInvalid
from apps.tenants.types import AGENT_NAME, AGENT_NAME_LENGTH

Reach = Literal["relevant", "always"]

CATEGORIES: Final = (
    "general",
    "coding",
    "research",
    "data_analysis",
    "security",
    "communication",
    "automation",
    "agentic",
    "productivity",
    "common_mistakes",
)
REACHES: Final = ("relevant", "always")
MAX_BYTES: Final = 64 * 1024
MAX_DESCRIPTION: Final = 1024
MAX_AGENTS: Final = 50
MAX_USES: Final = 5
MAX_TAGS: Final = 16
MAX_TAG: Final = 200

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z")
_TAG_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,40}")
_LEADING_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
_REQUIRED = ("name", "description", "category")
_OURS = frozenset({*_REQUIRED, "reach"})
# Keys that other tools put into a SKILL.md. They describe packaging, not what a prompt gets.
_IGNORED = frozenset({"license", "version", "author", "compatibility", "allowed-tools", "metadata"})


@dataclass(frozen=True, slots=True)
class SkillDoc:
    """One skill as a document. Made by ``build`` or ``parse``, so its values are valid."""

    slug: str
    description: str
    category: str
    body: str
    reach: Reach = "relevant"
    # Of whom the file says that it is for them; None: it says nothing. Kept with the skill, not
    # with its text: see ``guidance``.
    agents: tuple[str, ...] | None = None
    # The skills whose texts follow this one in a prompt, in this order.
    uses: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return render(self)

    @property
    def guidance(self) -> "SkillDoc":
        """The guidance alone, as versions keep it: whom it is for may change without it."""
        return self if self.agents is None else replace(self, agents=None)

    @property
    def sha256(self) -> str:
        return sha256_of(self.text)


def build(
    *,
    slug: str,
    description: str,
    category: str,
    body: str,
    reach: str = "relevant",
    agents: Iterable[str] | None = None,
    uses: Iterable[str] = (),
) -> SkillDoc:
    """A document from its parts, normalised; raises SkillInvalid naming the part that is wrong."""
    for field, value in (("description", description), ("body", body)):
        _refuse_control_characters(normalize_newlines(value), field)
    description = " ".join(description.split())
    body = _LEADING_BLANK_LINES.sub("", normalize_newlines(body)).rstrip()
    if not _SLUG.match(slug):
        english = (
            "The name must be 1 to 64 of a-z, 0-9 and '-', and begin and end with a letter or"
            " digit."
        )
        raise SkillInvalid.of("name", say("skill_name", english))
    if not description:
        raise SkillInvalid.of(
            "description", say("skill_no_description", "The description is empty.")
        )
    if len(description) > MAX_DESCRIPTION:
        english = "The description is longer than {limit} characters."
        long = say("skill_description_long", english, limit=MAX_DESCRIPTION)
        raise SkillInvalid.of("description", long)
    if category not in CATEGORIES:
        known = ", ".join(CATEGORIES)
        wrong = say("skill_category", "The category must be one of: {listed}.", listed=known)
        raise SkillInvalid.of("category", wrong)
    if reach not in REACHES:
        wrong = say("skill_reach", "The reach must be 'relevant' or 'always'.")
        raise SkillInvalid.of("reach", wrong)
    if not body:
        raise SkillInvalid.of("body", say("skill_no_body", "The body is empty."))
    named = None if agents is None else agents_of(agents)
    used = _uses_of(slug, uses)
    doc = SkillDoc(slug, description, category, body, cast("Reach", reach), named, used)
    _refuse_oversize(doc.text)
    return doc


def parse(text: str, *, is_foreign: bool = False) -> SkillDoc:
    """Read a SKILL.md; raises SkillInvalid naming the field that is wrong.

    ``is_foreign``: another tool wrote it. Its own keys are left out then, and a category that is
    missing or none of ours becomes ``general``.
    """
    _refuse_oversize(text)
    text = normalize_newlines(text.removeprefix("\ufeff"))
    _refuse_control_characters(text, "text")
    source, body = front_matter.split(text)
    nodes = front_matter.read(source)
    agents = nodes.pop("agents", None)
    uses = nodes.pop("uses", None)
    values = {
        name: front_matter.string_value(name, node)
        for name, node in nodes.items()
        if name in _OURS or not (is_foreign or name in _IGNORED)
    }
    if is_foreign and values.get("category") not in CATEGORIES:
        values["category"] = "general"
    for name in _REQUIRED:
        if name not in values:
            lack = say("front_matter_lacks", "The front matter lacks '{name}'.", name=name)
            raise SkillInvalid.of(name, lack)
    for name in values:
        if name not in _OURS:
            english = "The front matter has an unknown key '{name}'."
            raise SkillInvalid.of("text", say("front_matter_unknown", english, name=name[:64]))
    return build(
        slug=values["name"],
        description=values["description"],
        category=values["category"],
        body=body,
        reach=values.get("reach", "relevant"),
        agents=None if agents is None else front_matter.string_values("agents", agents),
        uses=() if uses is None else front_matter.string_values("uses", uses),
    )


def agents_of(names: Iterable[str]) -> tuple[str, ...]:
    """Agents' names, each once and in order; raises SkillInvalid for what is no name."""
    found = tuple(sorted({name.strip() for name in names}))
    if len(found) > MAX_AGENTS:
        many = say("skill_agents", "A skill names at most {limit} agents.", limit=MAX_AGENTS)
        raise SkillInvalid.of("agents", many)
    for name in found:
        if len(name) > AGENT_NAME_LENGTH or not AGENT_NAME.fullmatch(name):
            english = "No agent can be called {name!r}: it is sent as a header."
            raise SkillInvalid.of("agents", say("skill_agent_name", english, name=name[:64]))
    return found


def tags_of(tags: Mapping[str, str]) -> dict[str, str]:
    """A turn's tags that a skill asks for, named as gateways name them; raises SkillInvalid."""
    found = {name.strip().lower(): value.strip() for name, value in sorted(tags.items())}
    if len(found) > MAX_TAGS:
        many = say("skill_tags", "A skill asks for at most {limit} tags.", limit=MAX_TAGS)
        raise SkillInvalid.of("tags", many)
    for name, value in found.items():
        if not _TAG_NAME.fullmatch(name):
            english = "No tag can be called {name!r}: it is part of a header."
            raise SkillInvalid.of("tags", say("skill_tag_name", english, name=name[:64]))
        if not value or len(value) > MAX_TAG or not AGENT_NAME.fullmatch(value):
            english = "No turn can have this value of the tag {name}."
            raise SkillInvalid.of("tags", say("skill_tag_value", english, name=name))
    return found


def _uses_of(slug: str, names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(name.strip() for name in names))
    if len(found) > MAX_USES:
        many = say("skill_uses", "A skill uses at most {limit} others.", limit=MAX_USES)
        raise SkillInvalid.of("uses", many)
    for name in found:
        if not _SLUG.match(name):
            wrong = say("skill_used_name", "No skill can be called {name!r}.", name=name[:64])
            raise SkillInvalid.of("uses", wrong)
        if name == slug:
            raise SkillInvalid.of("uses", say("skill_uses_itself", "A skill cannot use itself."))
    return found


def parse_bytes(blob: bytes, *, is_foreign: bool = False) -> SkillDoc:
    """Read a SKILL.md file's bytes, which must be UTF-8; otherwise as :func:`parse`."""
    if len(blob) > MAX_BYTES:
        raise _oversize()
    try:
        return parse(blob.decode("utf-8"), is_foreign=is_foreign)
    except UnicodeDecodeError as exc:
        wrong = say("skill_not_utf8", "The file is not UTF-8 text.")
        raise SkillInvalid.of("text", wrong) from exc


def render(doc: SkillDoc) -> str:
    """The canonical text of a document."""
    front: dict[str, Any] = {
        "name": doc.slug,
        "description": doc.description,
        "category": doc.category,
    }
    if doc.reach != "relevant":
        front["reach"] = doc.reach
    if doc.uses:
        front["uses"] = list(doc.uses)
    if doc.agents is not None:
        front["agents"] = list(doc.agents)
    # An endless width keeps every value on its line, so that diffs show what changed.
    source = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"{front_matter.FENCE}\n{source}{front_matter.FENCE}\n\n{doc.body}\n"


def sha256_of(text: str) -> str:
    """The hash that approvals are bound to."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_oversize(text: str) -> None:
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise _oversize()


def _oversize() -> SkillInvalid:
    large = say("skill_file_large", "The file is larger than {limit} KB.", limit=MAX_BYTES // 1024)
    return SkillInvalid.of("text", large)


def _refuse_control_characters(text: str, field: str) -> None:
    for line, char in control_characters(text):
        english = "Line {line} has the control character {name}."
        raise SkillInvalid.of(
            field, say("control_character", english, line=line, name=code_point(char))
        )
