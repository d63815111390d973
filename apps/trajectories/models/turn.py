from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned, TenantOwnedInBulk


class Piece(TenantOwned):
    """A large part of request bodies, word for word: instructions, a tool, a first message.

    Its id is made of the month it is used in and what it says (apps.trajectories.months), so
    that it is stored once a month and goes with the turns of that month.
    """

    # Compressed.
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"piece {self.id}"


class Turn(TenantOwnedInBulk):
    """One request to a model and its answer, as it happened.

    Chat clients resend the whole conversation every time. A turn stores how its request is
    built from that of an earlier turn, its ``base``, and what is new in it (selectors.requests).
    """

    class Status(models.TextChoices):
        COMPLETE = "complete"
        CLIENT_ABORTED = "client_aborted"
        TRUNCATED_UPSTREAM = "truncated_upstream"
        TRUNCATED_CRASH = "truncated_crash"
        UPSTREAM_ERROR = "upstream_error"
        REJECTED = "rejected"

    class Kind(models.TextChoices):
        MAIN = "main"
        SIDE = "side"

    session = models.ForeignKey(
        "trajectories.Session",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.MAIN)
    status = models.CharField(max_length=20, choices=Status)
    http_status = models.PositiveSmallIntegerField(default=0)
    dialect = models.CharField(max_length=12)
    is_stream = models.BooleanField(default=False)
    is_simulated = models.BooleanField(default=False)
    agent = models.CharField(max_length=120, blank=True)
    key_id = models.UUIDField(null=True)
    key_name = models.CharField(max_length=80, blank=True)
    upstream = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=200, blank=True)
    served_model = models.CharField(max_length=200, blank=True)

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    # Milliseconds since started_at of the steps on the way: authenticated, skills, …
    timings = models.JSONField(default=dict)
    first_byte_ms = models.PositiveIntegerField(null=True)
    latency_ms = models.PositiveIntegerField(default=0)
    input_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    # Parts of the input, which the provider had kept, or keeps from now on.
    cache_read_tokens = models.PositiveIntegerField(null=True)
    cache_write_tokens = models.PositiveIntegerField(null=True)
    # The provider did not say how many: counted from the text.
    usage_is_estimated = models.BooleanField(default=False)

    # The recipe of the body (apps.trajectories.exact), the turn it starts from, of the same
    # month always, and the check sum of what comes out.
    request = models.BinaryField()
    base_id = models.UUIDField(null=True)
    request_sha256 = models.BinaryField()
    # Where in the conversation the parent's answer stands: from there on all is new.
    new_from = models.PositiveIntegerField(default=0)
    response = models.JSONField(null=True)
    finish_reason = models.CharField(max_length=60, blank=True)
    error = models.JSONField(null=True)
    injection = models.JSONField(default=dict)
    # What the caller said about it: ``X-MetaClaw-Tag-…`` headers.
    tags = models.JSONField(default=dict)
    # Providers that were tried first, and the dialect in which the last one was asked.
    routing = models.JSONField(default=dict)
    preview = models.CharField(max_length=200, blank=True)
    # What the user said last; empty where that was said in an earlier turn already.
    user_text = models.TextField(blank=True)
    response_text = models.TextField(blank=True)
    # Hash of the conversation up to and including the answer: how the next turn finds this one.
    end_hash = models.BinaryField(null=True)

    # Hash of the conversation that was asked about: requests sent again share it.
    asked_hash = models.BinaryField(null=True)
    # The first attempt, where this is a later one (services.attempts).
    attempt_of = models.UUIDField(null=True)
    # How many there were, on the latest.
    attempts = models.PositiveIntegerField(default=1)
    is_latest = models.BooleanField(default=True)
    # Answered in another attempt: not judged, not learned from.
    is_repeated = models.BooleanField(default=False)

    # What all its scores come to (apps.trajectories.rewards): how it went, where enough is known
    # to say so; what it was worth, where anything is; and which kind of score decided most.
    score = models.SmallIntegerField(null=True)
    reward = models.FloatField(null=True)
    # The database's own default: recording does not name it.
    reward_source = models.CharField(max_length=10, blank=True, db_default="")
    # A turn that taught a skill must never train the weights under that skill (P6).
    is_support = models.BooleanField(default=False)
    # In a batch: from now on it teaches no skill. Set by the database (apps.training).
    is_trained = models.BooleanField(default=False, db_default=False)
    # Nobody's request: played to train a policy. Teaches no skill, and is no traffic.
    is_rollout = models.BooleanField(default=False, db_default=False)
    evolve_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__in=[-1, 0, 1]),
                name="trajectories_score_is_a_vote",
            ),
            models.CheckConstraint(
                condition=Q(reward__isnull=True) | Q(reward__gte=-1, reward__lte=1),
                name="trajectories_reward_in_bounds",
            ),
            models.CheckConstraint(
                condition=~Q(is_support=True, is_trained=True),
                name="trajectories_support_or_query",
            ),
        ]
        indexes = [
            # The wall's own index on tenant and id serves lists, newest first. This one has what
            # lists are filtered by, too: rows are wide, and most of a search was reading them.
            models.Index(
                fields=["tenant", "id"],
                include=[
                    *("agent", "model", "upstream", "key_id"),
                    *("status", "score", "is_latest", "is_support"),
                ],
                name="trajectories_turns_filtered",
            ),
            models.Index(fields=["tenant", "session", "id"], name="trajectories_turns_session"),
            models.Index(fields=["tenant", "end_hash", "session"], name="trajectories_turns_end"),
            models.Index(
                fields=["tenant", "session", "asked_hash"], name="trajectories_turns_asked"
            ),
            models.Index(
                fields=["tenant", "-id"],
                condition=Q(score=-1),
                name="trajectories_turns_failed",
            ),
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="trajectories_turns_tags"),
        ]

    def __str__(self) -> str:
        return f"turn {self.id} {self.status}"

    @property
    def outcome(self) -> str:
        """How it went, in one word: passed, failed, neutral, unscored or error."""
        if self.status in (self.Status.UPSTREAM_ERROR, self.Status.REJECTED):
            return "error"
        if self.score is None:
            return "unscored"
        return {1: "passed", -1: "failed"}.get(self.score, "neutral")


class TurnSkill(TenantOwnedInBulk):
    """A skill version that went into a turn. A record: ids, not a foreign key to the library."""

    turn = models.ForeignKey(
        "trajectories.Turn", on_delete=models.CASCADE, related_name="skills", db_constraint=False
    )
    version_id = models.UUIDField()
    slug = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    score = models.FloatField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "turn", "version_id"], name="trajectories_skill_once_a_turn"
            )
        ]
        indexes = [models.Index(fields=["tenant", "slug", "-turn"], name="trajectories_by_skill")]

    def __str__(self) -> str:
        return f"{self.slug}@{self.version}"
