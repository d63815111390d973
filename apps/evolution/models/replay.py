from typing import Any

from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class Replay(TenantOwned):
    """Recorded turns asked again, with a text in their prompt and without it.

    The text is a proposal's, tried on turns chosen for it; or a version's of the library, tried on
    the one turn that somebody chose.
    """

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    class Verdict(models.TextChoices):
        LIFT = "lift", "It helps"
        NO_LIFT = "no_lift", "No measurable lift"
        HARM = "harm", "It does harm"

    proposal = models.ForeignKey(
        "evolution.Proposal",
        null=True,
        on_delete=models.CASCADE,
        related_name="replays",
        db_constraint=False,
    )
    skill_version = models.ForeignKey(
        "skills.SkillVersion",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
    )
    # The turn that somebody chose; a record's id, not a foreign key: turns are forgotten in time.
    turn_id = models.UUIDField(null=True)
    # Exactly the text that was tried: the proof is of nothing else.
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    # Why it ended as it did, where that is not plain.
    reason = SaidField(blank=True)
    samples = models.PositiveSmallIntegerField()
    token_budget = models.PositiveIntegerField()
    tokens_used = models.PositiveIntegerField(default=0)
    # USD / 10⁶, of the answers and the judge; null where a price is not known.
    cost_micros = models.PositiveBigIntegerField(null=True, default=0)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    # What came out, by group of turns (services.replay.statistics).
    result = models.JSONField(default=dict)
    is_simulated = models.BooleanField(default=False)
    started_by = models.CharField(max_length=254)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "proposal"],
                condition=Q(status="running"),
                name="evolution_one_replay_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["tenant", "turn_id", "skill_version"],
                condition=Q(status="running"),
                name="evolution_one_replay_of_a_turn_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    proposal__isnull=False, skill_version__isnull=True, turn_id__isnull=True
                )
                | Q(proposal__isnull=True, skill_version__isnull=False, turn_id__isnull=False),
                name="evolution_replay_is_of_one_text",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "proposal", "-id"], name="evolution_replays"),
            models.Index(fields=["tenant", "-id"], name="evolution_replays_newest"),
            models.Index(fields=["tenant", "turn_id", "-id"], name="evolution_replays_of_turn"),
        ]

    @property
    def slug(self) -> str:
        """Of the skill that the text is, or would be, a version of."""
        return self.proposal.slug if self.proposal else self._version.skill.slug

    @property
    def version(self) -> int | None:
        """The number of the version; a proposal's text has none yet."""
        return None if self.proposal else self._version.number

    @property
    def text(self) -> str:
        return self.proposal.text if self.proposal else self._version.text

    @property
    def _version(self) -> Any:
        assert self.skill_version is not None  # a constraint holds it
        return self.skill_version

    def __str__(self) -> str:
        return f"replay {self.status}"


class ReplayCase(TenantOwned):
    """One recorded turn of a replay, and how both arms did."""

    class Group(models.TextChoices):
        EVIDENCE = "evidence", "Failing turns behind the proposal"
        HELD_OUT = "held_out", "Failing turns the evolver did not see"
        CONTROL = "control", "Turns that went well"
        CHOSEN = "chosen", "The turn that somebody chose"

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        SKIPPED = "skipped"

    replay = models.ForeignKey(
        "evolution.Replay", on_delete=models.CASCADE, related_name="cases", db_constraint=False
    )
    turn_id = models.UUIDField()
    group = models.CharField(max_length=10, choices=Group)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    # Why it could not be asked again faithfully.
    reason = SaidField(blank=True)
    # Of every sample: its vote, the judge's words, the answer, tokens in and out.
    without = models.JSONField(default=list)
    with_skill = models.JSONField(default=list)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "replay", "turn_id"], name="evolution_case_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.turn_id}"
