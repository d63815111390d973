"""A team decides: who may, how many, who reads right now; and no text is live without them."""

from datetime import timedelta
from time import time
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.models import Proposal, Review, ReviewLease
from apps.evolution.services import review_policy_set
from apps.skills.models import Skill
from apps.skills.services import skill_activate, skill_publish, skill_retire, trial_start
from apps.tenants.models import AuditEvent, Membership, User
from apps.tenants.types import SYSTEM
from tests.conftest import client_of, client_with_key, member_of
from tests.factories import make_doc, make_proposal

BETTER = make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always.").text
OTHER = make_doc(body="# Dates\n\n## Steps\n\n1. Write every date in the ISO form.").text


class Team:
    """Some members of a workspace, and what they do to its one proposal."""

    def __init__(self, tenant, **policy):
        self.tenant = tenant
        review_policy_set(tenant_id=tenant.id, actor=SYSTEM, **policy)
        self.proposal, _ = make_proposal(tenant.id)
        self.url = f"/api/v1/t/{tenant.slug}/proposals/{self.proposal.id}/"
        self.users: dict[str, User] = {}

    def member(self, name: str, role: str = "reviewer") -> APIClient:
        user = member_of(self.tenant, role)
        user.name = name
        user.save()
        self.users[name] = user
        return client_of(user)

    def read(self, client):
        return client.get(self.url).json()

    def approve(self, client, sha256=None, **more):
        body = {"sha256": sha256 or self.read(client)["sha256"], "to": "all"} | more
        return client.post(f"{self.url}approve/", body, format="json")

    def edit(self, client, text=BETTER, **more):
        body = {"text": text, "sha256": self.read(client)["sha256"]} | more
        return client.patch(self.url, body, format="json")

    def do(self, client, verb, **body):
        return client.post(f"{self.url}{verb}/", body, format="json")

    def live_sha(self):
        with tenant_tx(self.tenant.id):
            skills = Skill.objects.for_tenant(self.tenant.id).filter(status="live")
            return skills.values_list("live_version__sha256", flat=True).first()


def refused(answer):
    return answer.status_code, answer.json()["code"]


def test_two_members_have_to_approve_the_same_text(tenant):
    team = Team(tenant, quorum=2)
    ada, ben = team.member("Ada"), team.member("Ben")

    first = team.approve(ada)
    again = team.approve(ada)

    assert first.json()["approvals"] == {"needed": 2, "missing": 1, "by": ["Ada"]}
    assert again.json()["approvals"] == first.json()["approvals"]
    assert (first.json()["status"], team.live_sha()) == ("pending", None)

    last = team.approve(ben)

    assert (last.json()["status"], last.json()["approvals"]["missing"]) == ("approved", 0)
    assert team.live_sha() == team.proposal.sha256
    with tenant_tx(tenant.id):
        noted = AuditEvent.objects.for_tenant(tenant.id).filter(action="proposal.approved")
        details = list(noted.order_by("sequence").values_list("actor_label", "detail"))
    assert details == [("Ada", "1 of 2"), ("Ben", "2 of 2")]


def test_an_edit_begins_the_counting_anew_even_if_the_text_comes_back(tenant):
    team = Team(tenant, quorum=2, self_approval="allowed")
    ada, ben = team.member("Ada"), team.member("Ben")
    text = team.read(ada)["text"]
    team.approve(ada)

    edited = team.edit(ben)
    back = team.edit(ben, text)

    assert edited.json()["approvals"] == {"needed": 2, "missing": 2, "by": []}
    assert back.json()["sha256"] == team.proposal.sha256
    assert back.json()["approvals"]["missing"] == 2
    assert team.approve(ben).json()["status"] == "pending"
    assert team.approve(ada).json()["status"] == "approved"


def test_who_left_or_lost_the_role_does_not_count_any_more(tenant):
    team = Team(tenant, quorum=2)
    ada, ben, eve = (team.member(name) for name in ("Ada", "Ben", "Eve"))
    team.approve(ada)
    with tenant_tx(tenant.id):
        Membership.objects.for_tenant(tenant.id).filter(user=team.users["Ada"]).update(
            role="viewer"
        )

    second = team.approve(ben).json()

    assert second["approvals"] == {"needed": 2, "missing": 1, "by": ["Ben"]}
    assert team.approve(eve).json()["status"] == "approved"


def test_a_lower_quorum_holds_for_what_waits_from_the_next_approval_on(tenant):
    team = Team(tenant, quorum=3)
    ada = team.member("Ada")
    team.approve(ada)

    review_policy_set(tenant_id=tenant.id, actor=SYSTEM, quorum=1)

    assert team.read(ada)["status"] == "pending"
    assert team.approve(ada).json()["status"] == "approved"
    with tenant_tx(tenant.id):
        assert Review.objects.for_tenant(tenant.id).count() == 1


def test_a_key_is_no_second_person(tenant):
    team = Team(tenant, quorum=2)

    answer = team.approve(client_with_key(tenant.id, "read", "admin"))

    assert refused(answer) == (403, "member_needed")


def test_who_wrote_a_text_does_not_approve_it_once_somebody_else_could(tenant):
    team = Team(tenant)
    ada = team.member("Ada")
    team.edit(ada)
    assert team.read(ada)["may_approve"] is True

    ben = team.member("Ben")
    shown = team.read(ada)

    assert (shown["may_decide"], shown["may_approve"]) == (True, False)
    assert shown["approve_blocked_code"] == "self_approval_refused"
    assert refused(team.approve(ada)) == (403, "self_approval_refused")
    # It may be Ada's key.
    key = client_with_key(tenant.id, "read", "admin")
    assert refused(team.approve(key)) == (403, "member_needed")
    assert team.approve(ben).json()["status"] == "approved"


def test_who_saved_the_same_text_earlier_wrote_it_too(tenant):
    team = Team(tenant, self_approval="refused")
    ada, ben, eve = (team.member(name) for name in ("Ada", "Ben", "Eve"))
    team.edit(ada, BETTER)
    team.edit(ben, OTHER)
    team.edit(eve, BETTER)

    assert refused(team.approve(ada)) == (403, "self_approval_refused")
    assert refused(team.approve(eve)) == (403, "self_approval_refused")
    assert team.approve(ben).json()["status"] == "approved"


def test_only_the_role_that_the_policy_names_approves(tenant):
    team = Team(tenant, approve_role="admin")
    reviewer, admin = team.member("Ada"), team.member("Root", "admin")

    assert refused(team.approve(reviewer)) == (403, "approve_role_missing")
    assert team.do(reviewer, "reject", reason="wrong").status_code == 200
    assert refused(team.approve(admin)) == (409, "proposal_decided")


def test_an_approval_takes_a_password_from_a_moment_ago(tenant):
    team = Team(tenant, reauth_minutes=5)
    ada = team.member("Ada")
    fresh, stale, none = (client_of(team.users["Ada"]) for _ in range(3))
    _gave_password(fresh, team.users["Ada"], time() - 60)
    _gave_password(stale, team.users["Ada"], time() - 600)

    assert refused(team.approve(stale)) == (403, "reauthentication_needed")
    assert refused(team.approve(none)) == (403, "reauthentication_needed")
    key = client_with_key(tenant.id, "read", "admin")
    assert refused(team.approve(key)) == (403, "member_needed")
    # Turning it down takes none.
    assert team.read(ada)["may_decide"] is True
    assert team.approve(fresh).json()["status"] == "approved"


def test_signing_in_counts_as_giving_the_password(tenant, settings):
    team = Team(tenant, reauth_minutes=5)
    team.member("Ada")
    browser = APIClient()
    credentials = {"email": team.users["Ada"].email, "password": "correct horse battery"}

    signed_in = browser.post("/_allauth/browser/v1/auth/login", credentials, format="json")

    assert signed_in.status_code == 200
    assert team.approve(browser).json()["status"] == "approved"


def _gave_password(client, user, at):
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.mark.parametrize("verb", ["approve", "edit", "reject", "quarantine"])
def test_what_somebody_reads_is_decided_by_them_or_taken_over_by_an_admin(tenant, verb):
    team = Team(tenant)
    ada, ben, root = team.member("Ada"), team.member("Ben"), team.member("Root", "admin")
    assert team.do(ada, "lease").json()["lease"]["is_mine"] is True

    def act(client, **more):
        if verb == "approve":
            return team.approve(client, **more)
        if verb == "edit":
            return team.edit(client, **more)
        return team.do(client, verb, reason="wrong", **more)

    answer = act(ben)
    assert refused(answer) == (409, "lease_held")
    assert (answer.json()["holder"], answer.json()["may_take_over"]) == ("Ada", False)
    assert refused(act(ben, take_over=True)) == (409, "lease_held")
    assert refused(team.do(ben, "lease")) == (409, "lease_held")
    assert team.read(ben)["lease"]["holder"] == "Ada"
    assert refused(act(root)) == (409, "lease_held")
    assert act(root, take_over=True).status_code == 200


def test_a_lease_is_renewed_given_back_and_runs_out(tenant):
    team = Team(tenant)
    ada, ben = team.member("Ada"), team.member("Ben")
    team.do(ada, "lease")
    _until(tenant, timedelta(seconds=5))

    renewed = team.do(ada, "lease").json()["lease"]["expires_at"]
    assert renewed > (now() + timedelta(seconds=100)).isoformat()

    assert ben.delete(f"{team.url}lease/").json()["lease"]["holder"] == "Ada"
    assert ada.delete(f"{team.url}lease/").json()["lease"] is None
    team.do(ada, "lease")
    _until(tenant, timedelta(seconds=-1))
    assert team.read(ben)["lease"] is None
    assert team.do(ben, "lease").json()["lease"]["is_mine"] is True
    assert refused(team.approve(ada)) == (409, "lease_held")
    assert team.approve(ben).status_code == 200


def _until(tenant, wait):
    with tenant_tx(tenant.id):
        ReviewLease.objects.for_tenant(tenant.id).update(expires_at=now() + wait)


def test_quarantine_keeps_a_proposal_out_of_the_queue_until_an_admin_brings_it_back(tenant):
    team = Team(tenant, quorum=2)
    ada, root = team.member("Ada"), team.member("Root", "admin")
    team.approve(ada)

    kept = team.do(ada, "quarantine", reason="unsafe", comment="Who wrote that page?")

    assert kept.json()["status"] == "quarantined"
    queue = f"/api/v1/t/{tenant.slug}/proposals/"
    assert ada.get(queue).json()["results"] == []
    listed = ada.get(queue, {"status": "quarantined"}).json()["results"]
    assert [row["slug"] for row in listed] == ["iso-dates"]
    assert refused(team.approve(root)) == (409, "proposal_decided")
    assert team.do(ada, "release").status_code == 403

    back = team.do(root, "release").json()

    assert (back["status"], back["decided_at"]) == ("pending", None)
    # What was thought of it before is looked at again.
    assert back["approvals"]["missing"] == 2
    assert refused(team.do(root, "release")) == (409, "proposal_decided")


def test_two_proposals_for_one_skill_do_not_wait_at_once(tenant):
    team = Team(tenant)
    root = team.member("Root", "admin")
    team.do(root, "quarantine", reason="other")
    make_proposal(tenant.id)

    assert refused(team.do(root, "release")) == (409, "proposal_decided")


def test_the_policy_is_read_by_all_and_set_by_admins(tenant, admin_client, viewer_client):
    url = f"/api/v1/t/{tenant.slug}/review-policy/"
    wanted = {
        "approve_role": "admin",
        "quorum": 2,
        "self_approval": "refused",
        "reauth_minutes": 15,
        "auto_approval": "clean_and_lift",
        "trusted_tools": ["exec"],
        "asks_model": True,
    }

    before = viewer_client.get(url).json()
    assert viewer_client.put(url, wanted, format="json").status_code == 403
    after = admin_client.put(url, wanted, format="json").json()

    assert before == {
        "approve_role": "reviewer",
        "quorum": 1,
        "self_approval": "auto",
        "reauth_minutes": None,
        "auto_approval": "off",
        "trusted_tools": [],
        "asks_model": False,
    }
    assert after == wanted == viewer_client.get(url).json()
    with tenant_tx(tenant.id):
        noted = AuditEvent.objects.for_tenant(tenant.id).get(action="review_policy.changed")
    assert "quorum: 2" in noted.detail
    assert admin_client.put(url, {"quorum": 0}, format="json").status_code == 400


def test_the_database_lets_no_learned_text_live_that_nobody_approved(tenant):
    doc = make_doc()

    with pytest.raises(IntegrityError, match="nobody approved"), transaction.atomic():
        skill_publish(tenant_id=tenant.id, actor=SYSTEM, doc=doc, source="evolved")


def test_an_approval_of_one_text_does_not_carry_another(tenant):
    team = Team(tenant)
    ada = team.member("Ada")
    team.approve(ada)
    other = make_doc(body="# Dates\n\n## Steps\n\n1. Something nobody read.")

    with pytest.raises(IntegrityError, match="nobody approved"), transaction.atomic():
        skill_publish(tenant_id=tenant.id, actor=SYSTEM, doc=other, source="evolved")

    # What was approved may leave and come back.
    skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug="iso-dates")
    skill_activate(tenant_id=tenant.id, actor=SYSTEM, slug="iso-dates", number=1)
    assert team.live_sha() == team.proposal.sha256


def test_one_of_two_approvals_is_not_enough_for_the_database_either(tenant):
    team = Team(tenant, quorum=2)
    team.approve(team.member("Ada"))
    doc = make_doc()
    assert doc.sha256 == team.proposal.sha256

    with pytest.raises(IntegrityError, match="nobody approved"), transaction.atomic():
        skill_publish(tenant_id=tenant.id, actor=SYSTEM, doc=doc, source="evolved")


def test_whom_a_text_is_for_does_not_make_it_another_text(tenant):
    team = Team(tenant)
    ada = team.member("Ada")
    edited = team.edit(ada, make_doc(agents=["coder"]).text)
    assert edited.json()["sha256"] != make_doc().sha256

    assert team.approve(ada).json()["status"] == "approved"
    assert team.live_sha() == make_doc().sha256


def test_a_decision_cannot_be_rewritten(tenant):
    team = Team(tenant)
    team.approve(team.member("Ada"))

    with (
        tenant_tx(tenant.id),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        Review.objects.for_tenant(tenant.id).update(comment="never mind")


def test_a_stale_base_says_what_moved(tenant):
    team = Team(tenant)
    ada = team.member("Ada")
    doc = make_doc(body="# Dates\n\n## Steps\n\n1. Written meanwhile.")
    skill_publish(tenant_id=tenant.id, actor=SYSTEM, doc=doc, source="written")

    answer = team.approve(ada)

    assert refused(answer) == (409, "proposal_stale")
    assert (answer.json()["base_version"], answer.json()["live_version"]) == (None, 1)
    with tenant_tx(tenant.id):
        assert Proposal.objects.for_tenant(tenant.id).get().status == "pending"


def test_the_database_lets_nothing_go_on_trial_that_nobody_approved(tenant):
    team = Team(tenant)

    with pytest.raises(IntegrityError, match="nobody approved"), transaction.atomic():
        trial_start(
            tenant_id=tenant.id,
            actor=SYSTEM,
            doc=make_doc(),
            source="evolved",
            note="",
            trial_id=uuid4(),
            share=0.5,
        )

    assert team.live_sha() is None


def test_an_approval_to_a_canary_takes_the_same_quorum(tenant):
    team = Team(tenant, quorum=2)
    ada, ben = team.member("Ada"), team.member("Ben")

    assert team.approve(ada, to="canary").json()["status"] == "pending"
    assert team.approve(ben, to="canary").json()["status"] == "approved"

    assert team.live_sha() is None
    with tenant_tx(tenant.id):
        skill = Skill.objects.for_tenant(tenant.id).select_related("trial_version").get()
    assert skill.trial_version.sha256 == team.proposal.sha256
