"""Exports over REST: who may ask, who may take, and what is noted."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.exports.api.download import FileDownload
from apps.exports.container.checking import verify
from apps.exports.container.signing import keys_in
from apps.exports.models import Export
from apps.exports.services.disk import archive_path
from apps.tenants.models import AuditEvent
from tests.conftest import client_of, client_with_key, member_of
from tests.exports.reading import finished, lines_of
from tests.factories import make_export, make_turn

ASKED = {"redaction": "secrets", "filters": {"outcome": "failed"}}


@pytest.fixture
def url(tenant) -> str:
    return f"/api/v1/t/{tenant.slug}/exports/"


@pytest.fixture
def member_client(tenant):
    return client_of(member_of(tenant, "member"))


def taken(client, url: str) -> int:
    """Take the file; answers with the status."""
    answer = client.get(f"{url}download/")
    # Read to its end, which closes the file.
    assert b"".join(answer)
    return answer.status_code


def test_from_asking_to_checking_what_was_taken(tenant, url, member_client, tmp_path):
    turn = make_turn(tenant.id, score=-1)
    make_turn(tenant.id, score=1)

    asked = member_client.post(url, ASKED, format="json")
    with tenant_tx(tenant.id):
        export = finished(Export.objects.for_tenant(tenant.id).get())
    shown = member_client.get(f"{url}{export.id}/").json()
    answer = member_client.get(f"{url}{export.id}/download/")
    path = tmp_path / "taken.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    keys = member_client.get(f"{url}keys/").json()["results"]

    assert (asked.status_code, asked.json()["status"]) == (202, "running")
    assert (shown["status"], shown["rows"], shown["filters"]) == ("ready", 1, ASKED["filters"])
    assert verify(path, keys_in("".join(key["pem"] for key in keys))).is_whole
    assert answer["X-MetaClaw-SHA256"] == shown["sha256"]
    assert int(answer["Content-Length"]) == shown["bytes"] == path.stat().st_size
    assert [line["id"] for line in lines_of(path)] == [str(turn.id)]
    with tenant_tx(tenant.id):
        event = AuditEvent.objects.for_tenant(tenant.id).order_by("-sequence").first()
        assert (event.action, event.subject) == ("export.downloaded", str(export.id))


async def test_a_file_is_sent_piece_by_piece(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b"x" * 100_000)
    answer = FileDownload(path.open("rb"))

    pieces = [piece async for piece in answer]
    answer.close()

    assert b"".join(pieces) == path.read_bytes()
    assert len(pieces) > 1


@pytest.mark.parametrize(
    "role, kind, status",
    [
        ("viewer", "turns", 403),
        ("member", "turns", 202),
        ("reviewer", "workspace", 403),
        ("admin", "workspace", 202),
    ],
)
def test_who_may_ask(tenant, url, role, kind, status):
    client = client_of(member_of(tenant, role))

    assert client.post(url, ASKED | {"kind": kind}, format="json").status_code == status


@pytest.mark.parametrize("scopes, status", [(["read"], 403), (["review"], 200), (["admin"], 200)])
def test_which_keys_may_take(tenant, url, scopes, status):
    export = finished(make_export(tenant.id))

    client = client_with_key(tenant.id, *scopes)

    assert taken(client, f"{url}{export.id}/") == status


def test_a_member_cannot_take_what_an_admin_asked_for(tenant, url, member_client, admin_client):
    export = finished(make_export(tenant.id, kind="workspace"))

    assert taken(member_client, f"{url}{export.id}/") == 403
    assert member_client.delete(f"{url}{export.id}/").status_code == 403
    assert taken(admin_client, f"{url}{export.id}/") == 200


def test_what_is_not_ready_cannot_be_taken(tenant, url, member_client):
    export = make_export(tenant.id)
    early = member_client.get(f"{url}{export.id}/download/")
    finished(export)
    removed = member_client.delete(f"{url}{export.id}/")
    late = member_client.get(f"{url}{export.id}/download/")

    assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
    assert removed.json()["status"] == "removed"
    assert late.status_code == 409
    assert not archive_path(tenant.id, export.id).exists()


@pytest.mark.parametrize(
    "body, field",
    [
        ({}, "redaction"),
        ({"redaction": "some"}, "redaction"),
        (ASKED | {"filters": {"outcome": "odd"}}, "filters"),
        (ASKED | {"kind": "workspace", "encoding": "parquet"}, "encoding"),
    ],
)
def test_what_cannot_be_exported_is_refused(url, admin_client, body, field):
    answer = admin_client.post(url, body, format="json")

    assert answer.status_code in (400, 422)
    assert field in answer.json()["fields"]
