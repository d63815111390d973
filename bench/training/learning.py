"""From tasks to a policy that does them, for each loss; and from a teacher to a student."""

from statistics import fmean

from bench.training import stage
from bench.training.finding import Found

LOSSES = ("importance_sampling", "ppo", "cispo")
_STEPS = 40
_ENOUGH = 0.9
_MOST_SECONDS = 120
_CLOSE = 1e-4
_TIMES_CLOSER = 10


def losses(url: str, key: str, found: Found) -> None:
    """Reward by step, and how far the trainer's log-probabilities are from the sampler's."""
    at = stage.workspace(url, key)
    for loss in LOSSES:
        trained = stage.train(stage.policy(at, loss, loss=loss), _STEPS)
        rewards = trained.figures("reward")
        last = stage.reward_of(trained.job, url, key)
        found.add(
            f"{loss}: reward in the first step, and of the checkpoint on tasks it has not seen",
            f"> {_ENOUGH} within {_STEPS} steps",
            f"{rewards[0]:.2f} to {last:.2f} in {len(rewards)} steps",
            is_met=last > _ENOUGH,
        )
        found.add(
            f"{loss}: seconds for rollouts, rewards and steps",
            f"< {_MOST_SECONDS}",
            f"{trained.seconds:.0f}",
            is_met=trained.seconds < _MOST_SECONDS,
        )
        furthest = max(trained.figures("logprob_distance_max"))
        found.add(
            f"{loss}: log-probability in training less that in sampling, the furthest",
            f"< {_CLOSE:g}",
            f"{furthest:.1e}",
            is_met=furthest < _CLOSE,
        )


def distillation(url: str, key: str, found: Found) -> None:
    """A student without rewards beside a teacher that learned."""
    at = stage.workspace(url, key)
    taught = stage.checkpoint_of(stage.train(stage.policy(at, "teacher"), 15).job)
    student = stage.policy(
        at,
        "student",
        teacher_id=at.upstream_id,
        teacher_model=taught.sampler_path,
        kl_coefficient=1.0,
        has_rewards=False,
    )
    trained = stage.train(student, _STEPS)
    distances = trained.figures("teacher_kl")
    last = fmean(distances[-3:])
    times = distances[0] / max(last, 1e-9)
    found.add(
        f"distillation: KL to the teacher over what was said, first and last three of {_STEPS}"
        " steps",
        f">= {_TIMES_CLOSER} x less",
        f"{distances[0]:.3f} to {last:.3f} nats a token ({times:.0f} x)",
        is_met=times >= _TIMES_CLOSER,
    )


def tenants(url: str, keys: list[str], found: Found) -> None:
    """Three workspaces in turns on one worker, each with a key and an aim of its own."""
    places = [
        stage.workspace(url, key, wanted=letters)
        for key, letters in zip(keys, stage.APART, strict=True)
    ]
    jobs = [stage.begin(stage.policy(at, "own"), 30) for at in places]
    seconds = stage.work(lambda: all(map(stage.is_trained, jobs)), most_seconds=600)
    lasts = [
        stage.reward_of(job, url, key, wanted=letters)
        for job, key, letters in zip(jobs, keys, stage.APART, strict=True)
    ]
    found.add(
        "three workspaces at once, each rewarded for other letters: reward of each one's checkpoint"
        " on tasks it has not seen",
        f"> {_ENOUGH} each",
        ", ".join(f"{value:.2f}" for value in lasts) + f" ({seconds:.0f} s)",
        is_met=min(lasts) > _ENOUGH,
    )
