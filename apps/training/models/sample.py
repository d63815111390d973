from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Sample(TenantOwned):
    """What a policy of ours said in a turn, in its own tokens, as its sampler gave them.

    Nothing of that is ever made from text again: tokens that a tokenizer would choose today are not
    those that were sampled. All but the reward, which the turn has, is of the time of sampling.

    What an expert stands behind is the exception: an answer to imitate, which no policy sampled,
    written in a policy's tokens when a batch is formed. It has no log-probabilities and no group,
    so that no loss but ``cross_entropy`` can take it.
    """

    class Origin(models.TextChoices):
        SERVING = "serving", "Somebody's request"
        ROLLOUT = "rollout", "A task of a task set"
        RESAMPLE = "resample", "A recorded prompt, asked again"
        EXPERT = "expert", "What a member approved or wrote"

    turn = models.ForeignKey(
        "trajectories.Turn", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    origin = models.CharField(max_length=10, choices=Origin)
    # Answers to one and the same prompt share it: without others there is nothing to compare with.
    group_id = models.UUIDField(null=True)
    base_model = models.CharField(max_length=200)
    # The path of the adapter's weights; empty: the base model itself.
    checkpoint = models.CharField(max_length=500, blank=True)
    generation = models.PositiveIntegerField()
    # The skill versions in the prompt, in order of their ids.
    version_ids = ArrayField(models.UUIDField(), default=list)
    temperature = models.FloatField()
    stop_reason = models.CharField(max_length=20, blank=True)
    # int32 and float32, little-endian, as they went over the wire.
    prompt_tokens = models.BinaryField()
    tokens = models.BinaryField()
    logprobs = models.BinaryField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "turn"],
                condition=~Q(origin="expert"),
                name="training_one_sample_a_turn",
            ),
            models.UniqueConstraint(
                fields=["tenant", "turn"],
                condition=Q(origin="expert"),
                name="training_one_example_a_turn",
            ),
            models.CheckConstraint(
                condition=~Q(origin="expert") | Q(group_id__isnull=True),
                name="training_examples_are_alone",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "group_id"], name="training_groups")]

    def __str__(self) -> str:
        return f"sample of {self.turn_id}"

    @property
    def token_count(self) -> int:
        return len(self.tokens) // 4
