"""Figures for Prometheus: for those with the token, from all workers, without tenants' words."""

import time
from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.proxy.conftest import Workspace, chat_body
from tests.proxy.running import RunningGateway

TOKEN = "the-operators-token"


def _figures(gateway: RunningGateway) -> dict[tuple[str, ...], float]:
    answer = gateway.get("/metrics", key=TOKEN)
    assert answer.status == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_request_is_counted_once_by_how_it_ended(
    new_gateway: Callable[..., RunningGateway], openai: Workspace, workers: str
) -> None:
    gateway = new_gateway(METACLAW_METRICS_TOKEN=TOKEN, METACLAW_GATEWAY_WORKERS=workers).wait()
    for model in ["ok"] * 6 + ["error:500"] * 2:
        gateway.chat(chat_body(model), key=openai.key)
    gateway.chat(b"{}", key=openai.key)
    gateway.chat(chat_body(), "completions", key=openai.key)
    time.sleep(0.2)

    found = _figures(gateway)

    total = "metaclaw_gateway_requests_total"
    assert found[total, "complete", "openai"] == 6
    assert found[total, "openai", "upstream_error"] == 2
    assert found[total, "openai", "refused_400"] == 1
    assert found[total, "completions", "refused_400"] == 1
    assert found[("metaclaw_gateway_requests_begun_total",)] == 10
    assert found[("metaclaw_gateway_held_seconds_count",)] == 8
    assert str(openai.id) not in gateway.get("/metrics", key=TOKEN).body.decode()


def test_without_the_token_there_are_no_figures(
    gateway: RunningGateway, new_gateway: Callable[..., RunningGateway], openai: Workspace
) -> None:
    guarded = new_gateway(METACLAW_METRICS_TOKEN=TOKEN).wait()

    assert gateway.get("/metrics", key=openai.key).status == 404
    assert guarded.get("/metrics", key="").status == 401
    assert guarded.get("/metrics", key=openai.key).status == 401
