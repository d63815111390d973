"""The two walls between tenants.

Wall one is the manager: reading tenant-owned rows without naming a tenant raises. Wall two
is Postgres row level security: outside :func:`tenant_tx` the application role sees no row of
any tenant, and inside it only those of the one it named. Either wall alone leaks nothing.

Work that starts without knowing the tenant (whose key is this? which jobs are due?) looks
the tenant up inside :func:`directory`, a read-only door, and then goes on in ``tenant_tx``.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import models, transaction

from apps.core import clock
from apps.core.ids import uuid7

ModelT = TypeVar("ModelT", bound=models.Model)

READER_ROLE = "mc_ops"


class UnscopedQuery(RuntimeError):
    """A query on tenant data did not say whose. A bug, never an expected error."""


@contextmanager
def tenant_tx(tenant_id: UUID) -> Iterator[None]:
    """A transaction that sees and writes the rows of one tenant only.

    May be nested; the tenant of the outer block is restored at the end. The setting is local
    to the transaction: a pooled connection never carries it into the next request.
    """
    connection = transaction.get_connection()
    outer: UUID | None = getattr(connection, "metaclaw_tenant", None)
    if outer == tenant_id:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        _set_tenant(tenant_id)
        connection.metaclaw_tenant = tenant_id
        try:
            yield
            # On an error the rollback undoes the setting; a broken transaction takes no statement.
            _set_tenant(outer)
        finally:
            connection.metaclaw_tenant = outer


@contextmanager
def directory() -> Iterator[None]:
    """A transaction that may read the rows of every tenant and write nothing.

    Only for finding out which tenant something belongs to. Switches to a role that bypasses
    row level security and has been granted SELECT alone.
    """
    connection = transaction.get_connection()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {READER_ROLE}")
        connection.metaclaw_directory = True
        try:
            yield
            cursor.execute("SET LOCAL ROLE NONE")
        finally:
            connection.metaclaw_directory = False


def _set_tenant(tenant_id: UUID | None) -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant_id or "")])


class TenantManager(models.Manager[ModelT]):
    """The way in for our code: reads name a tenant, or raise."""

    def get_queryset(self) -> models.QuerySet[ModelT]:
        raise UnscopedQuery(f"Use {self.model.__name__}.objects.for_tenant(...)")

    def for_tenant(self, tenant_id: UUID) -> models.QuerySet[ModelT]:
        return super().get_queryset().filter(tenant_id=tenant_id)

    def across_tenants(self) -> models.QuerySet[ModelT]:
        """Rows of all tenants; raises UnscopedQuery outside :func:`directory`."""
        if not getattr(transaction.get_connection(), "metaclaw_directory", False):
            raise UnscopedQuery("Rows of all tenants are read inside directory() only.")
        return super().get_queryset()

    def create(self, **fields: Any) -> ModelT:
        # Safe unscoped: the tenant column is NOT NULL, so an insert must name one.
        return super().get_queryset().create(**fields)

    def bulk_create(  # type: ignore[override]  # options as keywords only
        self, objs: Iterable[ModelT], **options: Any
    ) -> list[ModelT]:
        return super().get_queryset().bulk_create(objs, **options)


if TYPE_CHECKING:
    _DateTimeField = models.DateTimeField[datetime, datetime]
else:
    # Django's own cannot be told what it holds.
    _DateTimeField = models.DateTimeField


class MadeAtField(_DateTimeField):
    """Django's ``auto_now_add``, by our own clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"auto_now_add": True}))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001
        if not add:
            return getattr(model_instance, self.attname)
        value = clock.now()
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        """To migrations it is the field it was: nothing of it is in the database."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class TenantOwned(models.Model):
    """Base of every row that belongs to a tenant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        "tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created_at = MadeAtField()

    unscoped = models.Manager()  # migrations, admin and Django itself; never our own code
    objects = TenantManager()

    class Meta:
        abstract = True
        # Django's own machinery (validation, admin, reverse relations) needs a plain manager.
        base_manager_name = "unscoped"
        default_manager_name = "unscoped"


class TenantOwnedInBulk(TenantOwned):
    """Base of rows that come with every request: whose they are follows from what they hang on,
    and Postgres need not look the workspace up for each."""

    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta(TenantOwned.Meta):
        abstract = True
