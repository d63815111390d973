from django.db import models

from apps.core.tenancy import TenantOwned


class DemoLoad(TenantOwned):
    """How far the story of a demo workspace has been played. Its job goes on from here."""

    # The last day of the story: what is told is dated by it, however long the telling takes.
    ends_at = models.DateTimeField()
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField()
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="demo_one_story"),
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="demo_done_of_total"
            ),
        ]

    def __str__(self) -> str:
        return f"demo {self.done}/{self.total}"
