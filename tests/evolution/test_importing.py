"""Skills that other tools wrote: proposals, once each, and never live by themselves."""

import io
import zipfile

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.models import Proposal
from apps.skills.models import Skill
from apps.tenants.types import SYSTEM
from tests.factories import make_doc, make_proposal, make_run, make_skill

# As such tools write it: keys and a category of their own.
FOREIGN = """---
name: arc-cite-sources
description: Use when a paper section cites earlier work or compares results with it.
category: writing
stage: "17"
source: lessons
---

# Cite what you claim

## Steps
1. Name the source beside each claim.
2. Say what was measured there, and on which data.

## Avoid
- A list of references that no sentence points to.
"""


def send(client, tenant, text, file_name="SKILL.md", **fields):
    file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    file.name = file_name
    url = f"/api/v1/t/{tenant.slug}/proposals/import/"
    return client.post(url, {"file": file} | fields, format="multipart")


def outcomes(answer):
    assert answer.status_code == 200, answer.content
    return [(one["slug"], one["outcome"]) for one in answer.json()["texts"]]


def shown(client, tenant, proposal_id):
    return client.get(f"/api/v1/t/{tenant.slug}/proposals/{proposal_id}/").json()


@pytest.mark.parametrize(
    "client, status",
    [
        ("owner_client", 200),
        ("reviewer_client", 200),
        ("admin_key_client", 200),
        ("viewer_client", 403),
        ("gateway_key_client", 403),
        ("stranger_client", 404),
    ],
)
def test_who_may_propose_from_outside(request, tenant, client, status):
    assert send(request.getfixturevalue(client), tenant, FOREIGN).status_code == status


def test_a_foreign_skill_waits_and_says_where_it_is_from(tenant, reviewer_client):
    (one,) = send(reviewer_client, tenant, FOREIGN).json()["texts"]

    proposal = shown(reviewer_client, tenant, one["proposal_id"])
    named = send(reviewer_client, tenant, make_doc().text)

    assert one["outcome"] == "proposed"
    assert (proposal["kind"], proposal["status"]) == ("create", "pending")
    assert (proposal["category"], proposal["author_model"]) == ("general", "imported: upload")
    assert (proposal["evidence_count"], proposal["evidence"]) == (0, [])
    assert {check["code"] for check in proposal["checks"]} >= {"prompt_injection", "secrets"}
    assert outcomes(named) == [("iso-dates", "proposed")]
    with tenant_tx(tenant.id):
        assert not Skill.objects.for_tenant(tenant.id).exists()


def test_the_same_text_is_proposed_once_whatever_became_of_it(tenant, reviewer_client):
    first = send(reviewer_client, tenant, FOREIGN).json()["texts"][0]
    again = send(reviewer_client, tenant, FOREIGN.replace("\n", "\r\n"))
    url = f"/api/v1/t/{tenant.slug}/proposals/{first['proposal_id']}/reject/"
    assert reviewer_client.post(url, {"reason": "wrong"}, format="json").status_code == 200

    after = send(reviewer_client, tenant, FOREIGN)
    changed = send(reviewer_client, tenant, FOREIGN.replace("Name the", "Always name the"))

    assert outcomes(again) == outcomes(after) == [("arc-cite-sources", "known")]
    assert after.json()["texts"][0]["proposal_id"] == first["proposal_id"]
    assert outcomes(changed) == [("arc-cite-sources", "proposed")]


def test_a_rehearsal_says_what_would_become_of_each_text_and_keeps_nothing(tenant, reviewer_client):
    make_skill(tenant.id, "units")
    waiting, _ = make_proposal(tenant.id, slug="iso-dates")
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w") as archive:
        archive.writestr("a/SKILL.md", FOREIGN)
        archive.writestr("c/SKILL.md", make_doc("units").text)
        archive.writestr("d/SKILL.md", make_doc(body="# Dates\n\n1. ISO only.").text)

    texts = send(reviewer_client, tenant, blob.getvalue(), "a.zip", dry_run="true").json()["texts"]

    assert [(one["slug"], one["outcome"], one["proposal_id"]) for one in texts] == [
        ("arc-cite-sources", "proposed", None),
        ("units", "unchanged", None),
        ("iso-dates", "waiting", str(waiting.id)),
    ]
    with tenant_tx(tenant.id):
        assert [one.id for one in Proposal.objects.for_tenant(tenant.id)] == [waiting.id]
    assert outcomes(send(reviewer_client, tenant, FOREIGN)) == [("arc-cite-sources", "proposed")]


def test_a_text_stays_outside_while_a_reviewer_reads_another(tenant, reviewer_client):
    proposal, _ = make_proposal(tenant.id)

    answer = send(reviewer_client, tenant, make_doc(body="# Dates\n\n1. ISO only.").text)

    assert outcomes(answer) == [("iso-dates", "waiting")]
    assert shown(reviewer_client, tenant, proposal.id)["text"] == proposal.text


def test_what_is_live_already_is_no_proposal_and_a_change_is_a_revision(tenant, reviewer_client):
    make_skill(tenant.id)
    better = make_doc(body="# Dates\n\n## Steps\n1. Write dates as YYYY-MM-DD, always.")

    same = send(reviewer_client, tenant, make_doc().text)
    changed = send(reviewer_client, tenant, better.text)

    assert outcomes(same) == [("iso-dates", "unchanged")]
    proposal = shown(reviewer_client, tenant, changed.json()["texts"][0]["proposal_id"])
    assert (proposal["kind"], proposal["base_version"]) == ("revise", 1)


def test_an_approved_import_goes_live_as_imported(tenant, admin_client):
    one = send(admin_client, tenant, FOREIGN, name="tool").json()["texts"][0]
    proposal = shown(admin_client, tenant, one["proposal_id"])
    url = f"/api/v1/t/{tenant.slug}/proposals/{proposal['id']}/approve/"

    body = {"sha256": proposal["sha256"], "to": "all"}
    assert admin_client.post(url, body, format="json").status_code == 200

    with tenant_tx(tenant.id):
        skill = Skill.objects.for_tenant(tenant.id).select_related("live_version").get()
    assert (skill.source, skill.status) == ("imported", "live")
    assert skill.live_version.sha256 == proposal["sha256"]
    assert skill.live_version.note.startswith("imported: tool, proposal ")


@pytest.mark.parametrize("wants", ["clean_checks", "clean_and_lift"])
def test_no_policy_approves_what_came_from_outside(tenant, reviewer_client, wants):
    services.review_policy_set(tenant_id=tenant.id, actor=SYSTEM, auto_approval=wants)
    send(reviewer_client, tenant, FOREIGN)
    with tenant_tx(tenant.id):
        (proposal,) = Proposal.objects.for_tenant(tenant.id)

    run = make_run(tenant.id, services.CHECK_KIND)
    services.proposal_look(run=run, proposal_id=proposal.id, judge=lambda: None)

    found = shown(reviewer_client, tenant, proposal.id)
    assert found["status"] == "pending"
    assert {"origin": "warn"}.items() <= {c["code"]: c["level"] for c in found["checks"]}.items()


def test_a_bad_file_names_itself_and_leaves_nothing(tenant, reviewer_client):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("arc-good/SKILL.md", FOREIGN)
        packed.writestr("arc-bad/SKILL.md", "no front matter")

    answer = send(reviewer_client, tenant, out.getvalue(), file_name="skills.zip")

    assert answer.status_code == 422
    assert "arc-bad/SKILL.md" in answer.json()["fields"]["text"][0]
    listed = reviewer_client.get(f"/api/v1/t/{tenant.slug}/proposals/").json()["results"]
    assert listed == []


def test_a_name_that_hides_something_is_refused(tenant, reviewer_client):
    answer = send(reviewer_client, tenant, FOREIGN, name="a\u202eb")

    assert answer.status_code == 400


def test_a_reference_that_is_not_live_is_shown_to_the_reviewer(tenant, reviewer_client):
    make_skill(tenant.id, "units")
    text = make_doc(uses=["units", "rounding"]).text

    (one,) = send(reviewer_client, tenant, text).json()["texts"]

    checks = shown(reviewer_client, tenant, one["proposal_id"])["checks"]
    (said,) = [check for check in checks if check["code"] == "references"]
    assert (said["level"], said["message"]) == ("warn", "It uses rounding, which is not live.")
