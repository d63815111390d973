"""Playing a session: asked, answered by the practice model, recorded and judged as any other.

Nothing goes over the network; what the gateway does to a request is done to it by the same code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson

from apps.core.chat import conversation_hashes
from apps.core.clock import playing_at
from apps.demo.story.model import PracticeModel
from apps.demo.story.stage import Stage
from apps.evolution.services import turn_score
from apps.integrations.practice import openai_dialect
from apps.integrations.practice.answers import reply_to
from apps.integrations.practice.chat import MODEL_ID
from apps.integrations.practice.tasks import SYSTEM
from apps.proxy.gateway import asking
from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.dialects import OPENAI
from apps.proxy.gateway.injection import Injection, inject
from apps.proxy.gateway.sessions import Conversation, Pins
from apps.proxy.recorder.assemble import OpenTurn, turn_record
from apps.proxy.recorder.storing import records_store
from apps.tenants.types import KeyGrant
from apps.trajectories.types import TurnRecord

_BETWEEN = timedelta(seconds=50)
_JUDGED_AFTER = timedelta(minutes=2)
_MS_A_TOKEN = 9


@dataclass(frozen=True, slots=True)
class Scene:
    """A session. ``trouble``: how its last turn ended, where that was no answer. ``thanks`` is
    said where the answer was as ``likes`` has it."""

    name: str
    agent: str
    at: datetime
    said: Sequence[str]
    trouble: str = ""
    thanks: str = ""
    likes: Callable[[str], bool] = bool


_ERRORS = {
    "overloaded": (529, "upstream_error", "The provider has too much to do (simulated)."),
    "left": (499, "client_aborted", ""),
}


def scene_play(stage: Stage, scene: Scene) -> list[TurnRecord]:
    """Record the session and have its turns judged. Safe to repeat."""
    records = _records(stage, scene)
    with playing_at(records[-1].finished_at):
        records_store(stage.tenant_id, records)
    for record in records:
        if record.status != "complete":
            continue
        with playing_at(record.finished_at + _JUDGED_AFTER):
            turn_score(
                run=stage.job(),
                turn_id=record.id,
                model=PracticeModel(),
                is_simulated=True,
            )
    return records


def _records(stage: Stage, scene: Scene) -> list[TurnRecord]:
    records = _of_all(stage, scene)
    answer = (records[-1].response or {}).get("content") or ""
    if scene.thanks and scene.likes(answer):
        # As it was, but for its end: what was said last ends a session.
        return _of_all(stage, replace(scene, said=[*scene.said, scene.thanks]))
    return records


def _of_all(stage: Stage, scene: Scene) -> list[TurnRecord]:
    session_id, pins = stage.id_at(scene.at, "session", scene.name), Pins()
    messages: list[dict[str, Any]] = [{"role": "system", "content": SYSTEM}]
    records = []
    for number, said in enumerate(scene.said):
        messages.append({"role": "user", "content": said})
        is_last = number + 1 == len(scene.said)
        turn = _Turn(stage, scene, session_id, pins, number, is_last=is_last)
        record = turn.record(orjson.dumps({"model": MODEL_ID, "messages": messages}))
        records.append(record)
        messages.append(record.response or {"role": "assistant", "content": ""})
    return records


@dataclass(slots=True)
class _Turn:
    stage: Stage
    scene: Scene
    session_id: UUID
    pins: Pins
    number: int
    is_last: bool

    def record(self, body: bytes) -> TurnRecord:
        stage, scene = self.stage, self.scene
        at = scene.at + self.number * _BETWEEN
        headers = {b"x-session-done": b"true"} if self.is_last else {}
        asked = asking.read(OPENAI, headers, body, agent=scene.agent)
        conversation = Conversation(
            stage.tenant_id,
            self.session_id,
            "header",
            scene.name,
            self.pins,
            asked.said,
            asked.agent,
            conversation_hashes(asked.said),
        )
        rules = stage.snapshot.config.of_agent(scene.agent)
        injection = inject(asked, stage.snapshot, rules, conversation)
        header = self._header(asked, conversation, injection, at)
        dice = stage.dice("timings", scene.name, self.number)
        trouble = scene.trouble if self.is_last else ""
        sent = asked.body.rendered() or body
        answer, outcome = _outcome(sent, trouble, at, dice)
        turn = OpenTurn(orjson.loads(orjson.dumps(header)), body, [answer], outcome)
        found = turn_record(stage.id_at(at, "turn", scene.name, self.number), turn)
        # It is judged by the story, when the story says so.
        return replace(found, wants_judge=False)

    def _header(
        self, asked: Asked, conversation: Conversation, injection: Injection, at: datetime
    ) -> dict[str, Any]:
        grant = self._grant()
        serving = self.stage.snapshot.serving
        return {
            "tenant": grant.tenant_id,
            "key_id": grant.key_id,
            "key_name": grant.name,
            "upstream": serving.name if serving else "practice",
            # Whoever the workspace may be wired to later: nobody answered this.
            "is_simulated": True,
            "session_id": self.session_id,
            "session_source": conversation.source,
            "external_session_id": conversation.external_id,
            "started_at": at.timestamp(),
            "injection": injection.facts(conversation),
            "skills": [
                [one.version_id, one.slug, one.version, injection.score_of(one), one.tokens]
                for one in injection.skills
            ],
            **asked.facts(),
        }

    def _grant(self) -> KeyGrant:
        grants = self.stage.snapshot.grants.values()
        return next(one for one in grants if one.agent == self.scene.agent)


def _outcome(sent: bytes, trouble: str, at: datetime, dice: Random) -> tuple[bytes, dict[str, Any]]:
    """What came back, and the record of its end."""
    skills = dice.randint(2, 7)
    first_byte = skills + dice.randint(180, 620)
    timings = {"received": 0, "authenticated": 1, "skills": skills, "forwarded": skills + 1}
    error = None
    if trouble:
        http_status, status, message = _ERRORS[trouble]
        answer, finished = b"", first_byte
        error = {"type": trouble, "message": message} if message else None
    else:
        request = openai_dialect.parse(sent)
        reply = reply_to(request)
        answer = orjson.dumps(openai_dialect.whole(request, reply))
        http_status, status = 200, "complete"
        finished = first_byte + reply.output_tokens * _MS_A_TOKEN
        timings["first_byte"] = first_byte
    return answer, {
        "status": status,
        "http_status": http_status,
        "finished_at": (at + timedelta(milliseconds=finished)).timestamp(),
        "latency_ms": finished,
        "timings": timings | {"finished": finished},
        "encoding": "",
        "error": error,
        "provider_dialect": "openai",
        "provider_model": MODEL_ID,
    }
