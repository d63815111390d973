"""Packs over the real REST interface: verified, rehearsed, installed, exported, removed."""

import io
import json
import zipfile

import pytest

from apps.core.tenancy import tenant_tx
from apps.skills import bank
from apps.skills.models import Pack, Skill
from apps.skills.packs import MANIFEST, pack_of, read_pack, write_pack
from apps.skills.services import pack_install
from apps.tenants.types import SYSTEM
from tests.factories import make_doc, make_pack, make_skill
from tests.refusals import codes_in
from tests.skills.test_api import skills_of, upload

BETTER = "# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always."


def pack(*slugs: str, version: str = "1.0", **fields):
    return pack_of([make_doc(slug) for slug in slugs], name="house", version=version, **fields)


def changed(blob: bytes, **entries: str | None) -> bytes:
    """The archive with entries replaced, added, or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(blob)) as old:
        texts: dict[str, str | None] = {name: old.read(name).decode() for name in old.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, text in (texts | entries).items():
            if text is not None:
                new.writestr(name, text)
    return out.getvalue()


def state(tenant) -> tuple[list[str], list[tuple[str, str]]]:
    with tenant_tx(tenant.id):
        live = Skill.objects.for_tenant(tenant.id).filter(status="live").order_by("slug")
        packs = Pack.objects.for_tenant(tenant.id).order_by("name")
        return list(live.values_list("slug", flat=True)), [(p.name, p.version) for p in packs]


def remove(client, tenant, name="house"):
    return client.delete(f"{skills_of(tenant)}packs/{name}/")


def test_a_pack_is_shown_before_it_is_installed(tenant, admin_client):
    make_skill(tenant.id, "a", body=BETTER)
    blob = write_pack(pack("a", "b", licence="MIT", author="Ada"))
    file = io.BytesIO(blob)
    file.name = "house.zip"

    shown = admin_client.post(
        f"{skills_of(tenant)}import/", {"file": file, "dry_run": "true"}, format="multipart"
    ).json()
    before = state(tenant)
    done = upload(admin_client, tenant, blob).json()

    assert shown == done
    assert (done["created"], done["revised"]) == (["b"], ["a"])
    about = {"name": "house", "version": "1.0", "licence": "MIT", "author": "Ada", "requires": []}
    assert done["pack"] == about
    assert before == (["a"], [])
    assert state(tenant) == (["a", "b"], [("house", "1.0")])
    (listed,) = admin_client.get(f"{skills_of(tenant)}packs/").json()["results"]
    assert listed["skills"] == {"a": make_doc("a").sha256, "b": make_doc("b").sha256}


@pytest.mark.parametrize(
    "entries, said, code",
    [
        (
            {"general/a/SKILL.md": None},
            "general/a/SKILL.md: It is listed, but not there.",
            "pack_not_there",
        ),
        (
            {"general/c/SKILL.md": make_doc("c").text},
            "general/c/SKILL.md: It is there, but not listed.",
            "pack_not_listed",
        ),
        (
            {"general/a/SKILL.md": make_doc("a", body=BETTER).text},
            "general/a/SKILL.md: Its text is not the one that is listed.",
            "pack_other_text",
        ),
        (
            {"general/a/SKILL.md": make_doc("z").text},
            "general/a/SKILL.md: It is listed as a, but its name is z.",
            "pack_other_name",
        ),
        ({MANIFEST: "{}"}, "pack.json: name is not valid.", "pack_manifest_value"),
        ({MANIFEST: "["}, "pack.json: It is not valid.", "pack_manifest_broken"),
        ({MANIFEST: " " * 300_000}, "pack.json: It is larger than 256 KB.", "pack_manifest_large"),
    ],
)
def test_what_differs_from_the_manifest_is_said_and_nothing_installed(
    tenant, admin_client, entries, said, code
):
    answer = upload(admin_client, tenant, changed(write_pack(pack("a", "b")), **entries))

    assert answer.status_code == 422
    assert said in answer.json()["fields"]["pack"]
    place = answer.json()["fields"]["pack"].index(said)
    assert codes_in(answer.json()["fields_said"]["pack"][place]) == ["in_file", code]
    assert state(tenant) == ([], [])


def test_line_endings_and_a_folder_around_it_are_no_difference():
    made = pack("a")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"house-main/{MANIFEST}", made.manifest.text)
        text = make_doc("a").text.replace("\n", "\r\n")
        archive.writestr("house-main/general/a/SKILL.md", text)

    assert read_pack(out.getvalue()) == made


def test_a_selection_is_exported_as_a_pack_that_can_be_installed(
    tenant, admin_client, other_tenant, stranger_client
):
    for slug in ("a", "b", "c"):
        make_skill(tenant.id, slug)
    query = "?skills=a,c&pack=house&version=2.1&licence=MIT&author=Ada"

    blob = admin_client.get(f"{skills_of(tenant)}export/{query}").content
    again = admin_client.get(f"{skills_of(tenant)}export/{query}").content
    installed = upload(stranger_client, other_tenant, blob).json()

    assert blob == again
    assert installed["created"] == ["a", "c"]
    assert state(other_tenant) == (["a", "c"], [("house", "2.1")])
    unknown = admin_client.get(f"{skills_of(tenant)}export/?skills=a,nobody")
    unnamed = admin_client.get(f"{skills_of(tenant)}export/?pack=Not%20a%20name")
    assert (unknown.status_code, unnamed.status_code) == (404, 422)


def test_removing_a_pack_keeps_what_somebody_changed(tenant, admin_client):
    upload(admin_client, tenant, write_pack(pack("a", "b")))
    make_skill(tenant.id, "b", body=BETTER)

    removed = remove(admin_client, tenant)

    assert removed.json() == {"retired": ["a"], "kept": ["b"]}
    assert state(tenant) == (["b"], [])
    assert remove(admin_client, tenant).status_code == 404


def test_a_skill_of_two_packs_stays_until_both_are_gone(tenant, admin_client):
    upload(admin_client, tenant, write_pack(pack("a")))
    other = pack_of([make_doc("a")], name="other", version="1")
    upload(admin_client, tenant, write_pack(other))

    assert remove(admin_client, tenant).json() == {"retired": [], "kept": ["a"]}
    assert remove(admin_client, tenant, "other").json() == {"retired": ["a"], "kept": []}


def test_a_new_version_takes_along_what_it_has_no_more(tenant, admin_client):
    upload(admin_client, tenant, write_pack(pack("a", "b")))
    upload(admin_client, tenant, write_pack(pack("b", "c", version="2.0")))

    assert state(tenant) == (["b", "c"], [("house", "2.0")])


def test_a_pack_that_is_required_comes_first_and_goes_last(tenant, admin_client):
    needing = write_pack(pack("a", requires=["base"]))

    refused = upload(admin_client, tenant, needing)
    make_pack(tenant.id, "base")
    accepted = upload(admin_client, tenant, needing)
    kept = remove(admin_client, tenant, "base")

    assert (refused.status_code, accepted.status_code, kept.status_code) == (422, 200, 422)
    assert "base" in refused.json()["detail"]
    assert state(tenant)[1] == [("base", "1.0"), ("house", "1.0")]


@pytest.mark.parametrize(
    "client, read, write",
    [("admin_key_client", 200, 200), ("viewer_client", 200, 403), ("stranger_client", 404, 404)],
)
def test_who_may_see_and_remove_packs(request, tenant, client, read, write):
    make_pack(tenant.id, "house")
    client = request.getfixturevalue(client)

    assert client.get(f"{skills_of(tenant)}packs/").status_code == read
    assert remove(client, tenant).status_code == write


def test_the_bank_is_a_pack_like_any_other(tenant):
    pack_install(tenant_id=tenant.id, actor=SYSTEM, pack=bank.bank_pack(), source="bank")

    live, packs = state(tenant)
    written = json.loads((bank.HERE / MANIFEST).read_text())
    assert packs == [("metaclaw-bank", written["version"])]
    assert live == sorted(doc.slug for doc in bank.load_bank())
    assert read_pack(write_pack(bank.bank_pack())) == bank.bank_pack()
