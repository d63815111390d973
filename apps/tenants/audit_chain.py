"""The audit log's chain: how a row's digest is made, and how a chain is checked.

The digest of a row is SHA-256 over the digest of the row before it, as 64 hex digits, followed
by the row's fields as canonical JSON: keys in order, no spaces, ASCII only, the time in UTC with
six digits behind the second. Before the first row stand 64 zeros. ``docs/mechanisms/audit.md``
says the same, so that anybody with the rows can check them without this program.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

START: Final = "0" * 64
# A chain that was written anew is broken everywhere: a report names this many places of it.
NAMED_MAX: Final = 1_000

Fault = Literal["changed", "missing", "inserted"]


class Link(NamedTuple):
    """One event as the chain has it, in the order in which columns are read."""

    sequence: int
    digest: str
    id: UUID
    created_at: datetime
    actor_kind: str
    actor_id: str
    actor_label: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at some time: written down elsewhere, it proves what came before."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the log is not what was written; ``last`` ends a run of missing rows."""

    fault: Fault
    sequence: int
    last: int
    id: UUID | None = None
    about: str = ""


@dataclass(slots=True)
class AuditReport:
    """What checking a chain found."""

    checked: int = 0
    head: Head = Head(0, START)
    broken: int = 0
    breaks: list[Break] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        return not self.broken

    @property
    def first(self) -> Break | None:
        return self.breaks[0] if self.breaks else None

    def note(self, one: Break) -> None:
        self.broken += one.last - one.sequence + 1
        if len(self.breaks) < NAMED_MAX:
            self.breaks.append(one)


def digest_of(previous: str, tenant_id: UUID, link: Link) -> str:
    """What the row's digest has to be, behind a row with the digest ``previous``."""
    created_at = link.created_at.astimezone(UTC)
    fields: dict[str, Any] = link._asdict() | {
        "tenant_id": str(tenant_id),
        "id": str(link.id),
        "created_at": created_at.isoformat(timespec="microseconds"),
    }
    del fields["digest"]
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


def check(tenant_id: UUID, links: Iterable[Link], known: Iterable[Head] = ()) -> AuditReport:
    """Check a whole chain, oldest row first, against the ends that are known of it.

    Rows behind a gap are checked again from the second on: what the first one's digest was made
    over is gone with the missing row.
    """
    report = AuditReport()
    ends: dict[int, set[str]] = {}
    for head in known:
        ends.setdefault(head.sequence, set()).add(head.digest)
    expected, previous = 1, START
    for link in links:
        report.checked += 1
        if link.sequence < expected:
            report.note(about("inserted", link))
            continue
        if link.sequence > expected:
            report.note(Break("missing", expected, link.sequence - 1))
        elif digest_of(previous, tenant_id, link) != link.digest:
            report.note(about("changed", link))
        elif ends.get(link.sequence, {link.digest}) != {link.digest}:
            # Whole in itself, but not the chain that once ended here.
            report.note(about("changed", link))
        expected, previous = link.sequence + 1, link.digest
    last = max(ends, default=0)
    if last >= expected:
        report.note(Break("missing", expected, last))
    report.head = Head(expected - 1, previous)
    return report


def about(fault: Fault, link: Link) -> Break:
    """A fault of one row, with what the row says."""
    said = f"{link.actor_label} {link.action} {link.subject}".strip()
    return Break(fault, link.sequence, link.sequence, link.id, said)
