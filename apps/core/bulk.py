"""Storing many rows with one statement and one parameter.

The ORM's own way makes a placeholder for every value: at hundreds of wide rows, preparing the
statement costs several times what the rows do.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection, models

from apps.core.storable import storable

_NUL = b"\\u0000"


def rows_insert(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, skip_existing: bool = False
) -> None:
    """Insert rows, given as values by column; every row names the same columns.

    Walls and constraints hold as for any insert. Columns that are not named get the
    database's default; Django's own defaults are not applied.
    """
    if not rows:
        return
    run_with_json(_statement(model, tuple(rows[0]), skip_existing), rows)


def run_with_json(statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute a statement whose only parameter is these rows as JSON.

    The parameter travels beside the statement: Django's own cursor would quote megabytes of
    it into the text. https://www.psycopg.org/psycopg3/docs/advanced/cursors.html
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, [as_json(rows)])


@cache
def _statement(model: type[models.Model], columns: tuple[str, ...], skip_existing: bool) -> str:  # noqa: FBT001
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    quoted = [connection.ops.quote_name(column) for column in columns]
    names = ", ".join(quoted)
    typed = ", ".join(
        f"{name} {types[column]}" for name, column in zip(quoted, columns, strict=True)
    )
    table = connection.ops.quote_name(model._meta.db_table)
    # Names of our own models: nothing in here comes from outside.
    return (
        f"INSERT INTO {table} ({names})"  # noqa: S608
        f" SELECT {names} FROM json_to_recordset(%s::json) AS new ({typed})"
        + (" ON CONFLICT DO NOTHING" if skip_existing else "")
    )


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as one parameter for ``json_to_recordset``, which is cheaper than arrays.

    What Postgres cannot hold (NUL, halves of surrogate pairs) is replaced by a mark.
    """
    try:
        text = orjson.dumps(rows, default=_plain)
        if _NUL not in text:
            return text.decode()
    except TypeError:
        # Numbers of more than 64 bits, halves of surrogate pairs.
        pass
    return json.dumps([storable(row) for row in rows], default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a column")
