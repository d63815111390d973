import pytest
from django.db import IntegrityError, connection, transaction

from apps.core.crypto import CannotUnseal
from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent, Tenant
from apps.tenants.types import SYSTEM
from apps.upstreams import selectors, services
from apps.upstreams.errors import NoUpstream, UpstreamInUse, UpstreamInvalid, UpstreamNameTaken
from apps.upstreams.models import Upstream
from apps.upstreams.types import UpstreamConnection
from tests.factories import make_upstream

KEY = "sk-provider-secret-0001"


def connect(tenant, use="serve"):
    with tenant_tx(tenant.id):
        return selectors.connection_for(tenant_id=tenant.id, use=use)


def update(tenant, row, **fields):
    return services.upstream_update(tenant_id=tenant.id, actor=SYSTEM, upstream_id=row.id, **fields)


def serving(tenant):
    with tenant_tx(tenant.id):
        rows = Upstream.objects.for_tenant(tenant.id).filter(serves=True)
        return list(rows.values_list("name", flat=True))


def test_the_key_comes_back_for_the_gateway_and_for_nobody_else(tenant):
    make_upstream(tenant.id)

    found = connect(tenant)

    assert found.api_key == KEY
    assert KEY not in repr(found)


def test_no_column_of_the_database_holds_the_key(tenant):
    make_upstream(tenant.id)

    with tenant_tx(tenant.id), connection.cursor() as cursor:
        cursor.execute("SELECT upstreams_upstream::text, sealed_key FROM upstreams_upstream")
        text, sealed = cursor.fetchone()
        cursor.execute("SELECT string_agg(tenants_auditevent::text, '') FROM tenants_auditevent")
        (noted,) = cursor.fetchone()

    assert KEY not in text
    assert KEY.encode() not in bytes(sealed)
    assert KEY not in noted


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:10/v1", "https://127.0.0.1:9/v1", "http://localhost:9/v1"]
)
def test_a_stored_key_is_not_sent_to_an_address_it_was_not_given_for(tenant, base_url):
    row = make_upstream(tenant.id)

    with pytest.raises(UpstreamInvalid) as refused:
        update(tenant, row, base_url=base_url)
    with pytest.raises(UpstreamInvalid):
        update(tenant, row, base_url=base_url, api_key="")

    assert "api_key" in refused.value.fields
    assert connect(tenant).base_url == "http://127.0.0.1:9/v1"


def test_a_new_address_with_its_own_key_is_taken(tenant):
    row = make_upstream(tenant.id)

    update(tenant, row, base_url="http://127.0.0.1:10/v1", api_key="sk-the-other-secret")

    found = connect(tenant)
    assert (found.base_url, found.api_key) == ("http://127.0.0.1:10/v1", "sk-the-other-secret")


def test_another_path_of_the_same_origin_keeps_the_key(tenant):
    row = make_upstream(tenant.id)

    update(tenant, row, base_url="http://127.0.0.1:9/openai/v1", name="renamed")

    assert connect(tenant).api_key == KEY


@pytest.mark.parametrize("moved", ["row", "origin"])
def test_a_sealed_key_moved_behind_the_services_back_does_not_open(tenant, moved):
    row = make_upstream(tenant.id)
    with tenant_tx(tenant.id):
        rows = Upstream.objects.for_tenant(tenant.id)
        if moved == "origin":
            rows.update(base_url="http://evil.example:9/v1")
        else:
            other = make_upstream(tenant.id, name="other", api_key="")
            rows.filter(id=other.id).update(sealed_key=row.sealed_key)
            rows.filter(id=row.id).delete()
            rows.filter(id=other.id).update(serves=True)

    with pytest.raises(CannotUnseal):
        connect(tenant)


def test_a_key_can_be_taken_away(tenant):
    row = make_upstream(tenant.id)

    changed = update(tenant, row, api_key="")

    assert (changed.sealed_key, changed.key_last4, connect(tenant).api_key) == (None, "", "")


@pytest.mark.parametrize("key, shown", [(KEY, "0001"), ("short-key", "")])
def test_the_end_of_a_key_is_shown_only_if_much_of_it_stays_hidden(tenant, key, shown):
    assert make_upstream(tenant.id, api_key=key).key_last4 == shown


def test_the_first_provider_serves_and_there_is_only_one_that_does(tenant):
    make_upstream(tenant.id, name="first", uses=[])
    make_upstream(tenant.id, name="second", uses=["judge"])
    after_two = serving(tenant)
    make_upstream(tenant.id, name="third", uses=["serve"])

    assert (after_two, serving(tenant)) == (["first"], ["third"])


@pytest.mark.parametrize("kind", ["tinker", "tinker-policy"])
def test_a_trainer_serves_only_where_that_is_asked_for(tenant, kind):
    practice = make_upstream(tenant.id, name="practice", kind="practice")
    make_upstream(tenant.id, name="trainer", kind=kind)
    beside = serving(tenant)
    update(tenant, practice, uses=["serve", "judge"])
    judged = connect(tenant, "judge").name
    make_upstream(tenant.id, name="asked", kind=kind, uses=["serve"])

    assert (beside, judged, serving(tenant)) == (["practice"], "practice", ["asked"])


def test_the_database_refuses_a_second_serving_provider(tenant):
    make_upstream(tenant.id, name="first")
    second = make_upstream(tenant.id, name="second")

    with pytest.raises(IntegrityError, match="upstreams_one_serves"), tenant_tx(tenant.id):
        Upstream.objects.for_tenant(tenant.id).filter(id=second.id).update(serves=True)


def test_requests_are_never_left_without_a_provider(tenant):
    row = make_upstream(tenant.id)

    with pytest.raises(UpstreamInUse):
        services.upstream_delete(tenant_id=tenant.id, actor=SYSTEM, upstream_id=row.id)
    with pytest.raises(UpstreamInUse):
        update(tenant, row, uses=["judge"])

    assert serving(tenant) == ["provider"]


def test_judge_and_evolver_use_the_serving_provider_unless_told_otherwise(tenant):
    make_upstream(tenant.id, name="serving")
    before = connect(tenant, "judge").name, connect(tenant, "evolve").name

    make_upstream(tenant.id, name="judging", uses=["judge"])

    assert before == ("serving", "serving")
    assert (connect(tenant, "judge").name, connect(tenant, "evolve").name) == ("judging", "serving")


def test_a_workspace_without_a_provider_says_so(tenant):
    with pytest.raises(NoUpstream):
        connect(tenant)


def test_a_name_is_taken_once_per_workspace(tenant, other_tenant):
    make_upstream(tenant.id)
    make_upstream(other_tenant.id)

    with pytest.raises(UpstreamNameTaken):
        make_upstream(tenant.id)


def test_every_change_reaches_the_gateways_and_the_audit_log(tenant):
    row = make_upstream(tenant.id, name="serving")
    spare = make_upstream(tenant.id, name="spare")
    before = Tenant.objects.get(id=tenant.id).config_version

    update(tenant, row, model="model-2")
    services.upstream_delete(tenant_id=tenant.id, actor=SYSTEM, upstream_id=spare.id)

    with tenant_tx(tenant.id):
        actions = AuditEvent.objects.for_tenant(tenant.id).order_by("id")
        noted = list(actions.values_list("action", "subject"))
    assert noted[2:] == [("upstream.changed", "serving"), ("upstream.deleted", "spare")]
    assert Tenant.objects.get(id=tenant.id).config_version == before + 2


@pytest.mark.parametrize(
    "kind, base_url, root",
    [
        ("openai", "https://a.example", "https://a.example/v1"),
        ("openai", "https://a.example/", "https://a.example/v1"),
        ("openai", "https://a.example/v1/", "https://a.example/v1"),
        ("openai", "https://a.example/openai/v1beta", "https://a.example/openai/v1beta"),
        ("anthropic", "https://a.example", "https://a.example/v1"),
        ("anthropic", "https://a.example/anthropic", "https://a.example/anthropic/v1"),
        ("anthropic", "https://a.example/v1", "https://a.example/v1"),
    ],
)
def test_an_address_is_completed_the_way_its_clients_do_it(kind, base_url, root):
    found = UpstreamConnection(None, "n", kind, base_url, "", "m")  # type: ignore[arg-type]

    assert found.api_root == root


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:30000/v1",
        "http://localhost:30000",
        "http://[::1]:30000/v1",
        "https://console.example.com/v1",
        "https://CONSOLE.example.com:443",
    ],
)
def test_this_installation_is_no_provider_of_its_own(tenant, settings, base_url):
    settings.METACLAW_GATEWAY_URL = "http://127.0.0.1:30000"
    settings.METACLAW_CONSOLE_URL = "https://console.example.com"
    row = make_upstream(tenant.id, name="other")

    with pytest.raises(UpstreamInvalid) as refused:
        make_upstream(tenant.id, base_url=base_url)
    with pytest.raises(UpstreamInvalid):
        update(tenant, row, base_url=base_url, api_key="sk-the-other-secret")

    assert "base_url" in refused.value.fields


def test_an_emptied_address_is_that_of_the_kind_again(tenant):
    row = make_upstream(tenant.id, kind="kimi", base_url="https://a.example/v1")

    update(tenant, row, base_url="", api_key="sk-the-other-secret")

    assert connect(tenant).base_url == "https://api.moonshot.ai/v1"


def test_nothing_is_left_of_a_refused_provider(tenant):
    with pytest.raises(UpstreamInvalid), transaction.atomic():
        make_upstream(tenant.id, base_url="http://169.254.169.254/v1")

    with tenant_tx(tenant.id):
        assert not Upstream.objects.for_tenant(tenant.id).exists()
