from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.tenancy import tenant_tx
from apps.tenants.audit_chain import START, AuditReport, Head, Link, about, check
from apps.tenants.models import AuditEvent, AuditHead

_CHUNK = 5_000


def audit_list(
    *,
    tenant_id: UUID,
    action: str = "",
    actor: str = "",
    q: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[AuditEvent]:
    """Events of the workspace; ``action`` may be a noun alone, ``actor`` a name or an id."""
    events = AuditEvent.objects.for_tenant(tenant_id)
    if action:
        events = events.filter(Q(action=action) | Q(action__startswith=f"{action}."))
    if actor:
        events = events.filter(Q(actor_id=actor) | Q(actor_label__icontains=actor))
    if q:
        events = events.filter(Q(subject__icontains=q) | Q(detail__icontains=q))
    if since:
        events = events.filter(created_at__gte=since)
    if until:
        events = events.filter(created_at__lt=until)
    return events


def audit_verify(*, tenant_id: UUID, known: Head | None = None) -> AuditReport:
    """Read the whole log and say whether it is what was written, and if not, where.

    ``known``: an end of the log that was noted outside of the database. Rows are streamed: the
    log may be long. Events that are recorded meanwhile do not disturb.
    """
    with tenant_tx(tenant_id):
        before = _head(tenant_id)
        late: list[Link] = []
        links = _links(tenant_id, before.sequence, late)
        report = check(tenant_id, links, [one for one in (known, before) if one])
        written = _head(tenant_id).sequence
        for link in late:
            if link.sequence > written:
                report.note(about("inserted", link))
    return report


def _links(tenant_id: UUID, end: int, late: list[Link]) -> Iterator[Link]:
    """The log from its beginning; rows behind ``end`` are kept in ``late`` as well."""
    rows = AuditEvent.objects.for_tenant(tenant_id).order_by("sequence", "id")
    for row in rows.values_list(*Link._fields).iterator(_CHUNK):
        link = Link(*row)
        if link.sequence > end:
            late.append(link)
        yield link


def _head(tenant_id: UUID) -> Head:
    row = AuditHead.objects.for_tenant(tenant_id).first()
    return Head(row.sequence, row.digest) if row else Head(0, START)
