"""A small stand-in for gateway and console: the contract of the REST interface, in memory.

Behind it is the real practice model, so answers change only when a skill is in the prompt.
"""

import asyncio
import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from apps.integrations.practice import evolver, judge
from apps.integrations.practice.app import create_app
from metaclaw_web.cli.connection import Connection

Json = dict[str, Any]
API_KEY = "mck_live_gateway"
ADMIN_KEY = "mck_live_admin"
_practice = create_app(pause_seconds=0)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class FakeStack:
    """Public attributes are the knobs and the state that tests look at."""

    is_simulated: bool = True
    kind: str = "practice"
    mode: str = "skills"
    does_inject: bool = True
    does_judge: bool = True
    does_evolve: bool = True
    may_decide: bool = True
    # How often a proposal's text changes between reading and approving it.
    changes_on_approve: int = 0
    # So often a look at the turns finds them not scored yet.
    late_scores: int = 0
    # The skill under every proposal moved on: no approval is accepted.
    is_base_stale: bool = False
    seen: list[Json] = field(default_factory=list)
    turns: list[Json] = field(default_factory=list)
    proposals: dict[str, Json] = field(default_factory=dict)
    skills: dict[str, Json] = field(default_factory=dict)
    uploads: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    @property
    def connection(self) -> Connection:
        return Connection(self.url, self.url, "main", API_KEY, ADMIN_KEY, "owner@x.test", "pw")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        body = await _read(receive)
        path, query = scope["path"], scope["query_string"].decode()
        if path in ("/v1/chat/completions", "/v1/messages"):
            await self._relay(scope, headers, body, send)
            return
        with self.lock:
            status, payload = self._rest(scope["method"], path, query, headers, body)
        content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        await _respond(send, status, content)

    async def _relay(self, scope: Any, headers: dict[str, str], body: bytes, send: Any) -> None:
        if headers.get("authorization") != f"Bearer {API_KEY}":
            error = {"error": {"message": "Bad key", "code": "invalid_api_key"}}
            await _respond(send, 401, json.dumps(error).encode())
            return
        request = json.loads(body)
        session = headers.get("x-session-id", "")
        with self.lock:
            carried = list(self.skills.values()) if self.does_inject else []
        self.seen.append({"path": scope["path"], "session": session, "body": request})
        answer = await _ask_practice(scope, _with_skills(scope["path"], request, carried))
        turn = self._record(session, request, answer)
        turn["skills"] = [f"{skill['slug']}@{skill['version']}" for skill in carried]
        if headers.get("x-session-done") == "true":
            with self.lock:
                self._finish_session(session)
        extra = [
            (b"x-metaclaw-turn", turn["id"].encode()),
            (b"x-metaclaw-session", session.encode()),
            (b"x-metaclaw-skills", ", ".join(turn["skills"]).encode()),
        ]
        await send({**answer[0], "headers": [*answer[0]["headers"], *extra]})
        for message in answer[1:]:
            await send(message)

    def _record(self, session: str, request: Json, answer: list[Json]) -> Json:
        body = b"".join(part.get("body", b"") for part in answer[1:])
        turn = {
            "id": str(uuid4()),
            "session_id": session,
            "user": request["messages"][-1]["content"],
            "messages": request["messages"],
            "response": _answer_text(body.decode(), is_stream=bool(request.get("stream"))),
            "outcome": "unscored",
        }
        with self.lock:
            self.turns.insert(0, turn)
        return turn

    def _finish_session(self, session: str) -> None:
        if not self.does_judge:
            return
        turns = [turn for turn in reversed(self.turns) if turn["session_id"] == session]
        follow_ups = [turn["user"] for turn in turns[1:]] + [""]
        for turn, follow_up in zip(turns, follow_ups, strict=True):
            vote, why = judge.verdict(
                user=turn["user"], response=turn["response"], follow_up=follow_up
            )
            turn |= {
                "outcome": {-1: "failed", 0: "neutral", 1: "passed"}[vote],
                "rationales": [why],
                "follow_up": follow_up,
            }
        if self.does_evolve:
            self._evolve([turn for turn in turns if turn["outcome"] == "failed"])

    def _evolve(self, failed: list[Json]) -> None:
        failures = [{**turn, "turn_id": turn["id"]} for turn in failed]
        while failures:
            draft = evolver.evolve({"failures": failures})
            evidence = [f for f in failures if f["id"] in draft["evidence_ids"]]
            failures = [f for f in failures if f not in evidence]
            waiting = (p for p in self.proposals.values() if p["slug"] == draft["name"])
            proposal = next(waiting, None) or self.add_proposal(draft["name"], draft["body"])
            proposal["evidence"] += [
                {"turn_id": each["id"], "user_text": each["user"]} for each in evidence
            ]

    def add_proposal(self, slug: str, text: str) -> Json:
        proposal = {
            "id": str(uuid4()),
            "slug": slug,
            "status": "pending",
            "text": text,
            "evidence": [],
        }
        self.proposals[proposal["id"]] = proposal
        return proposal

    def _rest(
        self, method: str, path: str, query: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any]:
        if path in ("/healthz", "/readyz", "/api/v1/session/"):
            return 200, {"user": None, "tenants": []}
        if path == "/v1/models":
            return 200, {"data": [{"id": "practice-1"}]}
        if headers.get("authorization") != f"Bearer {ADMIN_KEY}":
            return 401, {"code": "not_authenticated", "detail": "This key is not valid."}
        if not path.startswith("/api/v1/t/main/"):
            return 404, {"code": "not_found", "detail": "Not found."}
        parts = path.removeprefix("/api/v1/t/main/").strip("/").split("/")
        if parts[0] == "proposals":
            return self._review(parts[1:], query, body)
        return self._read(method, parts, query, body)

    def _read(self, method: str, parts: list[str], query: str, body: bytes) -> tuple[int, Any]:
        match method, *parts:
            case "GET", "overview":
                return 200, self._overview()
            case "GET", "settings":
                return 200, {"mode": self.mode}
            case "GET", "turns":
                return 200, _page(self._visible_turns(), query)
            case "POST", "skills", "import":
                self.uploads.append(body)
                return 200, {"created": ["one", "two"], "revised": [], "unchanged": ["three"]}
            case "GET", "skills", "export":
                return 200, b"PK-zip"
            case "GET", "skills", slug if slug in self.skills:
                return 200, self.skills[slug]
        return 404, {"code": "not_found", "detail": "Not found."}

    def _visible_turns(self) -> list[Json]:
        if not self.late_scores:
            return self.turns
        self.late_scores -= 1
        return [{**turn, "outcome": "unscored"} for turn in self.turns]

    def _review(self, parts: list[str], query: str, body: bytes) -> tuple[int, Any]:
        match parts:
            case []:
                return 200, _page([self._proposal(p) for p in self.proposals.values()], query)
            case [proposal_id]:
                return 200, self._proposal(self.proposals[proposal_id])
            case [proposal_id, "approve"]:
                return self._approve(self.proposals[proposal_id], json.loads(body)["sha256"])
        return 404, {"code": "not_found", "detail": "Not found."}

    def _overview(self) -> Json:
        serving = {
            "upstream": "Practice",
            "kind": self.kind,
            "model": "practice-1",
            "is_simulated": self.is_simulated,
        }
        return {
            "serving": serving,
            "turns": {"total_24h": len(self.turns)},
            "skills": {"live": len(self.skills)},
            "review": {"pending": len(self.proposals)},
        }

    def _proposal(self, proposal: Json) -> Json:
        return {
            **proposal,
            "sha256": sha256_of(proposal["text"]),
            "evidence_count": len(proposal["evidence"]),
            "may_decide": self.may_decide,
            "blocked_reason": None if self.may_decide else "Your role may not decide.",
        }

    def _approve(self, proposal: Json, sha256: str) -> tuple[int, Json]:
        if self.changes_on_approve:
            self.changes_on_approve -= 1
            proposal["text"] += "- One more thing.\n"
        if self.is_base_stale:
            return 409, {"code": "proposal_stale", "detail": "The skill itself changed."}
        if sha256 != sha256_of(proposal["text"]):
            return 409, {"code": "proposal_changed", "detail": "The text changed."}
        proposal["status"] = "approved"
        slug = proposal["slug"]
        self.skills[slug] = {
            "slug": slug,
            "status": "live",
            "version": 1,
            "tokens": 100,
            "text": proposal["text"],
        }
        return 200, self._proposal(proposal)


def _page(rows: list[Json], query: str) -> Json:
    """Pages of ten, however many were asked for: a client has to follow the cursor."""
    at = int(dict(p.split("=") for p in query.split("&")).get("cursor", 0)) if query else 0
    after = str(at + 10) if len(rows) > at + 10 else None
    return {"results": rows[at : at + 10], "next": after}


def _with_skills(path: str, request: Json, skills: list[Json]) -> Json:
    block = "\n".join(f"## {skill['slug']}\n{skill['text']}" for skill in skills)
    block = f"\n<metaclaw_skills>\n{block}\n</metaclaw_skills>"
    if not skills:
        return request
    if path == "/v1/messages":
        return {**request, "system": request.get("system", "") + block}
    return {**request, "messages": [{"role": "system", "content": block}, *request["messages"]]}


async def _ask_practice(scope: Any, request: Json) -> list[Json]:
    """Everything the practice model sends back for ``request``."""
    sent: list[Json] = []
    queue = [{"type": "http.request", "body": json.dumps(request).encode()}]

    async def receive() -> Json:
        if queue:
            return queue.pop()
        # Nobody leaves: wait until the other side stops asking.
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Json) -> None:
        sent.append(message)

    await _practice(scope, receive, send)
    return sent


def _answer_text(body: str, *, is_stream: bool) -> str:
    if not is_stream:
        answer = json.loads(body)
        if "content" in answer:
            return "".join(part["text"] for part in answer["content"])
        return answer["choices"][0]["message"]["content"]
    pieces = []
    for line in body.splitlines():
        if line.startswith("data: {"):
            event = json.loads(line.removeprefix("data: "))
            choices = event.get("choices") or [{}]
            delta = event.get("delta") or choices[0].get("delta") or {}
            pieces.append(delta.get("text") or delta.get("content") or "")
    return "".join(pieces)


async def _read(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _respond(send: Any, status: int, content: bytes) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
