"""The last word on what a pattern found: check digits, entropy, and names reserved for examples."""

import math
from collections import Counter

_EXAMPLE_DOMAINS = ("example.com", "example.org", "example.net", "example.edu")
_RESERVED_TLDS = frozenset({"example", "test", "invalid", "localhost", "local"})
# `git@host` is an address of a repository, `icon@2x.png` a file name.
_SERVICE_USERS = frozenset({"git", "hg", "svn"})
_FILE_ENDINGS = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "js", "css", "map", "json"})

_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27,
    "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24,
    "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
_MIN_ENTROPY_BITS = 3.0


def looks_random(value: str) -> bool:
    """Whether a value assigned to a secret's name is a secret rather than code or a placeholder."""
    if not any(char.isdigit() for char in value) or not any(char.isalpha() for char in value):
        return False
    counts = Counter(value).values()
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
    return entropy >= _MIN_ENTROPY_BITS


def is_example_host(host: str) -> bool:
    """Hosts reserved for documentation and for the machine itself."""
    host = host.lower().rstrip(".")
    if host in _RESERVED_TLDS or host.rpartition(".")[2] in _RESERVED_TLDS:
        return True
    return any(host == domain or host.endswith(f".{domain}") for domain in _EXAMPLE_DOMAINS)


def is_real_email(value: str) -> bool:
    user, _, host = value.rpartition("@")
    ending = host.rpartition(".")[2].lower()
    return not (is_example_host(host) or user.lower() in _SERVICE_USERS or ending in _FILE_ENDINGS)


def is_card(value: str) -> bool:
    """Issuer prefix, length of that issuer, and the Luhn check digit."""
    digits = [int(char) for char in value if char.isdigit()]
    if not _is_card_shape("".join(map(str, digits))):
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if index % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_card_shape(number: str) -> bool:
    if number.startswith(("34", "37")):
        return len(number) == 15
    if number.startswith(("300", "301", "302", "303", "304", "305", "36", "38")):
        return len(number) == 14
    if number.startswith("62"):
        return 16 <= len(number) <= 19
    is_network = number[0] == "4" or number.startswith(("35", "60", "64", "65"))
    is_mastercard = 51 <= int(number[:2]) <= 55 or 2221 <= int(number[:4]) <= 2720
    return len(number) == 16 and (is_network or is_mastercard)


def iban_length(value: str) -> int:
    """How many characters of ``value``, blanks included, belong to the account number."""
    wanted = _IBAN_LENGTHS.get(value[:2], 0)
    for index, char in enumerate(value, start=1):
        wanted -= char != " "
        if wanted == 0:
            return index
    return 0


def is_iban(value: str) -> bool:
    account = value[: iban_length(value)].replace(" ", "")
    if not account:
        return False
    # int(char, 36) turns 0-9 into themselves and A-Z into 10-35, as ISO 13616 asks.
    number = "".join(str(int(char, 36)) for char in account[4:] + account[:4])
    return int(number) % 97 == 1


def is_phone(value: str) -> bool:
    """Rules out numbers reserved for fiction (555-01xx) and ISO dates."""
    digits = "".join(char for char in value if char.isdigit())
    is_fiction = len(digits) >= 10 and digits[-7:-2] == "55501"
    is_date = digits[:2] in {"19", "20"} and len(digits) in {8, 12, 14} and "-" in value
    return 7 <= len(digits) <= 15 and not is_fiction and not is_date
