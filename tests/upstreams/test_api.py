import pytest

from tests.factories import make_upstream
from tests.upstreams.provider import Provider, running

KEY = "sk-provider-secret-0001"
BODY = {
    "name": "provider",
    "kind": "openai",
    "base_url": "https://models.example.com/v1",
    "api_key": KEY,
    "model": "model-1",
}


def upstreams_of(tenant):
    return f"/api/v1/t/{tenant.slug}/upstreams/"


@pytest.mark.parametrize(
    "client, get_status, post_status",
    [
        ("owner_client", 200, 201),
        ("admin_key_client", 200, 201),
        ("reviewer_client", 200, 403),
        ("viewer_client", 200, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_see_and_add_providers(request, tenant, client, get_status, post_status):
    client = request.getfixturevalue(client)

    assert client.get(upstreams_of(tenant)).status_code == get_status
    assert client.post(upstreams_of(tenant), BODY, format="json").status_code == post_status


def test_no_answer_ever_holds_the_key(tenant, admin_client):
    made = admin_client.post(upstreams_of(tenant), BODY, format="json")
    one = f"{upstreams_of(tenant)}{made.json()['id']}/"

    answers = [
        made,
        admin_client.get(upstreams_of(tenant)),
        admin_client.get(one),
        admin_client.patch(one, {"model": "model-2"}, format="json"),
        admin_client.patch(one, {"base_url": "https://evil.example.com"}, format="json"),
        admin_client.get(f"/api/v1/t/{tenant.slug}/overview/"),
    ]

    for answer in answers:
        assert KEY not in answer.content.decode()
        assert "sealed" not in answer.content.decode()
    assert (made.json()["has_key"], made.json()["key_last4"]) == (True, "0001")


def test_a_new_origin_needs_the_key_again(tenant, admin_client):
    row = make_upstream(tenant.id)

    answer = admin_client.patch(
        f"{upstreams_of(tenant)}{row.id}/", {"base_url": "http://127.0.0.1:10/v1"}, format="json"
    )

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["api_key"])


@pytest.mark.parametrize(
    "base_url",
    ["http://169.254.169.254/v1", "ftp://models.example.com", "https://key@a.example", "nonsense"],
)
def test_an_address_that_must_not_be_called_is_refused_when_it_is_saved(
    tenant, admin_client, base_url
):
    answer = admin_client.post(upstreams_of(tenant), BODY | {"base_url": base_url}, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["base_url"])


@pytest.mark.parametrize(
    "change", [{"kind": "practice"}, {"uses": ["everything"]}, {"name": ""}, {"model": ["a"]}]
)
def test_a_bad_field_is_named(tenant, admin_client, change):
    answer = admin_client.post(upstreams_of(tenant), BODY | change, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(change))


def test_the_serving_provider_cannot_be_removed(tenant, admin_client):
    row = make_upstream(tenant.id)

    answer = admin_client.delete(f"{upstreams_of(tenant)}{row.id}/")

    assert (answer.status_code, answer.json()["code"]) == (409, "upstream_in_use")


def try_out(tenant, client, base_url):
    row = make_upstream(tenant.id, base_url=base_url)
    return client.post(f"{upstreams_of(tenant)}{row.id}/test/").json()


def test_a_connection_test_lists_the_models_of_the_provider(tenant, admin_client):
    with running(Provider(body={"data": [{"id": "m-1"}, {"id": "m-2"}, {}, "m-3"]})) as provider:
        result = try_out(tenant, admin_client, provider.url)

    assert (result["ok"], result["http_status"], result["models"]) == (True, 200, ["m-1", "m-2"])
    ((path, headers),) = provider.calls
    assert (path, headers["authorization"]) == ("/v1/models", f"Bearer {KEY}")


@pytest.mark.parametrize(
    "provider, status, words",
    [
        (Provider(401, {"error": KEY}), 401, "refused the key"),
        (Provider(403, {}), 403, "refused the key"),
        (Provider(404, {}), 404, "base URL"),
        (Provider(429, {}), 429, "answered 429"),
        (Provider(503, {}), 503, "answered 503"),
        (Provider(200, b"<html>"), 200, "list of models"),
        (Provider(200, []), 200, "list of models"),
        (Provider(200, {"data": None}), 200, "list of models"),
        (Provider(200, b"[" * 100_000), 200, "list of models"),
        (Provider(200, {"data": 7}), 200, "list of models"),
        (Provider(200, b"\xff\xfe"), 200, "list of models"),
        (Provider(302, b"", location="http://127.0.0.1:9/elsewhere"), 302, "answered 302"),
    ],
    ids=lambda value: str(getattr(value, "body", value))[:20],
)
def test_what_a_provider_answers_becomes_a_sentence(tenant, admin_client, provider, status, words):
    with running(provider):
        result = try_out(tenant, admin_client, provider.url)

    assert (result["ok"], result["http_status"]) == (False, status)
    assert result["detail"]
    assert words in result["detail"]
    assert KEY not in result["detail"]
    assert len(provider.calls) == 1  # a redirect is not followed


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:9/v1", "https://no-such-host.invalid/v1"])
def test_an_address_where_nobody_answers_becomes_a_sentence(tenant, admin_client, base_url):
    result = try_out(tenant, admin_client, base_url)

    assert (result["ok"], result["http_status"], result["models"]) == (False, 0, [])
    assert result["detail"]


@pytest.mark.parametrize("key", ["sk-ключ-от-провайдера", "sk-two\nlines-of-secret"])
def test_a_key_that_no_header_can_carry_becomes_a_sentence(tenant, admin_client, key):
    with running(Provider(body={"data": []})) as provider:
        row = make_upstream(tenant.id, base_url=provider.url, api_key=key)
        result = admin_client.post(f"{upstreams_of(tenant)}{row.id}/test/").json()

    assert (result["ok"], provider.calls) == (False, [])
    assert key not in result["detail"]


def test_an_address_that_became_forbidden_is_not_called(tenant, admin_client, settings):
    with running(Provider(body={"data": []})) as provider:
        row = make_upstream(tenant.id, base_url=provider.url)
        settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False
        result = admin_client.post(f"{upstreams_of(tenant)}{row.id}/test/").json()

    assert (result["ok"], provider.calls) == (False, [])
