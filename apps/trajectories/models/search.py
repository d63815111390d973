from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler
from pgvector.django import HalfVectorField, HnswIndex

from apps.core.tenancy import TenantOwned, TenantOwnedInBulk

DIMENSIONS = 384


@SearchVectorField.register_lookup
class Ask(models.Lookup):
    """``terms__ask="'some' & 'term':*"``: the terms as they are, past Postgres' text parser."""

    lookup_name = "ask"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*params, str(self.rhs))


class TurnText(TenantOwnedInBulk):
    """The terms under which a turn is found. Derived: may be dropped and made again.

    A table of its own, filled behind the recorder: recording does not wait for an index.
    """

    turn = models.ForeignKey(
        "trajectories.Turn",
        on_delete=models.CASCADE,
        related_name="texts",
        db_constraint=False,
        db_index=False,
    )
    # Without positions: which terms, not where.
    terms = SearchVectorField()

    class Meta(TenantOwned.Meta):
        constraints = [
            # Finds the row of a turn when that goes, and walks newest first where a search
            # matches so much that the page is full at once.
            models.UniqueConstraint(fields=["tenant", "turn"], name="trajectories_one_text")
        ]
        indexes = [GinIndex(fields=["terms"], name="trajectories_terms")]

    def __str__(self) -> str:
        return f"terms of {self.turn_id}"


class TurnVector(TenantOwnedInBulk):
    """What the user said in a turn, as a vector; without one as long as ``model`` is empty.

    Apart from the terms: a row that is written again would be put into their index again.
    """

    turn = models.ForeignKey(
        "trajectories.Turn",
        on_delete=models.CASCADE,
        related_name="vectors",
        db_constraint=False,
        db_index=False,
    )
    model = models.CharField(max_length=200, blank=True)
    vector = HalfVectorField(dimensions=DIMENSIONS, null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "turn"], name="trajectories_one_vector")
        ]
        indexes = [
            # Finds those that wait, or are of another model than the present one.
            models.Index(fields=["tenant", "model", "turn"], name="trajectories_vectors_due"),
            HnswIndex(
                fields=["vector"], opclasses=["halfvec_cosine_ops"], name="trajectories_meaning"
            ),
        ]

    def __str__(self) -> str:
        return f"vector of {self.turn_id}"
