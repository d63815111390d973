"""With an embedding endpoint, published skills get vectors and requests find them by meaning."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.jobs.runner import job_run
from apps.proxy.gateway.asking import read
from apps.proxy.gateway.dialects import OPENAI
from apps.proxy.gateway.injection import inject
from apps.proxy.gateway.memory import SharedMemory
from apps.proxy.gateway.sessions import Sessions
from apps.proxy.gateway.snapshots import load
from apps.skills.models import SkillEmbedding
from apps.skills.services import EMBED_KIND
from tests.factories import make_skill


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        rows = [{"index": i, "embedding": [0.6, 0.8]} for i, _ in enumerate(asked["input"])]
        body = json.dumps({"data": rows, "model": "m", "object": "list"}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(autouse=True)
def endpoint(settings) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.METACLAW_EMBEDDINGS_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.METACLAW_EMBEDDINGS_MODEL = "m"
    yield
    server.shutdown()
    server.server_close()


def embed_all(tenant_id) -> None:
    with tenant_tx(tenant_id):
        jobs = list(Job.objects.for_tenant(tenant_id).filter(kind=EMBED_KIND))
    for job in jobs:
        job_run(tenant_id=tenant_id, job_id=job.id)


def test_a_published_skill_gets_its_vector(tenant):
    make_skill(tenant.id)

    embed_all(tenant.id)

    with tenant_tx(tenant.id):
        (row,) = SkillEmbedding.objects.for_tenant(tenant.id)
    assert (row.model, [round(float(x), 3) for x in row.vector]) == ("m", [0.6, 0.8])


@pytest.mark.parametrize("meaning, carried", [((0.6, 0.8), 1), ((0.8, -0.6), 0), (None, 0)])
def test_a_request_finds_a_skill_by_meaning_where_words_find_none(tenant, meaning, carried):
    make_skill(tenant.id)
    embed_all(tenant.id)
    snapshot = load(tenant.id)
    raw = b'{"model":"m","messages":[{"role":"user","content":"Bitte sag mir wann."}]}'
    asked = read(OPENAI, {b"x-session-id": b"s"}, raw)
    conversation = asyncio.run(Sessions(SharedMemory()).resolve(tenant.id, asked, tenant.id))

    injection = inject(asked, snapshot, snapshot.config.of_agent(""), conversation, meaning)

    assert len(injection.skills) == carried
