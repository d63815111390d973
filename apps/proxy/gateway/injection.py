"""Which skills go into a prompt, and which stay in it.

The skills of a session's first request stand behind the system prompt. Skills that turn out
to fit later go behind the user message they fitted, and stay at that message in every later
request: the prompt only ever grows at its end (P8). ``placing`` knows where that is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.core.chat import last_user_index, said_by_user
from apps.proxy.gateway import placing
from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.sessions import Conversation, Pins
from apps.proxy.gateway.snapshots import TenantSnapshot
from apps.skills.arms import Arm, arms_of, withheld_from
from apps.skills.choosing import Candidate, Considered, Wanted, consider
from apps.skills.meaning import Meaning
from apps.skills.types import OTHER_TAG, LiveSkill
from apps.tenants.types import AgentConfig

_TAILS_MAX = 8
# A session may carry more than one request may add, but not without end.
_SESSION_BUDGETS = 3
_SAID_TO_THE_MODEL = frozenset({"user", "system", "developer"})
_NOT_SPOKEN = frozenset({"completions", "embeddings"})


@dataclass(slots=True)
class Injection:
    """What went into one request, what did not, and why."""

    text: str = ""
    place: str = "none"
    skills: list[LiveSkill] = field(default_factory=list)
    candidates: Sequence[Candidate] = ()
    # Why the prompt is not the last one with something at its end, where that is so.
    break_reason: str = ""
    has_new_pins: bool = False
    # The trials this request counts for, and its arm in each.
    trials: Sequence[tuple[str, str]] = ()

    def facts(self, conversation: Conversation) -> dict[str, Any]:
        """What the record of the turn says about it."""
        found: dict[str, Any] = {"text": self.text, "place": self.place}
        if self.candidates:
            found["candidates"] = [one.facts() for one in self.candidates]
        if conversation.pins.at_start is not None:
            found["pins"] = conversation.pins.packed()
        if self.break_reason:
            found["break"] = self.break_reason
        if self.trials:
            found["trials"] = self.trials
        return found

    def score_of(self, skill: LiveSkill) -> float:
        for one in self.candidates:
            if one.slug == skill.slug and one.version == skill.version:
                return one.score
        return 0.0


def inject(
    asked: Asked,
    tenant: TenantSnapshot,
    rules: AgentConfig,
    conversation: Conversation,
    meaning: Meaning | None = None,
) -> Injection:
    """Choose skills for the request and put them into its text.

    ``meaning`` is that of what the user asked, where embeddings are configured and in time.
    """
    done = Injection()
    if not rules.injects or not tenant.by_version or asked.dialect.name in _NOT_SPOKEN:
        return done
    said = asked.said
    index = last_user_index(said)
    query = "" if index is None else said_by_user(said[index])
    pins = conversation.pins
    barred = _barred(asked, tenant, pins)
    carried = pins.all()
    arms = arms_of(tenant.library.trials, conversation.session_id, carried)
    found = _Search(tenant, rules, pins, query, meaning, barred).consider(arms)
    done.candidates, done.trials = found.candidates, found.trials
    if arms:
        barred = withheld_from(arms, barred)
    fresh = tuple(
        one.version_id
        for one in done.candidates
        if one.verdict == "in" and one.version_id not in carried
    )
    if pins.at_start is None:
        pins.at_start, done.has_new_pins = fresh, True
    elif fresh and index is not None and _may_grow(pins, said, index):
        pins.at_message.setdefault(conversation.hashes[index], fresh)
        done.has_new_pins = True
    if fresh and done.has_new_pins and tenant.shelf.scoped:
        _note_scopes(pins, tenant, fresh)
    pins.forwarded = max(pins.forwarded, len(said))
    live = _live(pins, tenant, barred)
    if any(version not in live for version in carried):
        done.break_reason = "skill_removed"
    _put_at_start(asked, tenant, live, pins.at_start, done)
    if pins.at_message:
        _put_at_messages(asked, tenant, live, conversation, done)
    return done


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for on behalf of one request."""

    tenant: TenantSnapshot
    rules: AgentConfig
    pins: Pins
    query: str
    meaning: Meaning | None
    barred: Mapping[str, str]

    def consider(self, arms: Sequence[Arm]) -> Considered:
        """The skills that fit the query, best first, within what the session may still take on;
        and the trials for which that counts.

        Asked the same by the same session, of the same skills, the answer is the last one: that
        is every request of an agent's tool loop.
        """
        # A meaning that came too late for one request counts from the next one on.
        treated = tuple((arm.trial.id, arm.is_treated) for arm in arms)
        key = hash((self.query, self.meaning is not None, tuple(self.barred), treated))
        asked = (key, self.tenant.library.generation)
        if self.pins.last_search[:2] == asked:
            known: Considered = self.pins.last_search[2]
            return known
        found = consider(self.tenant.shelf, self._wanted(arms))
        self.pins.last_search = (*asked, found)
        return found

    def _wanted(self, arms: Sequence[Arm]) -> Wanted:
        tenant, budget = self.tenant, self.rules.skill_token_budget
        pinned = [tenant.by_version[v] for v in self.pins.all() if v in tenant.by_version]
        room = budget * _SESSION_BUDGETS - sum(one.tokens for one in pinned)
        return Wanted(
            query=self.query,
            limit=self.rules.max_skills,
            token_budget=max(0, min(room, budget)),
            barred=self.barred,
            arms=arms,
            meaning=self.meaning,
        )


def _may_grow(pins: Pins, said: Sequence[Any], index: int) -> bool:
    """Whether a message may still get something behind it.

    Not in the middle of a tool loop: there the provider has cached what follows the message.
    """
    is_new = 0 <= pins.forwarded <= index
    is_last_word = all(one.get("role") in _SAID_TO_THE_MODEL for one in said[index:])
    return len(pins.at_message) < _TAILS_MAX and (is_new or is_last_word)


def _barred(asked: Asked, tenant: TenantSnapshot, pins: Pins) -> Mapping[str, str]:
    """What is not for this turn, and why.

    A skill that was taken on for the tags of an earlier turn stays, as long as it asks for the
    same tags: the prompt only grows (P8).
    """
    barred = tenant.shelf.barred(asked.agent, asked.tags)
    if not barred or not pins.scopes:
        return barred
    return {
        version: reason
        for version, reason in barred.items()
        if reason != OTHER_TAG or pins.scopes.get(version) != tenant.by_version[version].scope_tags
    }


def _note_scopes(pins: Pins, tenant: TenantSnapshot, fresh: Iterable[str]) -> None:
    for version in fresh:
        wanted = tenant.by_version[version].scope_tags
        if wanted:
            pins.scopes[version] = dict(wanted)


def _live(pins: Pins, tenant: TenantSnapshot, barred: Mapping[str, str]) -> Mapping[str, LiveSkill]:
    """Versions that may stand where they are pinned.

    A retired skill, and one that is for somebody else by now, leaves every prompt at once.
    """
    if not barred:
        return tenant.by_version
    known = tenant.by_version
    return {one: known[one] for one in pins.all() if one in known and one not in barred}


def _put_at_start(
    asked: Asked,
    tenant: TenantSnapshot,
    live: Mapping[str, LiveSkill],
    pinned: Iterable[str],
    done: Injection,
) -> None:
    skills = [live[version] for version in pinned if version in live]
    if not skills:
        return
    block = tenant.block_of(skills)
    placing.behind_instructions(asked, block)
    done.text, done.place = block.text, "system"
    done.skills += skills


def _put_at_messages(
    asked: Asked,
    tenant: TenantSnapshot,
    live: Mapping[str, LiveSkill],
    conversation: Conversation,
    done: Injection,
) -> None:
    at_message = conversation.pins.at_message
    previous = b""
    for index, known in enumerate(conversation.hashes):
        # A message that is nothing but context shares the hash of the one before it, and is
        # gone the next time: what stood in it would be missing there.
        is_context, previous = known == previous, known
        is_carrier = known in at_message and asked.said[index].get("role") == "user"
        if is_context or not is_carrier:
            continue
        skills = [live[version] for version in at_message[known] if version in live]
        if not skills:
            continue
        block = tenant.block_of(skills, above=done.skills)
        done.skills += skills
        if not block.text:
            # Skills further up use them: they are in the prompt.
            continue
        placing.behind_message(asked, asked.leading + index, block)
        done.text = f"{done.text}\n\n{block.text}".strip()
        done.place = "tail" if done.place == "none" else done.place
