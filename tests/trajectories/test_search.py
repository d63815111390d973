"""Turns are found by what was said in them: by words of any language, and by meaning."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.jobs.runner import job_run
from apps.trajectories import search_terms, services
from apps.trajectories.models import Turn, TurnText, TurnVector
from apps.trajectories.search_terms import search_of, tsvector_of
from apps.trajectories.selectors import searching
from apps.trajectories.services.indexing import fitted
from apps.trajectories.services.searching import fused
from tests.trajectories.test_api import ids, turns_of
from tests.trajectories.test_recording import talk

KINDS = (services.INDEX_KIND, services.MEANING_KIND)
# What a model that knows three things makes of a text.
TOPICS = ("invoice", "holiday", "database")
SAME = {"bill": "invoice", "vacation": "holiday", "postgres": "database"}


class _Embedder(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["input"]
        texts = [asked] if isinstance(asked, str) else asked
        rows = [{"index": at, "embedding": meaning(text)} for at, text in enumerate(texts)]
        body = json.dumps({"data": rows, "model": "m", "object": "list"}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def meaning(text: str) -> list[float]:
    words = [SAME.get(word, word) for word in text.lower().split()]
    return [0.01 + words.count(topic) for topic in TOPICS]


@pytest.fixture
def embedder(settings) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Embedder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.METACLAW_EMBEDDINGS_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.METACLAW_EMBEDDINGS_MODEL = "m"
    yield
    server.shutdown()
    server.server_close()


def jobs_of(tenant) -> list[Job]:
    with tenant_tx(tenant.id):
        mine = Job.objects.for_tenant(tenant.id).filter(kind__in=KINDS, status="queued")
        mine.update(run_after=now() - timedelta(seconds=1))
        return list(mine)


def index(tenant) -> None:
    """Do what the workers would do."""
    while jobs := jobs_of(tenant):
        for job in jobs:
            job_run(tenant_id=tenant.id, job_id=job.id)


def found(client, tenant, q, **query):
    answer = client.get(f"{turns_of(tenant)}search/", {"q": q, **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def names(finding, turns):
    by_id = {str(turn.id): name for name, turn in turns.items()}
    return [by_id[row["turn"]["id"]] for row in finding["results"]]


@pytest.mark.parametrize(
    "text, finds, misses",
    [
        ("Rotate the certificates", ["certificate", "CERTIFICATES", "rotate cert"], ["otate"]),
        (
            "Das Rechnungsdatum fehlt",
            ["datum", "rechnung", "rechnungen", "RECHNUNGSDATUM"],
            ["tum"],
        ),
        ("Überblick der Straße", ["uberblick", "ÜBERBLICK", "strasse"], ["ub x"]),
        ("請求書の日付を直してください", ["請求書", "日付", "請", "い"], ["日直", "付日"]),
        ("修改数据库迁移", ["数据库", "数据库 迁移"], ["据迁"]),
        ("데이터베이스를 옮긴다", ["데이터베이스", "베이스"], ["이터옮"]),
        ("Исправь дату счёта", ["дату", "счета"], ["чета"]),
        ("กรุณาแก้ไขวันที่", ["วันที่"], ["ที่วัน"]),
        ("call getUserName(order_id=4711)", ["username", "order", "id", "4711"], ["71"]),
    ],
)
def test_words_of_any_language_are_found(tenant, viewer_client, text, finds, misses):
    turn = talk(tenant, text, answer=None, status="client_aborted")
    index(tenant)

    assert {q: ids(viewer_client.get(turns_of(tenant), {"q": q})) for q in finds} == {
        q: [str(turn.id)] for q in finds
    }
    assert all(ids(viewer_client.get(turns_of(tenant), {"q": q})) == [] for q in misses)


def test_every_word_must_be_there_and_a_phrase_as_it_is_written(tenant, viewer_client):
    turn = talk(tenant, "Move the release to Friday")
    talk(tenant, "Friday is when I move house")
    index(tenant)

    for q in ("friday release", '"release to friday"', "move “the release”"):
        assert ids(viewer_client.get(turns_of(tenant), {"q": q})) == [str(turn.id)], q
    assert ids(viewer_client.get(turns_of(tenant), {"q": '"friday release"'})) == []


def test_a_turn_is_found_before_it_is_in_the_index(tenant, viewer_client):
    turn = talk(tenant, "Where is the certificate?")

    assert ids(viewer_client.get(turns_of(tenant), {"q": "certificate"})) == [str(turn.id)]
    index(tenant)
    assert ids(viewer_client.get(turns_of(tenant), {"q": "certificate"})) == [str(turn.id)]


def test_a_search_with_nothing_to_look_for_finds_nothing(tenant, viewer_client):
    talk(tenant, "…")
    index(tenant)

    assert ids(viewer_client.get(turns_of(tenant), {"q": "?!"})) == []
    assert found(viewer_client, tenant, "?!")["results"] == []


@pytest.mark.parametrize("q", ["'", "a' | 'b", "\\", "a:*", "!a & (b", "<->", "🦊"])
def test_no_search_is_read_as_anything_but_words(tenant, viewer_client, q):
    talk(tenant, "nothing of this kind")
    index(tenant)

    assert found(viewer_client, tenant, q)["results"] == []


def test_terms_of_two_workspaces_are_different_terms(tenant, other_tenant):
    ours, theirs = (tsvector_of(one.id, "certificate") for one in (tenant, other_tenant))

    assert set(ours.split()).isdisjoint(theirs.split())
    assert search_of(tenant.id, "certificate").tsquery.strip(":*'") in ours


def test_another_workspaces_turns_are_found_by_nobody_else(tenant, other_tenant, viewer_client):
    talk(other_tenant, "Where is the certificate?")
    index(other_tenant)

    assert ids(viewer_client.get(turns_of(tenant), {"q": "certificate"})) == []
    assert found(viewer_client, tenant, "certificate")["results"] == []


def test_without_an_embedder_words_decide_and_the_answer_says_so(tenant, viewer_client, settings):
    settings.METACLAW_EMBEDDINGS_URL = ""
    turn = talk(tenant, "Check the invoice")
    index(tenant)

    finding = found(viewer_client, tenant, "invoice", mode="both")

    assert [row["turn"]["id"] for row in finding["results"]] == [str(turn.id)]
    assert (finding["searched_by"], "no embedder" in finding["note"]) == ("text", True)


def test_with_the_embedder_away_words_decide(tenant, viewer_client, settings):
    settings.METACLAW_EMBEDDINGS_URL = "http://127.0.0.1:9/v1"
    talk(tenant, "Check the invoice")

    finding = found(viewer_client, tenant, "invoice", mode="meaning")

    assert (finding["searched_by"], len(finding["results"])) == ("text", 1)
    assert "does not answer" in finding["note"]


@pytest.mark.parametrize("is_large", [False, True], ids=["exact", "hnsw"])
def test_what_means_the_same_is_found(tenant, viewer_client, embedder, monkeypatch, is_large):
    if is_large:
        monkeypatch.setattr(searching, "EXACT_UP_TO", 0)
    turns = {
        "bill": talk(tenant, "where is the bill"),
        "trip": talk(tenant, "plan a vacation"),
        "both": talk(tenant, "invoice of the holiday"),
    }
    index(tenant)

    assert names(found(viewer_client, tenant, "invoice", mode="meaning"), turns) == ["bill", "both"]
    both = found(viewer_client, tenant, "holiday", mode="both")
    assert names(both, turns) == ["both", "trip"]
    assert [row["found_by"] for row in both["results"]] == [["text", "meaning"], ["meaning"]]
    assert (both["searched_by"], both["note"]) == ("both", "")


def test_filters_hold_for_a_search(tenant, viewer_client, embedder):
    turns = {
        "ours": talk(tenant, "where is the bill", agent="scribe"),
        "other": talk(tenant, "send the bill", agent="coder"),
    }
    index(tenant)

    for mode, q in (("text", "bill"), ("meaning", "invoice"), ("both", "bill")):
        finding = found(viewer_client, tenant, q, mode=mode, agent="scribe")
        assert names(finding, turns) == ["ours"], mode


def said(row):
    return "".join(
        f"[{part['text']}]" if part["is_hit"] else part["text"] for part in row["excerpt"]
    )


def test_what_was_found_is_marked_in_searches_and_in_the_list(tenant, viewer_client):
    talk(tenant, "x " * 300 + "the certificate ran out " + "y " * 300)
    index(tenant)

    (row,) = found(viewer_client, tenant, "certificate")["results"]
    (listed,) = viewer_client.get(turns_of(tenant), {"q": "certificate"}).json()["results"]

    assert said(row) == said(listed)
    assert "the [certificate] ran out" in said(listed)


def test_the_answer_is_quoted_where_the_word_stands_there(tenant, viewer_client):
    talk(
        tenant,
        "What is it?",
        answer={"role": "assistant", "content": "A certificate that ran out."},
    )
    index(tenant)

    (listed,) = viewer_client.get(turns_of(tenant), {"q": "certificate"}).json()["results"]

    assert said(listed) == "A [certificate] that ran out."


def test_what_only_means_it_shows_how_it_begins_and_marks_nothing(tenant, viewer_client, embedder):
    talk(tenant, "where is the bill")
    index(tenant)

    (row,) = found(viewer_client, tenant, "invoice", mode="meaning")["results"]

    assert said(row) == "where is the bill"


def test_a_list_without_words_quotes_nothing_and_reads_no_answers(tenant, viewer_client):
    talk(tenant, "Where is the certificate?")

    with CaptureQueriesContext(connection) as queries:
        (listed,) = viewer_client.get(turns_of(tenant)).json()["results"]

    assert listed["excerpt"] == []
    assert not [query for query in queries if "response_text" in query["sql"]]


def test_quoting_costs_no_query_for_each_turn(tenant, viewer_client):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            rows = viewer_client.get(turns_of(tenant), {"q": "certificate"}).json()["results"]
        return len(rows), len(queries)

    talk(tenant, "Where is the certificate?")
    index(tenant)
    # Noting that this session is used takes queries of its own, once a minute.
    asked()
    one = asked()
    for _ in range(3):
        talk(tenant, "Where is the certificate?")
    index(tenant)

    assert asked() == (4, one[1])


def test_a_tool_loop_has_no_vector_of_its_own(tenant, embedder):
    said = talk(tenant, "one")
    talk(tenant, "one", "re one", "two", kind="side")
    talk(tenant, " ")
    index(tenant)

    with tenant_tx(tenant.id):
        assert [v.turn_id for v in TurnVector.objects.for_tenant(tenant.id)] == [said.id]
        assert TurnText.objects.for_tenant(tenant.id).count() == 3


def test_another_model_means_new_vectors(tenant, embedder, settings):
    talk(tenant, "where is the bill")
    index(tenant)
    settings.METACLAW_EMBEDDINGS_MODEL = "another"

    services.search_sweep()
    index(tenant)

    with tenant_tx(tenant.id):
        assert [v.model for v in TurnVector.objects.for_tenant(tenant.id)] == ["another"]


def test_turns_from_before_there_was_a_search_are_indexed_by_the_sweep(tenant, viewer_client):
    old = talk(tenant, "the first certificate")
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(kind__in=KINDS).delete()
        for _ in range(2):
            talk(tenant, "newer")
    index(tenant)
    with tenant_tx(tenant.id):
        TurnText.objects.for_tenant(tenant.id).filter(turn_id=old.id).delete()

    services.search_sweep()
    index(tenant)
    services.search_sweep()

    assert jobs_of(tenant) == []
    with tenant_tx(tenant.id):
        assert TurnText.objects.for_tenant(tenant.id).count() == 3
        assert Turn.objects.for_tenant(tenant.id).filter(texts__isnull=True).count() == 0


def test_indexing_twice_changes_nothing_and_a_long_span_is_several_jobs(tenant, monkeypatch):
    monkeypatch.setattr(services.indexing, "_TURNS", 2)
    monkeypatch.setattr(services.indexing, "_BATCHES", 1)
    for number in range(5):
        talk(tenant, f"turn {number}")

    index(tenant)
    last = talk(tenant, "last")
    services.indexing.index_ask(tenant_id=tenant.id, turn_ids=[last.id], ended_at=last.finished_at)
    index(tenant)

    with tenant_tx(tenant.id):
        assert TurnText.objects.for_tenant(tenant.id).count() == 6


def test_what_is_forgotten_is_found_no_more(tenant, viewer_client, embedder):
    talk(tenant, "where is the bill")
    index(tenant)

    services.turns_forget(tenant_id=tenant.id, before=now() + timedelta(days=1))

    assert found(viewer_client, tenant, "bill", mode="both")["results"] == []
    with tenant_tx(tenant.id):
        assert not TurnText.objects.for_tenant(tenant.id).exists()
        assert not TurnVector.objects.for_tenant(tenant.id).exists()


def cosine(left, right):
    return sum(a * b for a, b in zip(left, right, strict=True))


@pytest.mark.parametrize("size", [3, 384, 1536])
def test_a_vector_of_any_size_keeps_its_cosines(size):
    one, near = [1.0 + at % 7 for at in range(size)], [1.2 + at % 7 for at in range(size)]
    far = [(-1.0) ** at for at in range(size)]

    vectors = [fitted(tuple(vector)) for vector in (one, near, far)]

    assert {len(vector) for vector in vectors} == {384}
    assert cosine(vectors[0], vectors[0]) == pytest.approx(1, abs=0.001)
    assert cosine(vectors[0], vectors[1]) > 0.95
    assert cosine(vectors[0], vectors[2]) < 0.6


def test_what_both_ways_find_comes_first_and_ties_go_to_the_newer(tenant):
    a, b, c = sorted(talk(tenant, text).id for text in "abc")

    assert fused([[a, b], [c, b]]) == [b, c, a]


@pytest.mark.parametrize("query", ["mode=both", "q=a&mode=magic", "q=a&limit=0", "q=a&limit=201"])
def test_a_search_that_makes_no_sense_is_a_400(tenant, viewer_client, query):
    assert viewer_client.get(f"{turns_of(tenant)}search/?{query}").status_code == 400


@pytest.mark.parametrize("way", ["walked", "looked up", "joined"])
def test_every_way_to_the_turns_finds_the_same(tenant, other_tenant, monkeypatch, way):
    # As if the marks of both workspaces were the same, which one in millions are.
    monkeypatch.setattr(search_terms, "_mark", lambda tenant_id: "a1b2c3")
    wanted = [talk(tenant, f"The harbour crane number {n}", agent="scribe") for n in range(3)]
    talk(tenant, "The harbour crane of another agent", agent="clerk")
    talk(tenant, "Something else altogether", agent="scribe")
    talk(other_tenant, "The harbour crane of somebody else", agent="scribe")
    index(tenant)
    index(other_tenant)
    walked, few = {"walked": (1 << 40, 0.0), "looked up": (0, 0.0), "joined": (0, 2.0)}[way]
    monkeypatch.setattr(searching, "_WALKED", walked)
    monkeypatch.setattr(searching, "_FEW", few)

    with tenant_tx(tenant.id):
        found = searching.turns_with_words(
            tenant_id=tenant.id,
            search=search_of(tenant.id, "harbour crane"),
            filters=searching.TurnFilters(agent="scribe"),
            limit=2,
        )

    assert found == [turn.id for turn in reversed(wanted)][:2]


def test_indexing_waits_while_the_recorder_works_off_a_backlog(tenant, viewer_client):
    late = now() - timedelta(minutes=3)
    turn = talk(tenant, "The harbour crane", started_at=late, finished_at=late)

    for job in jobs_of(tenant):
        job_run(tenant_id=tenant.id, job_id=job.id)

    with tenant_tx(tenant.id):
        assert not TurnText.objects.for_tenant(tenant.id).exists()
        (waiting,) = Job.objects.for_tenant(tenant.id).filter(
            kind=services.INDEX_KIND, status="queued"
        )
        # The last one was stored a while ago: whoever stored it has caught up.
        Turn.objects.for_tenant(tenant.id).filter(id=turn.id).update(
            recorded_at=now() - timedelta(seconds=30)
        )
    assert waiting.run_after > now() + timedelta(seconds=10)
    index(tenant)

    with tenant_tx(tenant.id):
        assert TurnText.objects.for_tenant(tenant.id).count() == 1
