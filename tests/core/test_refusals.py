"""What is refused is told in the language of whoever reads it."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.errors import Conflict
from apps.core.guard import AddressRefused, check_url
from apps.core.http import answer_error
from apps.core.said import Said, say
from apps.tenants.models import Tenant
from tests.refusals import codes_in

CHINESE = {"headers": {"accept-language": "zh-Hans"}}


def asked(client: APIClient, tenant: Tenant, path: str, body: object, **how: Any) -> Any:
    return client.post(f"/api/v1/t/{tenant.slug}/{path}/", body, format="json", **how).json()


@pytest.mark.parametrize(
    "how, said",
    [
        ({}, "This field is required."),
        ({"headers": {"accept-language": "en"}}, "This field is required."),
        # A language that the console does not speak.
        ({"headers": {"accept-language": "fr"}}, "This field is required."),
        (CHINESE, "该字段是必填项。"),
    ],
)
def test_the_framework_says_it_in_the_language_that_was_asked_for(
    tenant: Tenant, admin_client: APIClient, how: Any, said: str
) -> None:
    answer = asked(admin_client, tenant, "keys", {"scopes": ["read"]}, **how)

    assert answer["fields"] == {"name": [said]}
    assert answer["fields_said"] == {"name": [[]]}


@pytest.mark.parametrize("how", [{}, CHINESE])
def test_what_we_say_of_a_field_comes_in_english_and_as_codes(
    tenant: Tenant, admin_client: APIClient, how: Any
) -> None:
    body = {"name": "é", "mode": "auto"}

    answer = asked(admin_client, tenant, "agents", body, **how)

    assert answer["detail"] == "Some fields are not valid."
    assert answer["detail_said"] == [{"code": "fields_unfit", "values": {}}]
    assert answer["fields"]["name"][0].startswith("An agent's name has letters without accents")
    assert codes_in(answer["fields_said"]["name"]) == ["agent_name"]


def test_a_service_blames_a_field_with_the_values_of_its_sentence(
    tenant: Tenant, admin_client: APIClient
) -> None:
    body = {"name": "Own", "kind": "openai", "base_url": "https://<resource>.example.com"}

    answer = asked(admin_client, tenant, "upstreams", body)

    told = [{"code": "url_template", "values": {"text": "<resource>"}}]
    assert answer["detail_said"] == told
    assert answer["fields_said"] == {"base_url": [told]}


def test_an_exception_keeps_the_sentences_that_it_was_raised_with() -> None:
    with pytest.raises(AddressRefused) as caught:
        check_url("https://key@example.com")

    text: str = str(caught.value)

    assert isinstance(text, Said)
    assert [sentence["code"] for sentence in text.sentences] == ["url_key"]
    assert text == "Put the key into the key field, not into the URL."


def test_a_refusal_without_sentences_is_its_english_alone() -> None:
    plain = answer_error(Conflict("No."), {})
    said = answer_error(Conflict(say("no", "No.")), {})

    assert plain is not None
    assert said is not None
    assert plain.data == {"code": "conflict", "detail": "No."}
    assert said.data == plain.data | {"detail_said": ({"code": "no", "values": {}},)}
