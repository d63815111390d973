from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Upstream(TenantOwned):
    """A connection to a model provider. The key is sealed for this tenant, row and origin."""

    PRACTICE = "practice"

    name = models.CharField(max_length=80)
    # One of the presets; what it stands for is data there.
    kind = models.CharField(max_length=20)
    base_url = models.URLField(max_length=500)
    # What the provider speaks, where that is not what its kind says.
    dialects = ArrayField(models.CharField(max_length=12), null=True)
    model = models.CharField(max_length=200, blank=True)
    sealed_key = models.BinaryField(null=True)
    key_last4 = models.CharField(max_length=4, blank=True)
    serves = models.BooleanField(default=False)
    judges = models.BooleanField(default=False)
    evolves = models.BooleanField(default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="upstreams_name"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(serves=True), name="upstreams_one_serves"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(judges=True), name="upstreams_one_judges"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(evolves=True), name="upstreams_one_evolves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"

    @property
    def is_simulated(self) -> bool:
        return self.kind == self.PRACTICE


class Route(TenantOwned):
    """Where requests for a model go: its public name, perhaps with ``*``, and a list of targets."""

    model = models.CharField(max_length=200)
    # For requests of this agent alone; empty for everybody.
    agent = models.CharField(max_length=120, blank=True)
    first_byte_seconds = models.PositiveIntegerField(null=True, validators=[MinValueValidator(1)])
    # How long an answer may pause between two pieces.
    idle_seconds = models.PositiveIntegerField(null=True, validators=[MinValueValidator(1)])
    is_enabled = models.BooleanField(default=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "model", "agent"], name="upstreams_route_once"
            )
        ]

    def __str__(self) -> str:
        return self.model


class RouteTarget(TenantOwned):
    """One provider of a route. Sessions are spread by weight; the others stand in for it."""

    route = models.ForeignKey(
        Route, on_delete=models.CASCADE, related_name="targets", db_constraint=False
    )
    upstream = models.ForeignKey(
        Upstream, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    # The model's name there; empty for the name that was asked for. A ``*`` stands for what
    # the route's ``*`` stood for.
    model = models.CharField(max_length=200, blank=True)
    # Without any weight among them, targets are tried in their order.
    weight = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField()

    class Meta(TenantOwned.Meta):
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "route", "position"], name="upstreams_target_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.route_id} to {self.upstream_id}"
