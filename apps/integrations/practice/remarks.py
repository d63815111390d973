"""Reading a user's reaction to an answer: praise, complaint, or neither."""

import re

_HOUSE_RULE = re.compile(r"\b(breaks|keeps) (our|the) house rule\b", re.IGNORECASE)
_COMPLAINT = re.compile(
    r"\bbreaks (our|the) house rule\b|\b(wrong|incorrect|mistake|useless)\b"
    r"|\bnot (what|right|correct|good|how)\b|\bshould (have|be|not)\b|\bmust (be|not)\b"
    r"|\b(don't|do not|never|stop) \w+|\b(please )?(use|write|answer in) .* instead\b|^no[,. !]",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\bkeeps (our|the) house rule\b|\b(thanks?|thank you|perfect|great|excellent|well done)\b",
    re.IGNORECASE,
)


def complains(text: str) -> bool:
    return not _says_kept(text) and _COMPLAINT.search(text) is not None


def praises(text: str) -> bool:
    return not complains(text) and _PRAISE.search(text) is not None


def states_house_rule(text: str) -> bool:
    """Whether the text only says that a rule was kept or broken: it names a rule's subject
    without asking for anything."""
    return _HOUSE_RULE.search(text) is not None


def _says_kept(text: str) -> bool:
    # "keeps our house rule: dates must be ..." contains the wording of a complaint.
    return re.search(r"\bkeeps (our|the) house rule\b", text, re.IGNORECASE) is not None
