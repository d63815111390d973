"""Limits over REST say whose they are."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.tenants.services import key_create
from apps.tenants.types import SYSTEM


def test_a_limit_of_a_key_goes_by_the_name_of_the_key(
    tenant, admin_client, django_assert_num_queries
):
    url = f"/api/v1/t/{tenant.slug}/limits/"
    for name in ("ci", "support"):
        row, _ = key_create(tenant_id=tenant.id, actor=SYSTEM, name=name, scopes=["gateway"])
        body = {"scope": "key", "subject": str(row.id), "day_micros": 5}
        made = admin_client.post(url, body, format="json")
        assert (made.status_code, made.json()["subject_name"]) == (201, name)
    admin_client.post(url, {"scope": "agent", "subject": "coder", "day_micros": 5}, format="json")
    admin_client.post(url, {"scope": "tenant", "requests_per_minute": 5}, format="json")

    with CaptureQueriesContext(connection) as one:
        admin_client.get(f"{url}?limit=1")
    with django_assert_num_queries(len(one)):
        listed = admin_client.get(url).json()["results"]
    now = admin_client.get(f"/api/v1/t/{tenant.slug}/usage/now/").json()["results"]

    assert sorted(row["subject_name"] for row in listed) == ["", "ci", "coder", "support"]
    assert sorted(row["limit"]["subject_name"] for row in now) == ["ci", "coder", "support"]
