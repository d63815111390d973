"""What the practice model is asked: house rules of an imaginary company, in many wordings each."""

from dataclasses import dataclass

from apps.integrations.practice.rules import HouseRule, rule_by_slug

SYSTEM = "You are the assistant of Larkfield Freight, a parcel company. Answer briefly."


@dataclass(frozen=True, slots=True)
class TaskFamily:
    """Requests that fall under one house rule. Three phrasings and five subjects make fifteen."""

    slug: str
    phrasings: tuple[str, str, str]
    subjects: tuple[str, str, str, str, str]

    @property
    def rule(self) -> HouseRule:
        return rule_by_slug(self.slug)

    def wording(self, number: int) -> str:
        """The request with this number; fifteen numbers in a row are all different."""
        phrasing = self.phrasings[number % len(self.phrasings)]
        return phrasing.format(self.subjects[number % len(self.subjects)])

    def owns(self, text: str) -> bool:
        """Whether ``text``, perhaps cut or wrapped, is one of these requests."""
        wordings = (self.wording(number) for number in range(WORDINGS))
        said = text.strip().rstrip("…")
        return any(w in text or (len(said) > 30 and w.startswith(said)) for w in wordings)


WORDINGS = 15

FAMILIES = (
    TaskFamily(
        "exact-dates-and-times",
        (
            "When does {} start? Give me the exact date and time.",
            "Please tell me the exact date and time of {}.",
            "What is the schedule for {}? I need the date and time.",
        ),
        (
            "the maintenance window",
            "the stock count in the depot",
            "the safety training",
            "the yearly audit",
            "the meeting with the customs office",
        ),
    ),
    TaskFamily(
        "commit-messages-with-scope",
        (
            "Write the commit message for this change: {}.",
            "I need a commit message. The change in the repository: {}.",
            "Suggest a good commit message; what changed is that {}.",
        ),
        (
            "totals are rounded half away from zero",
            "the login page remembers the last depot",
            "the label printer retries after a paper jam",
            "the route planner skips closed streets",
            "parcels without a weight are refused",
        ),
    ),
    TaskFamily(
        "price-amounts-with-currency",
        (
            "State the price: how much is {} for a customer?",
            "Which price do we quote a customer for {}?",
            "What does {} cost a customer? State the price.",
        ),
        (
            "a pallet to Bergen",
            "parcel insurance",
            "storing forty boxes",
            "a same-day courier",
            "a return label",
        ),
    ),
    TaskFamily(
        "mail-signed-with-ticket",
        (
            "Draft an e-mail reply to the customer of ticket HELP-4821, who wrote about {}.",
            "Ticket HELP-1177: answer the customer's e-mail about {}.",
            "Please write a short mail reply for support ticket HELP-3090. It is about {}.",
        ),
        (
            "a parcel that came a day late",
            "a label that could not be scanned",
            "a damaged box of books",
            "a pick-up that nobody came for",
            "a wrong address on the order",
        ),
    ),
    TaskFamily(
        "migrations-with-a-way-back",
        (
            "Write the SQL migration that adds {} to the database.",
            "We need a database migration in SQL for {}.",
            "Give me a SQL migration to add {} to the parcel table.",
        ),
        (
            "a column for the parcel weight",
            "an index on the depot",
            "a column for the customs code",
            "a column for the second phone number",
            "a constraint on the label length",
        ),
    ),
    TaskFamily(
        "dated-kebab-file-names",
        (
            "What should the file name be for {} of 4 March 2026?",
            "Suggest a file name under which to save {} of 4 March 2026.",
            "How shall I name the file with {} of 4 March 2026? Answer with the file name.",
        ),
        (
            "the quarterly report",
            "the depot list",
            "the driver roster",
            "the damage photos",
            "the customs export",
        ),
    ),
    TaskFamily(
        "changelog-grouped",
        (
            "Write the changelog entry for a version with {}, a dark theme and a repaired crash.",
            "We release a version. New: {}. Repaired: a crash. Write the release notes.",
            "Draft the changelog for the version that brings {} and repairs the empty-route crash.",
        ),
        (
            "label reprints",
            "route sharing",
            "a driver chat",
            "parcel photos",
            "weight warnings",
        ),
    ),
    TaskFamily(
        "functions-with-a-test",
        (
            "Write a Python function that {}.",
            "I need a small helper function in Python which {}.",
            "Please implement a function in Python that {}, nothing else.",
        ),
        (
            "turns a title into a slug",
            "splits a list into chunks",
            "normalises a depot name",
            "groups parcels by size",
            "cuts a text at a word",
        ),
    ),
    TaskFamily(
        "log-entries-as-json-lines",
        (
            "Write the log entry that our program prints when {}.",
            "Give me a log entry, one log line, for the case that {}.",
            "Which log record should the program write when {}? Show one log line.",
        ),
        (
            "a parcel is scanned",
            "the label printer goes offline",
            "a route is planned",
            "a driver signs in",
            "a weight is out of range",
        ),
    ),
    TaskFamily(
        "backup-before-change",
        (
            "Give me the steps to change {} in the app.conf on our server.",
            "How do I edit the configuration file app.conf to set {}? Steps, please.",
            "List the steps to modify {}; it is a setting in the configuration app.conf.",
        ),
        (
            "the number of workers",
            "the upload limit",
            "the session timeout",
            "the listen port",
            "the cache size",
        ),
    ),
    TaskFamily(
        "distances-in-metric-units",
        (
            "How far is it from {}? Tell me the distance of the drive.",
            "What distance is the drive from {}?",
            "A driver asks how far it is to go from {}. Answer with the distance.",
        ),
        (
            "Graz to Maribor",
            "depot 3 to depot 12",
            "the harbour to the airport",
            "Bergen to Voss",
            "the hub to the customs office",
        ),
    ),
)
