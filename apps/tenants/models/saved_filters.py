from django.db import models

from apps.core.tenancy import TenantOwned


class SavedFilter(TenantOwned):
    """Filters of a page under a name that one member gave them. It goes with the membership."""

    class Page(models.TextChoices):
        TURNS = "turns"
        SESSIONS = "sessions"

    membership = models.ForeignKey(
        "tenants.Membership", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    page = models.CharField(max_length=10, choices=Page)
    name = models.CharField(max_length=60)
    # What stands in the page's address: names and values.
    search = models.JSONField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "membership", "page", "name"], name="tenants_filter_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.name}"
