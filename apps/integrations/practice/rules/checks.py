"""Deterministic checks: was a house rule kept in this answer?

They are read by the simulated judge, and by the demo, whose imaginary user knows the house rules.
Real models decorate their answers, so code fences, quotes and list signs are looked through.
"""

import json
import re

_ISO_INSTANT = re.compile(r"\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})")
_MONTHS = r"(January|February|March|April|May|June|July|August|September|October|November|December)"
_LOOSE_DATE = re.compile(
    rf"\b{_MONTHS} \d{{1,2}}|\b\d{{1,2}}(st|nd|rd|th)? (of )?{_MONTHS}"
    r"|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{1,2}(:\d{2})? ?[ap]\.?m\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\b[A-Z]{3} \d[\d,]*\.\d{2}\b|\b\d[\d,]*\.\d{2} [A-Z]{3}\b")
_CURRENCY_SIGN = re.compile(r"[$€£¥]|\b(dollars?|euros?|bucks)\b", re.IGNORECASE)
_COMMIT = re.compile(r"^[a-z]+\([a-z0-9._/-]+\)!?: [a-z][^\n]*[^.\n]$")
_DATED_NAME = re.compile(r"\b\d{4}-\d{2}-\d{2}(-[a-z0-9]+)+\.[a-z0-9]{2,5}\b")
_OTHER_NAME = re.compile(
    r"\b\w*(_| )\w+\.(md|pdf|csv|docx?|xlsx?|txt|png|zip)\b|[A-Z]\w*\.[a-z]{2,4}\b"
)
_TEST = re.compile(r"\bdef test_\w+|\bassert\b|\b(it|test|expect)\(|@Test\b|#\[test\]")
_METRIC_FIRST = re.compile(
    r"\d ?(km|m|cm|mm|kg|g|°C|L|l|km/h) \([^()]*\d[^()]*(mi|mph|ft|feet|in|lbs?|oz|°F|gal)[^()]*\)"
)
_BACKUP = re.compile(r"\b(cp|copy|Copy-Item|install|rsync)\b[^\n]*\.bak\b")
_CHANGE = re.compile(r"\b(sed -i|nano|vim?|tee|edit|change|replace|set|open)\b", re.IGNORECASE)


def dates_are_iso(answer: str) -> bool:
    return bool(_ISO_INSTANT.search(answer)) and not _LOOSE_DATE.search(answer)


def amounts_carry_code(answer: str) -> bool:
    return bool(_AMOUNT.search(answer)) and not _CURRENCY_SIGN.search(answer)


def commit_has_scope(answer: str) -> bool:
    lines = _content_lines(answer)
    return any(_COMMIT.match(line.strip("` ")) for line in lines[:3])


def migration_goes_both_ways(answer: str) -> bool:
    up = re.search(r"^\W*up\b", answer, re.IGNORECASE | re.MULTILINE)
    down = re.search(r"^\W*down\b", answer, re.IGNORECASE | re.MULTILINE)
    return up is not None and down is not None and up.start() < down.start()


def file_name_is_dated_kebab(answer: str) -> bool:
    return bool(_DATED_NAME.search(answer)) and not _OTHER_NAME.search(answer)


def mail_is_signed_with_ticket(answer: str) -> bool:
    tail = "\n".join(_content_lines(answer)[-3:])
    return re.search(r"\bticket:? ?#?[A-Z]{2,10}-\d+", tail, re.IGNORECASE) is not None


def code_has_test(answer: str) -> bool:
    return "```" in answer and _TEST.search(answer) is not None


def measures_are_metric_first(answer: str) -> bool:
    return _METRIC_FIRST.search(answer) is not None


def changelog_is_grouped(answer: str) -> bool:
    headings = [line.strip("#*: ").casefold() for line in _content_lines(answer)]
    return "added" in headings and "fixed" in headings


def log_lines_are_json(answer: str) -> bool:
    records = [line for line in _content_lines(answer) if line.startswith(("{", "[", "20"))]
    return bool(records) and all(_is_log_record(line) for line in records)


def backup_comes_first(answer: str) -> bool:
    backup = _BACKUP.search(answer)
    if backup is None:
        return False
    return _CHANGE.search(answer[: backup.start()]) is None


def _is_log_record(line: str) -> bool:
    try:
        record = json.loads(line)
    except ValueError:
        return False
    return isinstance(record, dict) and {"ts", "level", "event"} <= record.keys()


def _content_lines(answer: str) -> list[str]:
    lines = (line.strip() for line in answer.splitlines())
    return [line for line in lines if line and not line.startswith("```")]
