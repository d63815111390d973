"""A policy for real: the trainer, the SDK in the policy process, the gateway, the recorder."""

import gc
import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.client import open_sampler
from apps.integrations.tinker.types import TrainerConnection
from apps.tenants.types import SYSTEM
from apps.training.models import Sample
from apps.upstreams.services import route_create
from tests.factories import make_upstream
from tests.proxy.behaviours import KEY
from tests.proxy.conftest import Workspace, chat_body, make_workspace, record_all
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway, free_port
from tests.trainer.process import TrainerProcess

pytestmark = [
    pytest.mark.trainer,
    # The SDK leaves sockets to the garbage collector when a client is closed.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(find_spec("torch") is None, reason="requirements/trainer.txt"),
]

DEMO = "local/demo-1"
_PATIENCE = {"METACLAW_FIRST_BYTE_TIMEOUT_SECONDS": "60", "METACLAW_IDLE_TIMEOUT_SECONDS": "60"}


@pytest.fixture(scope="module", autouse=True)
def sockets_left_behind() -> Iterator[None]:
    """Collected here, where nobody minds, and not during the tests that follow."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainerProcess]:
    process = TrainerProcess(tmp_path_factory.mktemp("served") / "data")
    process.key("ours")
    yield process.start()
    process.stop()


@pytest.fixture(scope="module")
def policy_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The policy process as the stack starts it: without anybody's settings."""
    port, log = free_port(), tmp_path_factory.mktemp("policy") / "log"
    line = [sys.executable, "-m", "apps.integrations.tinker.policy", "--port", str(port)]
    bare = {"PATH": os.defpath, "HF_HUB_OFFLINE": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen([*line, "--allow-private"], env=bare, stdout=out, stderr=out)
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def serving(
    committed: None, policy_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningGateway]:
    folder = tmp_path_factory.mktemp("serving")
    gateway = RunningGateway(folder, METACLAW_POLICY_URL=policy_url, **_PATIENCE)
    try:
        yield gateway.launch().wait()
    finally:
        gateway.stop()


def policy_workspace(serving: RunningGateway, trainer: TrainerProcess) -> Workspace:
    made = make_workspace("openai", None)
    row = make_upstream(
        made.id,
        kind="tinker-policy",
        uses=["serve"],
        base_url=trainer.url,
        api_key=trainer.key("ours"),
    )
    made.upstream_id = row.id
    serving.key = made.key
    return made


@pytest.fixture
def workspace(
    committed: None, serving: RunningGateway, trainer: TrainerProcess, provider: Provider
) -> Workspace:
    """One with a policy, and a provider that stands in for it under names like ``p-…``."""
    made = policy_workspace(serving, trainer)
    make_upstream(made.id, name="second", base_url=provider.url, api_key=KEY)
    targets = [
        {"upstream": str(made.upstream_id), "model": DEMO},
        {"upstream": "second", "model": "ok"},
    ]
    route_create(tenant_id=made.id, actor=SYSTEM, model="pupil", targets=targets)
    return made


def samples(workspace: Workspace) -> list[Sample]:
    with tenant_tx(workspace.id):
        return list(Sample.objects.for_tenant(workspace.id).order_by("created_at"))


def ask(serving: RunningGateway, dialect: str, model: str, **fields: Any) -> Any:
    if dialect == "responses":
        body = {"model": model, "input": "Hello", "store": False, "max_output_tokens": 12}
        return serving.chat(body | fields, dialect)
    return serving.chat(chat_body(model, max_tokens=12, **fields), dialect)


def test_every_api_is_answered_and_its_tokens_are_those_of_the_policy(
    serving: RunningGateway, workspace: Workspace, trainer: TrainerProcess
) -> None:
    """Scored again by the trainer, each token is as likely as its sampler said."""
    answers = [
        ask(serving, dialect, "pupil", stream=is_stream)
        for dialect in ("openai", "anthropic", "responses")
        for is_stream in (False, True)
    ]
    record_all(serving.spool)

    assert [one.status for one in answers] == [200] * 6, answers[0].body
    found = samples(workspace)
    assert len(found) == 6
    connection = TrainerConnection(trainer.url, trainer.key("ours"))
    with open_sampler(connection, base_model=DEMO) as sampler:
        for sample in found:
            prompt = np.frombuffer(sample.prompt_tokens, "<i4").tolist()
            tokens = np.frombuffer(sample.tokens, "<i4").tolist()
            said = np.frombuffer(sample.logprobs, "<f4")
            scored = sampler.logprobs([*prompt, *tokens])[len(prompt) :]
            assert len(tokens) <= 12
            assert np.abs(np.array(scored, float) - said).max() < 1e-4
            assert (sample.base_model, sample.temperature) == (DEMO, 1.0)
    first = answers[0].json
    assert first["usage"]["completion_tokens"] == len(found[0].tokens) // 4


def test_a_checkpoint_is_asked_by_its_path_and_stood_in_for_when_it_is_gone(
    serving: RunningGateway, workspace: Workspace, trainer: TrainerProcess
) -> None:
    from tests.trainer.sdk import WAIT, new_model, service

    client = service(trainer.url, trainer.key("ours"))
    saved = new_model(client).save_weights_for_sampler("step-1").result(timeout=WAIT)
    client.close("success").result(timeout=WAIT)
    for name, path in (("kept", saved.path), ("lost", saved.path.replace("step-1", "step-2"))):
        targets = [
            {"upstream": str(workspace.upstream_id), "model": path},
            {"upstream": "second", "model": "ok"},
        ]
        route_create(tenant_id=workspace.id, actor=SYSTEM, model=name, targets=targets)

    kept, lost = ask(serving, "openai", "kept", seed=3), ask(serving, "openai", "lost")
    again = ask(serving, "openai", "kept", seed=3)
    record_all(serving.spool)

    assert (kept.status, lost.status) == (200, 200)
    assert [one.checkpoint for one in samples(workspace)] == [saved.path] * 2
    assert kept.json["choices"] == again.json["choices"]
    (turn,) = workspace.turns(id=lost.turn_id)
    assert turn.upstream == "second"
    assert turn.routing["tried"][0]["outcome"] == "gone"


def test_what_does_not_fit_into_its_context_is_answered_by_another(
    serving: RunningGateway, workspace: Workspace
) -> None:
    long = [{"role": "user", "content": "much too long " * 2000}]

    stood_in = ask(serving, "openai", "pupil", messages=long)
    alone = ask(serving, "openai", DEMO, messages=long)

    assert stood_in.status == 200
    assert (alone.status, alone.error["code"]) == (400, "context_length_exceeded")


def test_a_caller_who_leaves_takes_the_request_back_and_others_are_served(
    serving: RunningGateway, workspace: Workspace
) -> None:
    for _ in range(3):
        with serving.open(chat_body(DEMO, max_tokens=3000)):
            time.sleep(0.3)

    began = time.monotonic()
    assert ask(serving, "openai", DEMO).status == 200
    assert time.monotonic() - began < 10


def test_a_trainer_that_dies_is_stood_in_for_and_asked_again_when_it_is_back(
    serving: RunningGateway, provider: Provider, tmp_path: Path
) -> None:
    """Unannounced, in the middle of things: no caller hears of it."""
    mortal = TrainerProcess(tmp_path / "mortal")
    mortal.key("ours")
    mortal.start()
    made = policy_workspace(serving, mortal)
    make_upstream(made.id, name="second", base_url=provider.url, api_key=KEY)
    targets = [
        {"upstream": str(made.upstream_id), "model": DEMO},
        {"upstream": "second", "model": "ok"},
    ]
    route_create(tenant_id=made.id, actor=SYSTEM, model="pupil", targets=targets)
    before = ask(serving, "openai", "pupil")

    mortal.kill()
    began = time.monotonic()
    during = [ask(serving, "openai", "pupil", stream=True) for _ in range(3)]
    took = time.monotonic() - began
    mortal.start()
    time.sleep(1)
    after = ask(serving, "openai", "pupil")
    mortal.stop()
    record_all(serving.spool)

    assert [one.status for one in (before, *during, after)] == [200] * 5
    who = {str(turn.id): turn.upstream for turn in made.turns()}
    assert [who[one.turn_id] for one in (before, *during, after)] == [
        "provider",
        *["second"] * 3,
        "provider",
    ]
    # The SDK alone would have gone on trying for five minutes.
    assert took < 20
    assert len(samples(made)) == 2
