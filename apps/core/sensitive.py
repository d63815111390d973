"""Secrets and personal data in text: found by shape, redacted before a model or a skill sees them.

Patterns are anchored to shapes that ordinary prose does not have, and numbers are verified by their
own check digits (cards by Luhn, IBANs by mod 97), so that clean text stays clean.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from apps.core import sensitive_checks as checks

Family = Literal["secret", "personal"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something sensitive stands in a text, and what it is."""

    kind: str
    family: Family
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    """``group`` narrows the finding to the sensitive part; ``accept`` has the last word."""

    kind: str
    family: Family
    regex: re.Pattern[str]
    accept: Callable[[str], bool] | None = None
    group: int = 0


def _secret(kind: str, regex: str, *, group: int = 0, flags: int = 0) -> _Pattern:
    return _Pattern(kind, "secret", re.compile(regex, flags), group=group)


_PEM = (
    r"-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:(?!-----BEGIN)[\s\S]){0,16000}?-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----"
    # A key that was cut off before its end line is still a key.
    r"|(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,})*)"
)
_CREDENTIAL_WORD = (
    r"(?:pass(?:word|wd|phrase)|secret(?:[_-]?key)?|api[_-]?key|(?:access|auth|refresh|bearer|session)"
    r"[_-]?token|client[_-]?secret|private[_-]?key|account[_-]?key)"
)
_MAX_PASSES: Final = 6
# A value that was redacted once must not be found again.
_NOT_REDACTED = r"(?!\[redacted:)"

_SECRETS: Final = (
    _secret("private_key", _PEM),
    _secret("metaclaw_key", r"\bmck_(?:live|test)_[0-9A-Za-z]{6,}(?:_[0-9A-Za-z]+)?"),
    _secret("anthropic_key", r"\bsk-ant-[A-Za-z0-9_-]{16,}"),
    # A digit is asked for: 'sk-learn-…' is a name.
    _secret("provider_key", r"\bsk-(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}"),
    _secret(
        "provider_key",
        r"\b(?:gsk|hf|r8|nvapi|pplx|xai|tml|fw)[_-](?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{24,}",
    ),
    _secret("github_token", r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}"),
    _secret("gitlab_token", r"\bgl(?:pat|ptt|dt|rt|soat)-[A-Za-z0-9_-]{20,}"),
    _secret("slack_token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}"),
    _secret("slack_webhook", r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,}"),
    _secret("google_key", r"\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{20,}"),
    _secret("google_secret", r"\bGOCSPX-[0-9A-Za-z_-]{20,}"),
    _secret("aws_key_id", r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
    _secret(
        "aws_secret_key",
        r"aws_?secret_?(?:access_?)?key[\"']?\s{0,4}[=:]\s{0,4}[\"']?([A-Za-z0-9/+=]{40})",
        group=1,
        flags=re.IGNORECASE,
    ),
    _secret("azure_key", r"\bAccountKey=([A-Za-z0-9+/=]{40,})", group=1),
    _secret("stripe_key", r"\b(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,}|\bwhsec_[\w+/=]{16,}"),
    _secret("npm_token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _secret("pypi_token", r"\bpypi-AgE[A-Za-z0-9_-]{40,}"),
    _secret("sendgrid_key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}"),
    _secret("twilio_key", r"\b(?:SK|AC)[0-9a-f]{32}\b"),
    _secret("telegram_token", r"\b\d{8,10}:AA[A-Za-z0-9_-]{32,}"),
    _secret(
        "platform_token", r"\b(?:dop_v1|doo_v1|shpat|shpss|shpca|dapi|lin_api)_?[A-Za-z0-9]{32,}"
    ),
    _secret("vault_token", r"\bhv[sb]\.[A-Za-z0-9_-]{24,}"),
    _secret("age_key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    _secret("jwt", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    _secret(
        "url_password",
        rf"\b[a-z][a-z0-9+.-]{{1,20}}://[^\s/:@'\"<>]{{0,128}}:{_NOT_REDACTED}"
        r"(?![$*{]|%[({])([^\s/@'\"<>]{1,256})@",
        group=1,
        flags=re.IGNORECASE,
    ),
    _secret(
        "authorization",
        rf"\b(?:authorization|x-api-key)[\"']?\s{{0,4}}[:=]\s{{0,4}}[\"']?(?:bearer\s+|basic\s+|token\s+)?"
        rf"{_NOT_REDACTED}([A-Za-z0-9._~+/=-]{{20,}})",
        group=1,
        flags=re.IGNORECASE,
    ),
    _Pattern(
        "assigned_secret",
        "secret",
        re.compile(
            rf"(?<![A-Za-z0-9]){_CREDENTIAL_WORD}[\"']?\s{{0,4}}(?:=>|:=|[:=])\s{{0,4}}[\"']?"
            rf"{_NOT_REDACTED}([A-Za-z0-9+/_.~!@#$%^&*=-]{{12,256}})",
            re.IGNORECASE,
        ),
        checks.looks_random,
        group=1,
    ),
)

_PERSONAL: Final = (
    _Pattern(
        "email",
        "personal",
        re.compile(
            r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}\b"
        ),
        checks.is_real_email,
    ),
    _Pattern(
        "iban",
        "personal",
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}"),
        checks.is_iban,
    ),
    _Pattern(
        "card",
        "personal",
        re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-]|\.\d)"),
        checks.is_card,
    ),
    _Pattern(
        "national_id",
        "personal",
        re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"),
    ),
    _Pattern(
        "phone",
        "personal",
        re.compile(r"(?<![\w+.])\+[1-9]\d{0,2}(?:[ .()/-]{0,2}\d){7,13}(?![\w-])"),
        checks.is_phone,
    ),
    _Pattern(
        "phone",
        "personal",
        re.compile(r"(?<![\w.+-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-.]\d{4}(?![\w-])"),
        checks.is_phone,
    ),
    _Pattern(
        "phone",
        "personal",
        re.compile(
            r"\b(?:tel|phone|telephone|telefon|mobile|handy|whatsapp|fax|電話|电话|тел)"
            r"[.:\s#-]{1,4}(?:number|no|nr)?[.:\s]{0,3}"
            r"((?:\(?\d\)?[ ./()-]{0,2}){6,14}\d)(?![\w-])",
            re.IGNORECASE,
        ),
        checks.is_phone,
        group=1,
    ),
)


def secrets_in(text: str) -> list[Finding]:
    """Every credential found in ``text``, in order."""
    return _settle(_find(_SECRETS, text))


def personal_data_in(text: str) -> list[Finding]:
    """Every e-mail address, phone, card, bank account or national id found, in order."""
    return _settle(_find(_PERSONAL, text))


def redact(text: str) -> tuple[str, int]:
    """``text`` with every finding replaced by ``[redacted:<kind>]``, and how many there were."""
    text, found = _redact(text, (*_SECRETS, *_PERSONAL))
    return text, found.total()


def redact_secrets(text: str) -> tuple[str, Counter[str]]:
    """``text`` without credentials, and how many there were of each kind."""
    return _redact(text, _SECRETS)


def redact_all(text: str) -> tuple[str, Counter[str]]:
    """``text`` without credentials and personal data, and how many there were of each kind."""
    return _redact(text, (*_SECRETS, *_PERSONAL))


def _redact(text: str, patterns: tuple[_Pattern, ...]) -> tuple[str, Counter[str]]:
    """Redacting twice changes nothing: the replacement is not itself a finding, and taking one
    value out may uncover a neighbour, so passes repeat until there is nothing left.
    """
    counts: Counter[str] = Counter()
    for _ in range(_MAX_PASSES):
        text, found = _redact_once(text, patterns)
        counts.update(found)
        if not found:
            break
    return text, counts


def _redact_once(text: str, patterns: tuple[_Pattern, ...]) -> tuple[str, list[str]]:
    findings = _settle(_find(patterns, text))
    pieces: list[str] = []
    end = 0
    for finding in findings:
        pieces += [text[end : finding.start], f"[redacted:{finding.kind}]"]
        end = finding.end
    return "".join([*pieces, text[end:]]), [finding.kind for finding in findings]


def _find(patterns: tuple[_Pattern, ...], text: str) -> Iterator[Finding]:
    for pattern in patterns:
        for match in pattern.regex.finditer(text):
            value = match[pattern.group]
            if pattern.accept is None or pattern.accept(value):
                start, end = match.span(pattern.group)
                if pattern.kind == "iban":
                    end = start + checks.iban_length(value)
                yield Finding(pattern.kind, pattern.family, start, end)


def _settle(findings: Iterator[Finding]) -> list[Finding]:
    """Findings in text order without overlaps: the earlier start wins, then the earlier pattern."""
    settled: list[Finding] = []
    for finding in sorted(findings, key=lambda one: one.start):
        if not settled or finding.start >= settled[-1].end:
            settled.append(finding)
    return settled
