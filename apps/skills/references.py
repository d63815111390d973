"""Skills composed of others: which references hold, and the text that comes of them.

A skill names others under ``uses``. Where it goes into a prompt, they follow it. That is put
together once, when a library is loaded; a request finds finished texts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from apps.core.said import say
from apps.core.text import estimate_tokens
from apps.skills.injection_text import with_references
from apps.skills.types import LiveSkill

# A skill, what it uses, and what those use.
MAX_DEPTH: Final = 2


@dataclass(frozen=True, slots=True)
class Node:
    """A skill as references see it."""

    slug: str
    uses: Sequence[str]
    reach: str = "relevant"
    tokens: int = 0
    agents: frozenset[str] = frozenset()
    scope_tags: Mapping[str, str] = field(default_factory=dict)


def covers(reference: Node | LiveSkill, referrer: Node | LiveSkill) -> bool:
    """Whether everybody who gets ``referrer`` may get ``reference`` too."""
    if reference.agents and not (referrer.agents and referrer.agents <= reference.agents):
        return False
    return referrer.scope_tags.items() >= reference.scope_tags.items()


def problems(nodes: Mapping[str, Node], known: Iterable[str], *, always_tokens: int) -> list[str]:
    """What is wrong with the references among these live skills, as sentences.

    ``known``: all names there are. One that is known and not live is no problem: nothing of it
    goes into a prompt.
    """
    names = frozenset(known)
    found: list[str] = []
    for node in nodes.values():
        found += [
            say(
                "uses_unknown",
                "{slug} uses {named}, which is not there.",
                slug=node.slug,
                named=slug,
            )
            for slug in node.uses
            if slug not in names
        ]
        found += _problems_of(node, nodes, always_tokens)
    return found


def _problems_of(root: Node, nodes: Mapping[str, Node], always_tokens: int) -> Iterator[str]:
    tokens = {root.slug: root.tokens}
    for path in _paths(root, nodes):
        last = nodes[path[-1]]
        if last.slug in path[:-1]:
            yield say("uses_circle", "{path} goes round in a circle.", path=" → ".join(path))
        elif len(path) > MAX_DEPTH + 1:
            english = "{path} goes deeper than {limit} references."
            yield say("uses_deep", english, path=" → ".join(path), limit=MAX_DEPTH)
        elif not covers(last, root):
            english = "{slug} uses {named}, which is not for everybody who gets {slug}."
            yield say("uses_narrower", english, slug=root.slug, named=last.slug)
        tokens[last.slug] = last.tokens
    if len(tokens) > 1 and root.reach == "always" and sum(tokens.values()) > always_tokens:
        yield say(
            "uses_costly",
            "{slug} goes into every request and costs {tokens} tokens with what it uses; {limit} is"
            " the most.",
            slug=root.slug,
            tokens=sum(tokens.values()),
            limit=always_tokens,
        )


def _paths(root: Node, nodes: Mapping[str, Node]) -> Iterator[tuple[str, ...]]:
    """Ways from ``root`` along live references, one step beyond what is allowed."""
    pending: list[tuple[str, ...]] = [(root.slug,)]
    while pending:
        path = pending.pop()
        for slug in nodes[path[-1]].uses:
            if slug in nodes:
                longer = (*path, slug)
                yield longer
                if slug not in path and len(longer) <= MAX_DEPTH + 1:
                    pending.append(longer)


def composed(skill: LiveSkill, live: Mapping[str, LiveSkill]) -> LiveSkill:
    """The skill with what it uses behind its own text, and what the whole costs.

    Holds whatever is stored: a circle ends, and what is not for everybody who gets the skill
    stays out.
    """
    if not skill.uses:
        return skill
    found: dict[str, LiveSkill] = {}
    _collect(skill, skill, live, found, MAX_DEPTH)
    if not found:
        return skill
    references = tuple((one.slug, one.body) for one in found.values())
    body = with_references(skill.body, references)
    return replace(
        skill,
        body=body,
        own_body=skill.body,
        references=references,
        tokens=estimate_tokens(body),
    )


def told_once(
    skills: Iterable[LiveSkill], standing: frozenset[str] = frozenset()
) -> list[LiveSkill]:
    """The skills of one block with each text in it once, and none that is in the prompt already.

    A skill that goes in of its own is not brought by another one, too; what several bring, the
    first brings. ``standing``: the names of what stands further up (see :func:`names_in`).
    """
    left = [one for one in skills if one.slug not in standing]
    told = standing.union(one.slug for one in left)
    found: list[LiveSkill] = []
    for one in left:
        references = tuple(named for named in one.references if named[0] not in told)
        told = told.union(slug for slug, _ in references)
        if len(references) < len(one.references):
            body = with_references(one.own_body, references) if references else one.own_body
            one = replace(one, body=body, references=references)
        found.append(one)
    return found


def names_in(skills: Iterable[LiveSkill]) -> frozenset[str]:
    """Of the skills themselves, and of what they bring."""
    return frozenset(
        name for one in skills for name in (one.slug, *(slug for slug, _ in one.references))
    )


def _collect(
    root: LiveSkill,
    skill: LiveSkill,
    live: Mapping[str, LiveSkill],
    found: dict[str, LiveSkill],
    depth: int,
) -> None:
    """Each once, and what a skill uses right behind it."""
    for slug in skill.uses:
        reference = live.get(slug)
        if reference is None or slug == root.slug or slug in found:
            continue
        if covers(reference, root):
            found[slug] = reference
            if depth > 1:
                _collect(root, reference, live, found, depth - 1)
