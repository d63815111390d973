"""The rows of an export, a file's worth at a time."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models

from apps.exports.container.signing import canonical
from apps.exports.models import Export
from apps.exports.services.redacting import Redactor
from apps.exports.tables import TURNS, WORKSPACE, Table
from apps.trajectories.selectors import (
    TURN_FACTS,
    TurnFilters,
    turn_line,
    turns_for_export,
)

# A file ends at either of these.
FILE_ROWS: Final = 1_000
FILE_BYTES: Final = 32 * 1024 * 1024
_AT_ONCE = 100
_UUIDS, _TIMES = ("session", "key"), ("since", "until")


@dataclass(slots=True)
class Part:
    """Rows of one file. ``last_id`` is where the next one goes on; None: there is no next one."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    last_id: UUID | None = None
    is_last: bool = False
    redacted: Mapping[str, int] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None
    damaged: int = 0


def tables_of(export: Export) -> tuple[Table, ...]:
    """What an export consists of, in the order in which it is written."""
    return WORKSPACE if export.kind == Export.Kind.WORKSPACE else (Table(TURNS),)


def part_read(export: Export) -> Part:
    """The rows behind those that are written. In the tenant's transaction."""
    table = tables_of(export)[export.at_table]
    return _turns(export) if table.label == TURNS else _rows(export, table)


def _turns(export: Export) -> Part:
    part, redactor = Part(), Redactor(export.redaction)
    filters = filters_read(export.filters, until=export.as_of)
    after, size = export.after_id, 0
    while True:
        limit = min(_AT_ONCE, FILE_ROWS - len(part.rows))
        turns = turns_for_export(
            tenant_id=export.tenant_id, filters=filters, after=after, limit=limit
        )
        for turn in turns:
            line = redactor.row(turn_line(turn), TURN_FACTS)
            part.rows.append(line)
            part.damaged += line["request_damaged"] != ""
            part.first_at = part.first_at or turn.started_at
            part.last_at = turn.started_at
            after, size = turn.id, size + len(canonical(line))
            if size >= FILE_BYTES:
                break
        else:
            part.is_last = len(turns) < limit
            if not part.is_last and len(part.rows) < FILE_ROWS:
                continue
        part.last_id, part.redacted = after, dict(redactor.counts)
        return part


def _rows(export: Export, table: Table) -> Part:
    model: Any = apps.get_model(table.label)
    names = [f.attname for f in model._meta.concrete_fields if f.name not in table.without]
    rows = model.objects.for_tenant(export.tenant_id).filter(created_at__lte=export.as_of)
    if export.after_id is not None:
        rows = rows.filter(id__gt=export.after_id)
    found = list(rows.order_by("id").values(*names, *table.also)[:FILE_ROWS])
    redactor = Redactor(export.redaction)
    facts = table.facts | _facts_of(model)
    return Part(
        rows=[
            redactor.row({k.replace("__", "_"): plain(v) for k, v in row.items()}, facts)
            for row in found
        ],
        last_id=found[-1]["id"] if found else None,
        is_last=len(found) < FILE_ROWS,
        redacted=dict(redactor.counts),
    )


def _facts_of(model: type[models.Model]) -> frozenset[str]:
    """Columns that hold no text of anybody."""
    texts = (models.CharField, models.TextField, models.JSONField)
    return frozenset(
        one.attname
        for one in model._meta.concrete_fields
        if not isinstance(one, texts) and not hasattr(one, "base_field")
    )


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def filters_write(filters: TurnFilters) -> dict[str, Any]:
    """Filters as they are kept and told in the manifest: those that were given."""
    given = {one.name: getattr(filters, one.name) for one in fields(filters)}
    default = TurnFilters()
    return {name: plain(value) for name, value in given.items() if value != getattr(default, name)}


def filters_read(stored: Mapping[str, Any], *, until: datetime) -> TurnFilters:
    """What was kept, with an end where it had none, or a later one."""
    found = dict(stored)
    for name in _UUIDS:
        if name in found:
            found[name] = UUID(found[name])
    for name in _TIMES:
        if name in found:
            found[name] = datetime.fromisoformat(found[name])
    found["until"] = min(found.get("until", until), until)
    return TurnFilters(**found)
