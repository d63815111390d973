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
from apps.skills import selectors, services
from apps.skills.meaning import Meaning, Scale
from apps.skills.models import SkillEmbedding
from apps.skills.services import EMBED_KIND
from apps.skills.services.vectors import vectors_request
from apps.tenants.models import Tenant
from apps.tenants.types import SYSTEM
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


def tenant_config_version(tenant_id) -> int:
    return Tenant.objects.get(id=tenant_id).config_version


def embed_all(tenant_id) -> None:
    with tenant_tx(tenant_id):
        jobs = list(Job.objects.for_tenant(tenant_id).filter(kind=EMBED_KIND, status="queued"))
    for job in jobs:
        job_run(tenant_id=tenant_id, job_id=job.id)


def vectors_of(tenant_id) -> list[SkillEmbedding]:
    with tenant_tx(tenant_id):
        return list(SkillEmbedding.objects.for_tenant(tenant_id))


def test_a_published_skill_gets_its_vector(tenant):
    make_skill(tenant.id)

    embed_all(tenant.id)

    (row,) = vectors_of(tenant.id)
    assert (row.model, [round(float(x), 3) for x in row.vector]) == (
        selectors.vector_model(),
        [0.6, 0.8],
    )


def test_many_skills_are_one_job_and_one_change_of_the_configuration(tenant):
    for number in range(10):
        make_skill(tenant.id, slug=f"skill-{number}")
    before = tenant_config_version(tenant.id)
    with tenant_tx(tenant.id):
        assert Job.objects.for_tenant(tenant.id).filter(kind=EMBED_KIND).count() == 1

    embed_all(tenant.id)

    assert len(vectors_of(tenant.id)) == 10
    # Eight at a time.
    assert tenant_config_version(tenant.id) - before == 2


def test_running_twice_makes_no_second_vector(tenant):
    make_skill(tenant.id)
    embed_all(tenant.id)
    vectors_request(tenant.id)

    embed_all(tenant.id)

    assert len(vectors_of(tenant.id)) == 1


def test_skills_from_before_the_endpoint_get_their_vectors_from_the_sweep(tenant, settings):
    url, settings.METACLAW_EMBEDDINGS_URL = settings.METACLAW_EMBEDDINGS_URL, ""
    make_skill(tenant.id)
    services.vectors_sweep()
    with tenant_tx(tenant.id):
        assert not Job.objects.for_tenant(tenant.id).filter(kind=EMBED_KIND).exists()
    settings.METACLAW_EMBEDDINGS_URL = url

    services.vectors_sweep()
    embed_all(tenant.id)

    assert len(vectors_of(tenant.id)) == 1
    assert tenant.id not in selectors.tenants_without_vectors()


def test_another_model_means_new_vectors(tenant, settings):
    make_skill(tenant.id)
    embed_all(tenant.id)
    settings.METACLAW_EMBEDDINGS_MODEL = "another"

    services.vectors_sweep()
    embed_all(tenant.id)

    assert {row.model.partition("#")[0] for row in vectors_of(tenant.id)} == {"m", "another"}
    with tenant_tx(tenant.id):
        assert len(selectors.library_get(tenant_id=tenant.id).vectors) == 1


def test_a_retired_skill_needs_no_vector(tenant):
    skill = make_skill(tenant.id)
    services.skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug=skill.slug)

    embed_all(tenant.id)

    assert vectors_of(tenant.id) == []


NEAR = Meaning((0.6, 0.8), 0.2, Scale())
FAR = Meaning((0.8, -0.6), 0.2, Scale())


def inject_for(snapshot, conversation, meaning):
    raw = b'{"model":"m","messages":[{"role":"user","content":"Bitte sag mir wann."}]}'
    asked = read(OPENAI, {b"x-session-id": b"s"}, raw)
    return inject(asked, snapshot, snapshot.config.of_agent(""), conversation, meaning)


def conversation_of(tenant_id):
    raw = b'{"model":"m","messages":[{"role":"user","content":"Bitte sag mir wann."}]}'
    asked = read(OPENAI, {b"x-session-id": b"s"}, raw)
    return asyncio.run(Sessions(SharedMemory()).resolve(tenant_id, asked, tenant_id))


@pytest.mark.parametrize("meaning, carried", [(NEAR, 1), (FAR, 0), (None, 0)])
def test_a_request_finds_a_skill_by_meaning_where_words_find_none(tenant, meaning, carried):
    make_skill(tenant.id)
    embed_all(tenant.id)

    injection = inject_for(load(tenant.id), conversation_of(tenant.id), meaning)

    assert len(injection.skills) == carried


def test_a_meaning_that_came_too_late_counts_for_the_next_request(tenant):
    make_skill(tenant.id)
    embed_all(tenant.id)
    snapshot, conversation = load(tenant.id), conversation_of(tenant.id)

    assert inject_for(snapshot, conversation, None).skills == []
    assert len(inject_for(snapshot, conversation, NEAR).skills) == 1
