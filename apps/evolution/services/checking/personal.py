"""Whether a text says of a person what its evidence says of them.

The lint finds personal data that has a shape. A name has none: but the evidence often says that
it is one.
"""

import re
from collections.abc import Sequence

from apps.core.said import say
from apps.core.sensitive import Finding as Sensitive
from apps.core.sensitive import personal_data_in, secrets_in
from apps.evolution.services.checking.finding import Finding
from apps.skills.skillmd import SkillDoc
from apps.trajectories.types import EvidenceTurn

_ADDRESS = re.compile(r"([\w.+-]+)@[\w-]+\.[\w.-]+")
# Addresses of an office, not of a person.
_OFFICES = re.compile(
    r"info|admin|support|hello|contact|sales|team|noreply|office|mail|help|service|billing|test"
    r"|user|example|security",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"(?:\b[Mm]y name is|\b[Ii]ch (?:heiße|bin)|\b[Jj]e m['’]appelle|\b[Mm]e llamo|\b[Mm]eu nome é"
    r"|\b[Мм]еня зовут|\b[Rr]egards,|\b[Gg]rüße,|\b[Dd]ear|\b(?:Mr|Mrs|Ms|Dr|Herr|Frau)\.?)\s+"
    r"((?:[A-ZÀ-ÞА-Я][\w’'-]{2,}\s?){1,3})"
)
_LEAST = 4


def personal_evidence(doc: SkillDoc, turns: Sequence[EvidenceTurn]) -> Finding:
    """Fails on a secret or personal value of the evidence in the text, warns of a name in it."""
    text = f"{doc.description}\n{doc.body}"
    plain = _plain(text)
    carried: list[str] = []
    values: list[str] = []
    names: list[str] = []
    for turn in turns:
        said = "\n".join([turn.user_text, turn.response_text, turn.follow_up or ""])
        found = [*personal_data_in(said), *secrets_in(said)]
        people = _names(said)
        if found or people:
            carried.append(str(turn.turn_id))
        values += [_kind(one) for one in found if _plain(said[one.start : one.end]) in plain]
        names += [name for name in people if re.search(rf"\b{re.escape(name)}\b", text)]
    if values:
        kinds = ", ".join(dict.fromkeys(values))
        message = say(
            "check_personal",
            "The text has from its evidence what looks like: {kinds}.",
            kinds=kinds,
        )
        return Finding("personal_evidence", "fail", message, turn_ids=carried)
    if names:
        count = len(set(names))
        plural = "s" if count > 1 else ""
        message = say(
            "check_names",
            f"The text has {{count}} name{plural} of people in its evidence.",
            count=count,
        )
        return Finding("personal_evidence", "warn", message, turn_ids=carried)
    message = say("check_not_personal", "Nothing personal of the evidence is in the text.")
    return Finding("personal_evidence", "ok", message, turn_ids=carried)


def _names(said: str) -> set[str]:
    parts = {part for match in _INTRODUCED.finditer(said) for part in match[1].split()}
    for match in _ADDRESS.finditer(said):
        parts |= {part.capitalize() for part in re.split(r"[.+_\d-]+", match[1])}
    return {part for part in parts if len(part) >= _LEAST and not _OFFICES.fullmatch(part)}


def _kind(one: Sensitive) -> str:
    return one.kind.replace("_", " ")


def _plain(text: str) -> str:
    return re.sub(r"[\s().-]+", "", text).casefold()
