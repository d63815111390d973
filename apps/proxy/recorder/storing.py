"""What is found in the spool, and where it goes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.evolution.services import canary_seen
from apps.evolution.types import Seen
from apps.live.events import Changed, publish_on_commit
from apps.proxy.recorder.assemble import OpenTurn, turn_record
from apps.proxy.recorder.counting import fact_of, fact_of_count
from apps.proxy.recorder.sampled import samples_of
from apps.proxy.recorder.valuing import counts_of
from apps.skills.services import skills_counted
from apps.tenants.services import keys_used, refused_record, tenant_hold
from apps.tenants.types import Actor, RefusedFact
from apps.training.services import samples_record
from apps.trajectories.services import feedback_of, scores_queue, session_close, turns_record
from apps.trajectories.types import GivenScore, TurnRecord
from apps.usage.services import usage_record
from apps.usage.types import UsageFact


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """A client's word that a session is over, said in a request of its own."""

    session_id: UUID
    at: datetime


# A turn, something that only counts, the end of a session, something said of a turn, a request
# that never became one.
Found = TurnRecord | UsageFact | SessionEnd | GivenScore | RefusedFact


def found_in(turn_id: UUID, turn: OpenTurn) -> Found:
    """Touches nothing but what it is given. Raises whatever an unreadable turn leads to."""
    header = turn.header
    if header.get("closes_only"):
        at = datetime.fromtimestamp(header["started_at"], UTC)
        return SessionEnd(UUID(header["session_id"]), at)
    if header.get("feedback_only"):
        return _feedback(header)
    if header.get("counts_only"):
        return fact_of_count(turn_id, header, turn.outcome or {})
    if header.get("turned_away_only"):
        return _refused(header)
    return turn_record(turn_id, turn)


def _feedback(header: dict[str, Any]) -> GivenScore:
    return feedback_of(
        turn_id=UUID(header["turn_id"]),
        value=header["value"],
        comment=header["comment"],
        by=Actor("key", header["key_id"], header["key_name"]),
        at=datetime.fromtimestamp(header["started_at"], UTC),
    )


def _refused(header: dict[str, Any]) -> RefusedFact:
    return RefusedFact(
        key_id=UUID(header["key_id"]),
        code=header["code"],
        http_status=header["http_status"],
        is_authenticated=header["is_authenticated"],
        detail=header["detail"],
        times=header["times"],
        at=datetime.fromtimestamp(header["started_at"], UTC),
    )


@dataclass(slots=True)
class Work:
    """What there is to store for one workspace, in the order in which it happened."""

    records: list[TurnRecord] = field(default_factory=list)
    counts: list[UsageFact] = field(default_factory=list)
    ends: list[SessionEnd] = field(default_factory=list)
    said: list[GivenScore] = field(default_factory=list)
    refused: list[RefusedFact] = field(default_factory=list)

    def add(self, found: Found) -> None:
        if isinstance(found, TurnRecord):
            self.records.append(found)
        elif isinstance(found, UsageFact):
            self.counts.append(found)
        elif isinstance(found, GivenScore):
            self.said.append(found)
        elif isinstance(found, RefusedFact):
            self.refused.append(found)
        else:
            self.ends.append(found)

    def store_rest(self, tenant_id: UUID) -> None:
        """All but the turns. Ends come after them: they were said in the same sessions."""
        if not (self.counts or self.ends or self.said or self.refused):
            return
        with tenant_tx(tenant_id):
            if not tenant_hold(tenant_id=tenant_id):
                return
            usage_record(tenant_id=tenant_id, facts=self.counts)
            scores_queue(tenant_id=tenant_id, scores=self.said)
            for end in self.ends:
                session_close(tenant_id=tenant_id, session_id=end.session_id, said_at=end.at)
            if self.refused:
                refused_record(tenant_id=tenant_id, facts=self.refused)
                publish_on_commit(tenant_id, Changed("proxy.arrival", "", "refused"))


def records_store(tenant_id: UUID, records: list[TurnRecord]) -> list[TurnRecord]:
    """Store turns and all that follows from them at once; answers with those that were new.

    Those of a workspace that is going are dropped.
    """
    with tenant_tx(tenant_id):
        if not tenant_hold(tenant_id=tenant_id):
            return []
        new = turns_record(tenant_id=tenant_id, records=records)
        facts = {record.id: fact_of(record) for record in records}
        prices = usage_record(tenant_id=tenant_id, facts=list(facts.values()))
        skills_counted(
            tenant_id=tenant_id,
            counts=counts_of([(record, facts[record.id]) for record in new], prices),
        )
        used_keys = {one.key_id: one.finished_at for one in new if one.key_id is not None}
        keys_used(tenant_id=tenant_id, used=used_keys)
        seen = [
            Seen(UUID(trial_id), record.session_id, arm, record.id)
            for record in new
            for trial_id, arm in record.injection.get("trials", ())
        ]
        if seen:
            canary_seen(tenant_id=tenant_id, seen=seen)
        samples = samples_of(new)
        if samples:
            samples_record(tenant_id=tenant_id, samples=samples)
    return new
