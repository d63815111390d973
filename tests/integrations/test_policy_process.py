"""The policy process: opened once, never waiting for what will not come, nothing left behind."""

import asyncio
import json
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from apps.integrations.tinker.errors import CannotRender, TrainerFailed
from apps.integrations.tinker.policy.app import create_app
from apps.integrations.tinker.policy.opening import Seen
from apps.integrations.tinker.policy.policies import Policies
from apps.integrations.tinker.types import Said, Sampled, SamplingWish, TrainerConnection

BODY = {"model": "org/base", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 8}
HERE = TrainerConnection("http://127.0.0.1:9", "tml-key")


class FakeRenderer:
    def prompt(self, messages: Any, tools: Any = ()) -> list[int]:
        if messages[0]["content"] == "unreadable":
            raise CannotRender("This model reads text alone.")
        if messages[0]["content"] == "broken":
            raise ZeroDivisionError
        return list(range(len(str(messages[0]["content"]))))

    def said(self, tokens: Sequence[int]) -> Said:
        return Said("Hi.")


class FakePolicy:
    """Answers at once, or never, or fails as it is told."""

    def __init__(self, *outcomes: str, context: int | None = 100) -> None:
        self.base_model = "org/base"
        self.context = context
        self.renderer = FakeRenderer()
        self.outcomes = list(outcomes)
        self.wishes: list[SamplingWish] = []
        self.taken_back = 0
        self.is_closed = threading.Event()

    async def sample(self, prompt: Sequence[int], wish: SamplingWish) -> Sampled:
        self.wishes.append(wish)
        outcome = self.outcomes.pop(0) if self.outcomes else "answer"
        if outcome == "never":
            try:
                await asyncio.Event().wait()
            finally:
                self.taken_back += 1
        if outcome == "late":
            await asyncio.sleep(0.3)
        elif outcome != "answer":
            raise TrainerFailed(f"It is {outcome}.", reason=outcome)  # type: ignore[arg-type]
        return Sampled((5, 6), (-0.5, -1.0), "stop")

    def close(self) -> None:
        self.is_closed.set()


class Bench:
    """The process's application around prepared policies, without a network."""

    def __init__(self, *policies: FakePolicy | TrainerFailed) -> None:
        self.prepared = list(policies)
        self.opened: list[tuple[str, str, str, str]] = []
        # What looking for the trainer finds, in order; the last one again and again.
        self.looks: list[Seen] = ["there"]
        self.policies = Policies(self._open, self._look, look_seconds=0.02)
        self.app = create_app(self.policies)

    def _open(self, connection: TrainerConnection, base_model: str, path: str) -> FakePolicy:
        self.opened.append((connection.base_url, connection.api_key, base_model, path))
        time.sleep(0.02)
        found = self.prepared.pop(0) if len(self.prepared) > 1 else self.prepared[0]
        if isinstance(found, TrainerFailed):
            raise found
        return found

    def _look(self, connection: TrainerConnection) -> Seen:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    async def ask(self, leaves_after: float | None = None, **fields: Any) -> tuple[int, Any, str]:
        sent: list[Any] = []
        headers = {
            "x-tinker-url": fields.pop("url", "http://127.0.0.1:9/oai/api/v1"),
            "authorization": f"Bearer {fields.pop('key', 'tml-key')}",
            "x-patience-seconds": str(fields.pop("patience", 5)),
        }
        if fields.pop("has_stand_in", False):
            headers["x-has-stand-in"] = "1"
        raw = json.dumps(BODY | fields).encode()
        messages = [{"type": "http.request", "body": raw}]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await asyncio.sleep(60 if leaves_after is None else leaves_after)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/answer",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        await self.app(scope, receive, send)
        if not sent:
            return 0, None, ""
        cannot = dict(sent[0]["headers"]).get(b"x-policy-cannot", b"").decode()
        return sent[0]["status"], json.loads(sent[1]["body"]), cannot


async def test_it_answers_with_completion_and_sample():
    bench = Bench(FakePolicy())

    status, body, cannot = await bench.ask()

    assert (status, cannot) == (200, "")
    assert body["completion"]["choices"][0]["message"]["content"] == "Hi."
    assert body["sample"]["base_model"] == "org/base"
    assert bench.opened == [("http://127.0.0.1:9", "tml-key", "org/base", "")]


async def test_a_policy_is_opened_once_for_all_who_wait_and_for_each_key():
    bench = Bench(FakePolicy())

    answers = await asyncio.gather(*[bench.ask() for _ in range(20)])
    await bench.ask(key="tml-other")
    await bench.ask(model="tinker://run/sampler_weights/1")

    assert [status for status, _, _ in answers] == [200] * 20
    assert [(key, base, path) for _, key, base, path in bench.opened] == [
        ("tml-key", "org/base", ""),
        ("tml-other", "org/base", ""),
        ("tml-key", "", "tinker://run/sampler_weights/1"),
    ]


async def test_what_could_not_be_opened_is_tried_again_by_the_next():
    bench = Bench(TrainerFailed("No.", reason="billing"), FakePolicy())

    first, second = await bench.ask(), await bench.ask()

    assert (first[0], first[2], second[0]) == (503, "billing", 200)


@pytest.mark.parametrize(
    "reason, status",
    [
        ("unreachable", 503),
        ("timeout", 504),
        ("key_refused", 401),
        ("billing", 503),
        ("busy", 429),
        ("unknown_model", 404),
        ("refused", 400),
        ("failed", 502),
    ],
)
async def test_why_there_is_no_answer_is_said_so_that_another_may_be_asked(reason, status):
    found, body, cannot = await Bench(FakePolicy(reason)).ask()

    assert (found, cannot) == (status, reason)
    assert body["error"]["message"] == f"It is {reason}."


async def test_a_caller_who_leaves_takes_the_request_back():
    policy = FakePolicy("never")
    bench = Bench(policy)

    assert await bench.ask(leaves_after=0.1) == (0, None, "")
    assert policy.taken_back == 1
    assert not bench.policies._under_way
    assert (await bench.ask())[0] == 200


async def test_one_who_leaves_while_a_policy_is_opened_ends_nothing_for_the_others():
    bench = Bench(FakePolicy())

    gone, stays = await asyncio.gather(bench.ask(leaves_after=0.001), bench.ask())

    assert (gone[0], stays[0]) == (0, 200)
    assert len(bench.opened) == 1


async def test_patience_ends_and_takes_the_request_back():
    policy = FakePolicy("never")

    status, _, cannot = await Bench(policy).ask(patience=0.15)

    assert (status, cannot) == (504, "timeout")
    assert policy.taken_back == 1


async def test_a_trainer_that_is_gone_is_noticed_while_waiting_and_at_once_afterwards():
    policy = FakePolicy("answer", "never", "never")
    bench = Bench(policy)
    await bench.ask()

    bench.looks = ["nobody"]
    status, _, cannot = await bench.ask(patience=30, has_stand_in=True)
    again = await bench.ask(patience=30, has_stand_in=True)

    assert (status, cannot, again[0]) == (503, "unreachable", 503)
    # The last one was not even sent.
    assert len(policy.wishes) == 2
    bench.looks = ["there"]
    await asyncio.sleep(0.05)
    policy.outcomes.clear()
    assert (await bench.ask(has_stand_in=True))[0] == 200
    assert (await bench.ask())[0] == 200


async def test_without_a_stand_in_a_trainer_that_is_started_again_is_waited_for():
    policy = FakePolicy("late", "never")
    bench = Bench(policy)
    bench.looks = [*["nobody"] * 5, "there"]

    assert (await bench.ask(patience=30))[0] == 200
    bench.looks = ["nobody"]
    assert (await bench.ask(patience=30))[2] == "unreachable"


async def test_a_trainer_that_is_late_for_once_is_not_gone():
    policy = FakePolicy("answer", "late", "never")
    bench = Bench(policy)
    await bench.ask()

    bench.looks = ["silent", "silent", "there"]
    assert (await bench.ask(patience=30, has_stand_in=True))[0] == 200
    bench.looks = ["silent"]
    assert (await bench.ask(patience=30, has_stand_in=True))[2] == "unreachable"


async def test_a_session_that_ran_out_is_opened_anew_and_only_once():
    old, new = FakePolicy("answer", "gone"), FakePolicy()
    bench = Bench(old, new)

    assert (await bench.ask())[0] == 200
    assert (await bench.ask())[0] == 200
    assert len(bench.opened) == 2
    assert await asyncio.to_thread(old.is_closed.wait, 5)


async def test_a_checkpoint_that_is_gone_is_asked_for_once_and_said_to_be_gone():
    bench = Bench(FakePolicy("answer", "gone"), TrainerFailed("Deleted.", reason="gone"))
    await bench.ask()

    status, body, cannot = await bench.ask()

    assert (status, cannot, body["error"]["code"]) == (404, "gone", "policy_gone")
    assert len(bench.opened) == 2


async def test_what_is_asked_for_is_what_there_is_room_for():
    policy = FakePolicy()
    bench = Bench(policy)
    long = [{"role": "user", "content": "x" * 100}]

    await bench.ask(max_tokens=None)
    await bench.ask(max_tokens=90_000)
    await bench.ask(max_tokens=3)
    status, body, cannot = await bench.ask(messages=long)

    assert [wish.max_tokens for wish in policy.wishes] == [95, 95, 3]
    assert (status, cannot) == (400, "context")
    assert body["error"]["code"] == "context_length_exceeded"


@pytest.mark.parametrize("content, status", [("unreadable", 400), ("broken", 500)])
async def test_what_cannot_be_rendered_is_somebody_elses(content, status):
    messages = [{"role": "user", "content": content}]

    found, _, cannot = await Bench(FakePolicy()).ask(messages=messages)

    assert found == status
    assert cannot


async def test_a_callers_own_mistake_opens_nothing():
    bench = Bench(FakePolicy())

    status, _, cannot = await bench.ask(n=2)

    assert (status, cannot, bench.opened) == (400, "", [])


@pytest.mark.parametrize("url", ["", "ftp://a.example", "http://169.254.169.254/latest"])
async def test_an_address_that_must_not_be_called_is_refused(url):
    bench = Bench(FakePolicy())

    status, _, cannot = await bench.ask(url=url)

    assert (status, cannot, bench.opened) == (503, "address", [])


async def test_private_addresses_are_the_operators_to_allow(settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False

    assert (await Bench(FakePolicy()).ask())[2] == "address"


async def test_policies_nobody_asks_any_more_are_closed():
    policy = FakePolicy()
    bench = Bench(policy)
    await bench.ask()

    bench.policies.tidy(idle_seconds=60)
    assert not policy.is_closed.is_set()
    bench.policies.tidy(idle_seconds=0)

    await asyncio.sleep(0)
    assert await asyncio.to_thread(policy.is_closed.wait, 5)
    assert not bench.policies._open


async def test_more_at_once_than_make_sense_are_turned_away(monkeypatch):
    monkeypatch.setattr("apps.integrations.tinker.policy.policies._UNDER_WAY_OF_ONE_MAX", 1)
    bench = Bench(FakePolicy("never"))

    waiting = asyncio.create_task(bench.ask(leaves_after=0.3))
    await asyncio.sleep(0.1)
    turned_away, other = await bench.ask(), await bench.ask(key="tml-other")
    await waiting

    assert (turned_away[0], turned_away[2], other[0]) == (429, "busy", 200)


async def test_probes_and_other_addresses():
    async def get(path: str) -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        await Bench(FakePolicy()).app(scope, None, send)  # type: ignore[arg-type]
        return int(sent[0]["status"])

    assert (await get("/healthz"), await get("/v1/answer")) == (200, 404)
