"""The recorded turns that new ones go on from: for a whole batch with a query or two."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from apps.trajectories.models import Turn
from apps.trajectories.types import TurnRecord

# Sessions that no client named: the gateway told them from the words said so far.
KNOWN_BY_WORDS = ("new", "conversation")
# The answer stands right before what is new: a tool's result or two, and what the user says.
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Parent:
    """A turn with whose answer a conversation may go on."""

    id: UUID
    session_id: UUID
    key_id: UUID | None
    end_hash: bytes
    # Whether a judge still has to look at it, once the user has replied.
    is_unjudged: bool


@dataclass(slots=True)
class Placed:
    """A record, where it belongs."""

    record: TurnRecord
    parent: Parent | None
    session_id: UUID
    # Where in the messages the parent's answer stands: from there on all is new.
    new_from: int


def is_judged_once_complete(record: TurnRecord) -> bool:
    is_whole = record.kind == Turn.Kind.MAIN and record.status == Turn.Status.COMPLETE
    return record.wants_judge and is_whole and bool(record.response_text)


def placed(*, tenant_id: UUID, records: Sequence[TurnRecord]) -> list[Placed]:
    """Every record with its parent, which may be one of those before it."""
    known: dict[bytes, list[Parent]] = defaultdict(list)
    _find(tenant_id, records, known, slice(-_NEAR - 1, -1))
    ends = {record.end_hash for record in records}
    _find(
        tenant_id,
        [
            record
            for record in records
            if ends.isdisjoint(record.prefix_hashes[-_NEAR - 1 : -1])
            and not _fitting(record, known)
        ],
        known,
        slice(None, -_NEAR - 1),
    )
    found = []
    for record in records:
        parent, new_from = _best(record, known)
        session_id = record.session_id
        if parent is not None and record.session_source in KNOWN_BY_WORDS:
            # The gateway that answered did not know the conversation; the database does.
            session_id = parent.session_id
        found.append(Placed(record, parent, session_id, new_from))
        if record.end_hash is not None:
            # Before those of the database: of two that fit equally well, the latest.
            itself = Parent(
                record.id,
                session_id,
                record.key_id,
                record.end_hash,
                is_judged_once_complete(record),
            )
            known[record.end_hash].insert(0, itself)
    return found


def _fitting(record: TurnRecord, known: dict[bytes, list[Parent]]) -> list[tuple[int, Parent]]:
    is_by_words = record.session_source in KNOWN_BY_WORDS
    return [
        (at, parent)
        for at, earlier in enumerate(record.prefix_hashes[:-1])
        for parent in known.get(earlier, ())
        if parent.session_id == record.session_id
        or (is_by_words and parent.key_id == record.key_id)
    ]


def _best(record: TurnRecord, known: dict[bytes, list[Parent]]) -> tuple[Parent | None, int]:
    """The longest conversation that the record goes on with, of its own session if it can be."""
    fitting = _fitting(record, known)
    if not fitting:
        return None, 0
    at, parent = max(fitting, key=lambda one: (one[0], one[1].session_id == record.session_id))
    # Context that is left out of the hash may stand behind the answer.
    return parent, record.prefix_hashes.index(record.prefix_hashes[at])


_OF_SESSION = """
SELECT t.id, t.session_id, t.key_id, t.end_hash, {unjudged}
FROM unnest(%(hashes)s::bytea[], %(owners)s::uuid[]) wanted (hash, owner)
CROSS JOIN LATERAL (
  SELECT * FROM trajectories_turn
  WHERE tenant_id = %(tenant)s AND end_hash = wanted.hash AND {owner} = wanted.owner
  ORDER BY id DESC LIMIT 1
) t
"""
_UNJUDGED = (
    # The job itself looks whether a judge was asked already; here a good guess is enough.
    "t.kind = 'main' AND t.status = 'complete' AND t.reward_source <> 'judge'"
    " AND NOT t.is_repeated AND t.response_text <> ''"
)
_QUERIES = {
    owner: _OF_SESSION.format(unjudged=_UNJUDGED, owner=owner) for owner in ("session_id", "key_id")
}


def _find(
    tenant_id: UUID,
    records: Iterable[TurnRecord],
    known: dict[bytes, list[Parent]],
    part: slice,
) -> None:
    """Look up turns that ended where these records were at some point of ``part``."""
    by_session: set[tuple[bytes, UUID]] = set()
    by_key: set[tuple[bytes, UUID]] = set()
    for record in records:
        hashes = record.prefix_hashes[part]
        by_session.update((one, record.session_id) for one in hashes)
        if record.session_source in KNOWN_BY_WORDS and record.key_id is not None:
            by_key.update((one, record.key_id) for one in hashes)
    for owner, pairs in (("session_id", by_session), ("key_id", by_key)):
        if not pairs:
            continue
        ends, owners = zip(*pairs, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                _QUERIES[owner],
                {"tenant": tenant_id, "hashes": list(ends), "owners": list(owners)},
            )
            for row in cursor.fetchall():
                parent = Parent(row[0], row[1], row[2], bytes(row[3]), bool(row[4]))
                known[parent.end_hash].append(parent)
