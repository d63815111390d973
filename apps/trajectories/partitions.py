"""Turns by month: the migration operation that cuts the table, and the two doors to it.

The table is partitioned by its id, whose first bits are a time: so the primary key, and
foreign keys to turns, stay what they were. Tables are made and dropped by functions of the
owner, because the application may do neither; they decide themselves whether it is time.
https://www.postgresql.org/docs/18/ddl-partitioning.html
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

logger = logging.getLogger(__name__)

_TABLE = "trajectories_turn"

# A partition has the wall of the whole and no grant at all: the way in is the parent only.
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION turns_first_id(at timestamptz) RETURNS uuid
IMMUTABLE LANGUAGE sql SET search_path = pg_catalog AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE OR REPLACE FUNCTION turns_fence(name text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON %I FROM mc_app, mc_ops', name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY tenant_wall ON %I USING (tenant_id = (SELECT app_tenant()))'
                 ' WITH CHECK (tenant_id = (SELECT app_tenant()))', name);
END $$;

CREATE OR REPLACE FUNCTION turns_month_make(at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '3s' AS $$
DECLARE
  low timestamptz := date_trunc('month', at);
  high timestamptz := date_trunc('month', at) + interval '1 month';
  name text := 'trajectories_turn_' || to_char(low, 'YYYY_MM');
BEGIN
  IF low < date_trunc('month', now()) - interval '1 month' OR low > now() + interval '3 months' THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('trajectories_turn'));
  IF to_regclass(name) IS NOT NULL THEN
    RETURN true;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE trajectories_turn INCLUDING ALL)', name);
  PERFORM turns_fence(name);
  EXECUTE format('ALTER TABLE trajectories_turn ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 name, turns_first_id(low), turns_first_id(high));
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION turns_month_drop(at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '3s' AS $$
DECLARE
  high timestamptz := date_trunc('month', at) + interval '1 month';
  name text := 'trajectories_turn_' || to_char(date_trunc('month', at), 'YYYY_MM');
  is_needed boolean;
BEGIN
  IF to_regclass(name) IS NULL OR high > now() - interval '1 day' THEN
    RETURN false;
  END IF;
  SELECT EXISTS (SELECT FROM tenants_tenant WHERE retention_days IS NULL
                 OR now() - make_interval(days => retention_days) < high) INTO is_needed;
  IF is_needed THEN
    -- The owner is under the wall, too. For this look, and in this transaction only, it is not.
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', name);
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_needed;
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  END IF;
  IF is_needed THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE trajectories_turn DETACH PARTITION %I', name);
  EXECUTE format('DROP TABLE %I', name);
  RETURN true;
END $$;

REVOKE ALL ON FUNCTION turns_fence(text), turns_month_make(timestamptz),
  turns_month_drop(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION turns_month_make(timestamptz), turns_month_drop(timestamptz) TO mc_app;
"""

_MONTHS = """
SELECT to_date(substr(c.relname, 19), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC'
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'trajectories_turn'::regclass AND c.relname <> 'trajectories_turn_other'
ORDER BY c.relname
"""

_made: set[datetime] = set()


def months_ensure(months: Iterable[datetime]) -> None:
    """Have a table for each month. Where that fails, the table for all others takes its turns."""
    for month in set(months) - _made:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT turns_month_make(%s)", [month])
        except DatabaseError as exc:
            if connection.connection is None or connection.connection.closed:
                raise
            logger.warning("turns.no_month", extra={"month": month, "reason": exc})
        # Not asked again by this process, whatever the answer was.
        _made.add(month)


def months_kept() -> list[datetime]:
    """Months that have a table, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS)
        return [row[0] for row in cursor.fetchall()]


def month_drop(month: datetime) -> bool:
    """Drop a month's table if no workspace wants anything in it; says whether it did."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT turns_month_drop(%s)", [month])
            (is_dropped,) = cursor.fetchone()
    except DatabaseError as exc:
        # A long reader holds the table; or a turn of it was pointed at in between.
        logger.warning("turns.month_stays", extra={"month": month, "reason": exc})
        return False
    return bool(is_dropped)


class CutTurnsByMonth(Operation):
    """Make the table of turns a partitioned one. Keys and walls are put up again after it."""

    reversible = False
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Django does not know of partitions; its state does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, "Turn")
        run = schema_editor.execute
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"ALTER TABLE {_TABLE} RENAME TO {_TABLE}_whole")
        run(f"ALTER INDEX {_TABLE}_pkey RENAME TO {_TABLE}_whole_pkey")
        create, params = schema_editor.table_sql(model)
        run(f"{create} PARTITION BY RANGE (id)", params or None)
        run(f"CREATE TABLE {_TABLE}_other PARTITION OF {_TABLE} DEFAULT")
        run(_FUNCTIONS.replace("%", "%%"), ())
        run(f"SELECT turns_fence('{_TABLE}_other')")
        for ahead in range(3):
            run(f"SELECT turns_month_make(now() + interval '{ahead} months')")
        names = ", ".join(schema_editor.quote_name(f.column) for f in model._meta.local_fields)
        run(f"ALTER TABLE {_TABLE}_whole NO FORCE ROW LEVEL SECURITY")
        run(f"INSERT INTO {_TABLE} ({names}) SELECT {names} FROM {_TABLE}_whole")  # noqa: S608
        run(f"DROP TABLE {_TABLE}_whole CASCADE")
        for index in schema_editor._model_indexes_sql(model):  # type: ignore[attr-defined]
            run(index)

    def database_backwards(self, *args: object, **kwargs: object) -> None:
        raise NotImplementedError

    def describe(self) -> str:
        return "Turns by month"
