"""The product's own training, through the real SDK, on the real trainer."""

from contextlib import ExitStack
from functools import partial
from uuid import uuid4

import pytest

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.client import open_sampler, open_training
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.preflight import capabilities
from apps.integrations.tinker.types import SamplingWish, TrainerConnection
from apps.tenants.types import SYSTEM
from apps.trainer import DEMO_MODEL
from apps.training import services
from apps.training.connecting import trainer_get
from apps.training.selectors.jobs import job_get, step_list
from apps.training.services.advancing import Tools, job_advance
from apps.training.services.batches import BatchWish
from apps.training.services.gathering import batch_note
from apps.training.services.jobs import ADVANCE_KIND
from apps.training.teachers import teacher_open
from apps.trajectories.models import Turn
from tests.factories import make_run, make_sample, make_turn
from tests.training.factories import make_policy, make_task_set, make_trainer

WANTED = range(100, 200)
PROMPT = [{"role": "user", "content": "Say something."}]


@pytest.fixture
def connection(trainer, key):
    return TrainerConnection(base_url=trainer.url, api_key=key)


@pytest.fixture
def policy(tenant, trainer, key):
    """Its connection's address is the one of the OpenAI-compatible part, as people enter it."""
    upstream = make_trainer(tenant.id, base_url=f"{trainer.url}/oai/api/v1", api_key=key)
    return make_policy(
        tenant.id,
        upstream=upstream,
        base_model=DEMO_MODEL,
        source="tasks",
        task_set=make_task_set(tenant.id),
        rank=8,
        learning_rate=1e-2,
        groups_per_step=1,
        group_size=16,
        max_tokens=16,
    )


def play(*, tenant, reward, run, job, step, recipe, training):
    """A group of answers of the policy as it is now, recorded as turns with these rewards."""
    with tenant_tx(tenant.id):
        last = step_list(tenant_id=tenant.id, job_id=job.id).filter(status="confirmed").last()
    sampler = training.sampler(last.sampler_path if last else "")
    prompt = sampler.renderer().prompt(PROMPT)
    group_id = uuid4()
    wish = SamplingWish(max_tokens=recipe.max_tokens, seed=step.number)
    for said in sampler.sample(prompt, recipe.group_size, wish):
        turn = make_turn(tenant.id)
        make_sample(
            turn,
            group_id=group_id,
            base_model=recipe.base_model,
            prompt_tokens=prompt,
            tokens=said.tokens,
            logprobs=said.logprobs,
        )
        with tenant_tx(tenant.id):
            turns = Turn.objects.for_tenant(tenant.id).filter(id=turn.id)
            turns.update(reward=reward(said.tokens))
    wish = BatchWish(groups=1, group_ids=[group_id], needs_reward=recipe.has_rewards)
    return batch_note(run=run, step=step, wish=wish)


def share_wanted(tokens):
    return sum(token in WANTED for token in tokens) / len(tokens)


def train(policy, *, steps, reward=share_wanted):
    tenant_id = policy.tenant_id
    found = trainer_get(tenant_id=tenant_id, upstream_id=policy.upstream_id)
    tools = Tools(
        open_training=partial(open_training, found),
        open_teacher=lambda recipe, opened: teacher_open(
            tenant_id=tenant_id, recipe=recipe, connection=found, opened=opened
        ),
        gather=partial(play, tenant=policy.tenant, reward=reward),
    )
    job = services.job_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        policy_id=policy.id,
        trigger="hand",
        steps=steps,
        is_now=True,
    )
    run = make_run(tenant_id, ADVANCE_KIND, job_id=str(job.id))
    job_advance(run=run, job_id=job.id, tools=tools)
    with tenant_tx(tenant_id):
        done = job_get(tenant_id=tenant_id, job_id=job.id)
        assert done.status == "done", (done.reason, done.note)
        return list(step_list(tenant_id=tenant_id, job_id=job.id)), done.checkpoints.get()


def test_a_policy_learns_what_is_rewarded(policy, connection):
    # It ends before that: when all answers are worth the same there is nothing left to learn.
    steps, checkpoint = train(policy, steps=30)

    rewards = [step.metrics["reward"] for step in steps]
    assert rewards[0] < 0.4
    assert max(rewards[-3:]) > 0.9
    # On policy the trainer sees what the sampler saw.
    assert max(step.metrics["logprob_distance_max"] for step in steps) < 1e-4
    assert all(step.metrics["kl"] < 1e-6 for step in steps)
    with open_sampler(connection, base_model=DEMO_MODEL, path=checkpoint.sampler_path) as sampler:
        prompt = sampler.renderer().prompt(PROMPT)
        said = sampler.sample(prompt, 8, SamplingWish(max_tokens=16, seed=3))
    assert sum(share_wanted(one.tokens) for one in said) / 8 > 0.9


def test_a_student_comes_close_to_its_teacher(tenant, policy, trainer, key):
    """The teacher is a checkpoint that learned; the student is new and sees no reward."""
    _, taught = train(policy, steps=12)
    student = make_policy(
        tenant.id,
        "student",
        upstream=policy.upstream,
        base_model=DEMO_MODEL,
        rank=8,
        learning_rate=1e-2,
        groups_per_step=1,
        group_size=16,
        max_tokens=16,
        teacher=policy.upstream,
        teacher_model=taught.sampler_path,
        kl_coefficient=1.0,
        has_rewards=False,
    )

    steps, _ = train(student, steps=40, reward=lambda tokens: None)

    distances = [step.metrics["teacher_kl"] for step in steps]
    assert distances[0] > 0.5
    assert min(distances[-5:]) < distances[0] / 10


def test_a_teacher_behind_completions_says_the_same(tenant, policy, trainer, key, connection):
    from apps.integrations.tinker.tokenizers import tokenizer_of
    from apps.training.teaching import CompletionsTeacher, TinkerTeacher
    from apps.upstreams.selectors import connection_of

    upstream = make_trainer(
        tenant.id, "as OpenAI", kind="openai", base_url=f"{trainer.url}/oai/api/v1", api_key=key
    )
    with tenant_tx(tenant.id):
        theirs = connection_of(upstream)
    with open_sampler(connection, base_model=DEMO_MODEL) as sampler:
        prompt = sampler.renderer().prompt(PROMPT)
        [said] = sampler.sample(prompt, 1, SamplingWish(max_tokens=12, seed=1))
        direct = TinkerTeacher(sampler).logprobs(prompt, said.tokens)
    tokenizer = tokenizer_of(connection, DEMO_MODEL)

    by_http = CompletionsTeacher(theirs, DEMO_MODEL, tokenizer).logprobs(prompt, said.tokens)

    assert by_http == pytest.approx(direct, abs=1e-4)
    assert direct == pytest.approx(said.logprobs, abs=1e-4)


def test_a_key_the_trainer_does_not_know_is_refused_at_once(trainer):
    with pytest.raises(TrainerFailed) as found:
        capabilities(TrainerConnection(trainer.url, "tml-local-nobody"))

    assert found.value.reason == "key_refused"


@pytest.mark.parametrize(
    "wanted, reason",
    [
        ({"base_model": "none/such"}, "unknown_model"),
        ({"base_model": DEMO_MODEL, "rank": 9999}, "refused"),
        (
            {"base_model": DEMO_MODEL, "state_path": "tinker://none:train:0/weights/gone"},
            "gone",
        ),
    ],
)
def test_what_cannot_be_opened_says_why(connection, wanted, reason):
    with pytest.raises(TrainerFailed) as found, ExitStack() as opened:
        opened.enter_context(open_training(connection, **({"rank": 8} | wanted)))

    assert found.value.reason == reason
    assert str(found.value)


def test_a_trainer_that_is_away_is_said_within_seconds():
    with pytest.raises(TrainerFailed) as found:
        capabilities(TrainerConnection("http://127.0.0.1:9", "tml-some-key"))

    assert found.value.reason == "unreachable"
