"""Recorded conversations once more: is each forwarded prompt the beginning of the next one (P8)?

Forms of a message that providers see through count as the same, as in the tests with real
clients. What is compared is stricter than the aim: the last user's message counts in full.
"""

import json
import time
import urllib.request
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from apps.skills.models import Skill
from apps.skills.services import skill_publish, skill_retire
from apps.skills.skillmd import build
from apps.tenants.services import tenant_update
from apps.tenants.types import SYSTEM
from bench import workspace
from bench.aims import Aim
from bench.errors import BenchError
from bench.faults.finding import Extent, Finding
from bench.faults.plays import Play
from bench.faults.provider import Asked
from bench.faults.stage import Gateway, Stage
from bench.workspace import Workspace
from tests.clients.prompts import prompt

_RECORDED = Path(__file__).parents[2] / "tests" / "proxy" / "recorded"
_NOT_RESENT = frozenset({"accept-encoding", "content-length", "host", "connection"})
_LOAD_SECONDS, _ASK_AGAIN_SECONDS = 15.0, 0.1
_ALWAYS = ("script-runner", "Use when asked to run a script.")
# By the number of the request before which it is published: in a tool loop, where it must not
# change what was said, and before the second thing the user says, behind which it goes.
_PUBLISHED = {
    1: ("first-part-checks", "Use when asked to run the first part of a script."),
    3: ("second-part-checks", "Use when told to run the second part of a script now."),
}
_BODY = "When you run a script:\n\n- Say which part of it.\n- Show what it printed, in full.\n"


@dataclass(slots=True)
class _Count:
    pairs: int = 0
    stable: int = 0
    # Where already the client's own prompt was not the beginning of its next one.
    changed_by_client: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Scene:
    """A gateway, a workspace, and the provider's end: plays answers, keeps what was forwarded."""

    gateway: Gateway
    space: Workspace
    answer: bytes = b"data: [DONE]\n\n"
    forwarded: bytes = b""
    probes: int = 0

    def play(self, asked: Asked) -> Play:
        self.forwarded = asked.body
        return Play((self.answer,))

    def ask(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> set[str]:
        """Send a request and read its answer; answers with the skills it carried."""
        kept = {k: v for k, v in headers.items() if k not in _NOT_RESENT}
        kept |= {"x-turn-type": "side", "authorization": f"Bearer {self.space.key}"}
        kept["content-type"] = "application/json"
        raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        url = f"http://127.0.0.1:{self.gateway.port}{path}"
        with urllib.request.urlopen(urllib.request.Request(url, raw, kept), timeout=30) as answer:
            answer.read()
            skills = answer.headers.get("x-metaclaw-skills", "")
        return {one.partition("@")[0] for one in skills.split(",") if one}

    def publish(self, slug: str, description: str) -> None:
        doc = build(slug=slug, description=description, category="coding", body=_BODY)
        skill_publish(
            tenant_id=self.space.tenant_id, actor=SYSTEM, doc=doc, source=Skill.Source.WRITTEN
        )
        self._await(slug, description, is_live=True)

    def retire(self, slug: str, description: str) -> None:
        skill_retire(tenant_id=self.space.tenant_id, actor=SYSTEM, slug=slug)
        self._await(slug, description, is_live=False)

    def _await(self, slug: str, description: str, *, is_live: bool) -> None:
        """Until a new conversation about it carries the skill, or no longer does."""
        ends_at = time.monotonic() + _LOAD_SECONDS
        body = {"model": "m", "stream": True, "max_tokens": 9}
        body |= {"messages": [{"role": "user", "content": description}]}
        path = "/v1/messages" if self.space.kind == "anthropic" else "/v1/chat/completions"
        while time.monotonic() < ends_at:
            self.probes += 1
            found = self.ask(path, {"x-session-id": f"probe-{self.probes}"}, body)
            if (slug in found) == is_live:
                return
            time.sleep(_ASK_AGAIN_SECONDS)
        raise BenchError(f"The gateway did not hear of the skill {slug}.")


def measure(stage: Stage, extent: Extent) -> Finding:
    count = _Count()
    with stage.gateway() as gateway:
        scenes = {kind: _scene(stage, gateway, kind) for kind in ("openai", "anthropic")}
        for path in sorted(_RECORDED.glob("*.jsonl")):
            sent = [json.loads(line) for line in path.read_text().splitlines()]
            scene = scenes["anthropic" if "/messages" in sent[0]["path"] else "openai"]
            stage.provider.script = scene.play
            for talk in dict.fromkeys(one["talk"] for one in sent):
                requests = [one for one in sent if one["talk"] == talk]
                _replay(scene, f"{path.stem}-{talk}", requests, count)
    own = count.pairs - count.changed_by_client
    return Finding(
        aims=[
            Aim(
                name="Prompts that are the beginning of the next one, recorded clients",
                wanted="100%",
                measured="; ".join([f"{count.stable / own:.1%} of {own}", *count.broken[:3]]),
                is_met=count.stable == own,
            )
        ],
        figures={"prompts: changed by the client itself": count.changed_by_client},
    )


def _scene(stage: Stage, gateway: Gateway, kind: str) -> _Scene:
    """With a workspace of its own: what is published here must not be met by other rows."""
    space = workspace.create(stage.provider.url, kind=kind)
    tenant_update(tenant_id=space.tenant_id, actor=SYSTEM, max_skills=3)
    scene = _Scene(gateway, space)
    stage.provider.script = scene.play
    scene.publish(*_ALWAYS)
    return scene


def _replay(scene: _Scene, title: str, requests: list[dict[str, Any]], count: _Count) -> None:
    forwarded = []
    published = []
    carried: set[str] = set()
    for number, one in enumerate(requests):
        # Only where somebody says a second thing.
        if number in _PUBLISHED and len(requests) > max(_PUBLISHED):
            scene.publish(*_PUBLISHED[number])
            published.append(_PUBLISHED[number])
        scene.answer = one["answer"].encode()
        carried |= scene.ask(one["path"], one["headers"], _in_session(title, one["body"]))
        forwarded.append(prompt(json.loads(scene.forwarded)))
    wanted = {_ALWAYS[0], *(slug for slug, _ in published[-1:])}
    if not wanted <= carried:
        raise BenchError(f"{title} carried only {sorted(carried)}.")
    own = [prompt(one["body"]) for one in requests]
    for number, (pair, client) in enumerate(zip(pairwise(forwarded), pairwise(own), strict=True)):
        count.pairs += 1
        if _begins(*pair):
            count.stable += 1
        elif not _begins(*client):
            count.changed_by_client += 1
        else:
            count.broken.append(f"{title}, request {number + 1}")
    for skill in published:
        scene.retire(*skill)


def _in_session(title: str, body: dict[str, Any]) -> Any:
    """Recordings share their names of sessions; here each is a session of its own."""
    return json.loads(json.dumps(body).replace("sessionId=talk-", f"sessionId={title}-"))


def _begins(earlier: list[str], later: list[str]) -> bool:
    return later[: len(earlier)] == earlier
