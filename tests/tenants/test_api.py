import pytest

URL = "/api/v1/t/{slug}/keys/"
BODY = {"name": "ci", "scopes": ["gateway"]}


@pytest.mark.parametrize(
    "client, get_status, post_status",
    [
        ("admin_client", 200, 201),
        ("admin_key_client", 200, 201),
        ("viewer_client", 200, 403),
        ("gateway_key_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_see_and_make_keys(request, tenant, client, get_status, post_status):
    client = request.getfixturevalue(client)

    assert client.get(URL.format(slug=tenant.slug)).status_code == get_status
    answer = client.post(URL.format(slug=tenant.slug), BODY, format="json")
    assert answer.status_code == post_status
