"""What is known of kinds of providers: addresses, credentials, dialects, quirks."""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from openai.types.chat import ChatCompletion

from apps.core import guard
from apps.integrations.llm.client import OpenAiChat
from apps.upstreams.asking import llm_connection
from apps.upstreams.presets import BY_KIND, DIALECTS, KINDS, PRESETS
from apps.upstreams.types import UpstreamConnection
from tests.factories import make_upstream
from tests.upstreams.provider import Provider, running

AZURE = "https://r.openai.azure.com?api-version=2025-01-01"


def a_provider(kind: str = "openai", url: str = "https://a.example/v1", **fields):
    return UpstreamConnection(uuid4(), kind, kind, url, "key", "model-of-it", **fields)


def test_every_kind_the_product_speaks_of_is_there():
    wanted = {"openai", "anthropic", "kimi", "qwen", "minimax", "gemini", "openrouter"}
    wanted |= {"azure-openai", "bedrock", "vllm", "sglang", "ollama", "tinker", "tinker-policy"}

    assert set(KINDS) >= wanted
    assert "practice" not in KINDS
    assert len(BY_KIND) == len(PRESETS)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.kind)
def test_a_preset_can_be_used_as_it_is_or_says_what_is_missing(preset, settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = preset.is_private

    assert set(preset.dialects) <= set(DIALECTS)
    assert len(preset.kind) <= 20
    if preset.kind != "practice" and "<" not in preset.base_url:
        guard.check_url(preset.base_url)
    if "<" in preset.base_url:
        assert ">" in preset.base_url
        assert preset.hint


def test_no_preset_suggests_an_address_that_this_product_has_itself():
    ports = {urlsplit(preset.base_url.replace("<port>", "1")).port for preset in PRESETS}

    assert not ports & {8000, 30000, 30001}


@pytest.mark.parametrize(
    "url, path, model, address",
    [
        (
            AZURE,
            "/chat/completions",
            "my model/1",
            "https://r.openai.azure.com/openai/deployments/my%20model%2F1/chat/completions"
            "?api-version=2025-01-01",
        ),
        (
            "https://r.openai.azure.com/",
            "/embeddings",
            "e",
            "https://r.openai.azure.com/openai/deployments/e/embeddings?api-version=2024-10-21",
        ),
        (AZURE, "/models", "", "https://r.openai.azure.com/openai/models?api-version=2025-01-01"),
        (
            "https://r.openai.azure.com/openai/v1/",
            "/chat/completions",
            "m",
            "https://r.openai.azure.com/openai/v1/chat/completions",
        ),
    ],
)
def test_azure_names_the_deployment_and_the_version_in_its_addresses(url, path, model, address):
    azure = a_provider("azure-openai", url)

    assert azure.address(path, model) == address
    assert azure.credentials() == [("api-key", "key")]


@pytest.mark.parametrize("end", ["", "/", "/oai/api/v1", "/oai/api/v1/"])
@pytest.mark.parametrize("base", ["http://127.0.0.1:30003", "https://tinker.example/services/prod"])
def test_a_policy_has_the_openai_api_beneath_its_address(base, end):
    policy = a_provider("tinker-policy", base + end)

    assert policy.is_policy
    assert policy.address("/models") == f"{base}/oai/api/v1/models"
    assert llm_connection(policy).api_root == f"{base}/oai/api/v1"
    assert not a_provider("tinker", base).is_policy


def test_a_query_of_the_base_url_stays_behind_the_path():
    found = a_provider(url="https://a.example/v1?tenant=7")

    assert found.address("/chat/completions", "m") == (
        "https://a.example/v1/chat/completions?tenant=7"
    )


@pytest.mark.parametrize(
    "provider, spoken",
    [
        (a_provider(url="https://api.openai.com/v1"), {"openai", "responses"}),
        (a_provider(), {"openai"}),
        (a_provider("anthropic"), {"anthropic"}),
        (a_provider(own_dialects=("responses",)), {"responses"}),
        (a_provider("practice"), {"openai", "anthropic"}),
    ],
)
def test_what_a_provider_speaks_is_said_by_itself_or_by_its_kind(provider, spoken):
    assert {one for one in DIALECTS if provider.speaks(one)} == spoken


@pytest.mark.parametrize(
    "kind, credentials",
    [
        ("openai", [("authorization", "Bearer key")]),
        ("anthropic", [("x-api-key", "key")]),
        ("azure-openai", [("api-key", "key")]),
    ],
)
def test_the_key_is_sent_the_way_the_provider_wants_it(kind, credentials):
    assert a_provider(kind).credentials() == credentials


def test_a_provider_without_a_key_is_sent_none():
    assert UpstreamConnection(uuid4(), "n", "openai", "https://a", "", "").credentials() == []


def test_only_who_does_not_know_the_new_name_of_the_limit_gets_the_old_one():
    body = {"model": "m", "max_completion_tokens": 10, "messages": []}

    assert a_provider("ollama").fitted(body) == {"model": "m", "messages": [], "max_tokens": 10}
    assert a_provider().fitted(body) is body
    assert body["max_completion_tokens"] == 10
    assert a_provider("ollama").fitted({"model": "m"}) == {"model": "m"}


def answer(text: str = "Yes.") -> dict[str, object]:
    whole = ChatCompletion.model_validate(
        {
            "id": "c",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": text},
                }
            ],
        }
    )
    return whole.model_dump()


@pytest.mark.parametrize(
    "kind, query, path, sent, unsent",
    [
        ("openai", "", "/v1/chat/completions", ("authorization", "Bearer key"), "api-key"),
        ("anthropic", "", "/v1/chat/completions", ("authorization", "Bearer key"), "api-key"),
        (
            "azure-openai",
            "?api-version=2025-01-01",
            "/openai/deployments/model-of-it/chat/completions?api-version=2025-01-01",
            ("api-key", "key"),
            "authorization",
        ),
    ],
)
def test_judge_and_evolver_ask_where_and_how_the_provider_wants_it(kind, query, path, sent, unsent):
    with running(Provider(body=answer())) as provider:
        base = provider.url.removesuffix("/v1") + query
        model = OpenAiChat(llm_connection(a_provider(kind, base)))
        said = model.complete(system="s", user="u")

    ((asked, headers),) = provider.calls
    assert (said.text, asked) == ("Yes.", path)
    assert headers[sent[0]] == sent[1]
    assert unsent not in headers


def test_a_connection_test_asks_azure_for_its_models_with_its_own_header(tenant, admin_client):
    with running(Provider(body={"data": [{"id": "gpt"}]})) as provider:
        base = provider.url.removesuffix("/v1") + "?api-version=2025-01-01"
        row = make_upstream(tenant.id, kind="azure-openai", base_url=base)
        result = admin_client.post(f"/api/v1/t/{tenant.slug}/upstreams/{row.id}/test/").json()

    ((path, headers),) = provider.calls
    assert (result["ok"], result["models"]) == (True, ["gpt"])
    assert path == "/openai/models?api-version=2025-01-01"
    assert headers["api-key"] == "sk-provider-secret-0001"
    assert "authorization" not in headers
