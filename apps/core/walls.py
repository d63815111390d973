"""Migration operations that put the database's wall around a table.

Every tenant-owned table gets row level security that also binds its owner, and a unique
``(tenant_id, id)`` so that children can point at it *together with the tenant*: a plain
foreign key is not subject to row level security and would accept another tenant's row.
https://www.postgresql.org/docs/18/ddl-rowsecurity.html
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_POLICY = "tenant_wall"


class TenantWall(Operation):
    """Fence the named models of the app. Safe to run again after a field was added."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, models: Sequence[str]) -> None:
        self.models = list(models)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The walls are in the database only; Django's state does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        fenced = [to_state.apps.get_model(app_label, name) for name in self.models]
        for model in fenced:
            _fence(schema_editor, model)
        for model in fenced:
            _bind_children(schema_editor, model)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for name in self.models:
            table = from_state.apps.get_model(app_label, name)._meta.db_table
            schema_editor.execute(f"DROP POLICY IF EXISTS {_POLICY} ON {table}")
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Tenant walls around {', '.join(self.models)}"


def _fence(schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model]) -> None:
    table = model._meta.db_table
    mine = "tenant_id = (SELECT app_tenant())"
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS {_POLICY} ON {table}",
        f"CREATE POLICY {_POLICY} ON {table} USING ({mine}) WITH CHECK ({mine})",
    ):
        schema_editor.execute(statement)
    if model._meta.pk is not None and model._meta.pk.name == "id":
        _constraint(schema_editor, table, f"{table}_tenant_id_id", "UNIQUE (tenant_id, id)")


def _bind_children(schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model]) -> None:
    table = model._meta.db_table
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey):
            continue
        target: Any = field.related_model
        if not any(f.name == "tenant" for f in target._meta.get_fields()):
            continue
        if getattr(field, "db_constraint", True):
            raise ValueError(f"{table}.{field.name}: set db_constraint=False, the wall binds it")
        _constraint(
            schema_editor,
            table,
            f"{table}_{field.column}_wall",
            f"FOREIGN KEY (tenant_id, {field.column}) REFERENCES {target._meta.db_table}"
            " (tenant_id, id) DEFERRABLE INITIALLY DEFERRED",
        )


def _constraint(
    schema_editor: BaseDatabaseSchemaEditor, table: str, name: str, definition: str
) -> None:
    schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
    schema_editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
