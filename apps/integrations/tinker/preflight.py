"""The one request that is made by hand before the SDK is: with an answer within seconds."""

from collections.abc import Sequence

import httpx2

from apps.core.said import say, together
from apps.integrations.guarded_http import guarded_client
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.failures import failure_of_status
from apps.integrations.tinker.types import Offer, TrainerConnection

_PING_SECONDS = 15.0
_KEY_MARKS = ("tml-", "eyJ")


def capabilities(connection: TrainerConnection) -> list[Offer]:
    """The base models of a trainer. Answers within seconds. Raises TrainerFailed.

    The one request that needs an address, a key and an account in order, and nothing else.
    """
    _check_key(connection.api_key)
    url = f"{connection.base_url.rstrip('/')}/api/v1/get_server_capabilities"
    try:
        with guarded_client(_PING_SECONDS) as client:
            answer = client.get(url, headers={"x-api-key": connection.api_key})
    except (httpx2.HTTPError, httpx2.InvalidURL) as exc:
        raise TrainerFailed(
            say(
                "trainer_unreachable_at",
                "The trainer at {url} cannot be reached: {why}",
                url=connection.base_url,
                why=str(exc),
            ),
            reason="unreachable",
        ) from exc
    if answer.status_code == 404:
        raise TrainerFailed(
            say(
                "trainer_no_api",
                "There is no Tinker API at {url}. Its address ends before /api/v1.",
                url=connection.base_url,
            ),
            reason="unreachable",
        )
    if answer.status_code != 200:
        raise failure_of_status(answer.status_code, answer.text[:300])
    try:
        rows = answer.json()["supported_models"]
        return [Offer(str(row["model_name"]), row.get("max_context_length")) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise TrainerFailed(
            say(
                "trainer_other_api",
                "What answers at {url} is no Tinker API.",
                url=connection.base_url,
            ),
            reason="unreachable",
        ) from exc


def model_check(offers: Sequence[Offer], base_model: str) -> int | None:
    """How many tokens a sequence of it may have, where the trainer says so. Raises TrainerFailed
    for a model that is not among the offers."""
    known = {offer.model: offer.context for offer in offers}
    if known and base_model not in known:
        listed = ", ".join(list(known)[:12])
        raise TrainerFailed(
            together(
                say(
                    "trainer_lacks_model",
                    "The trainer has no base model {model}.",
                    model=base_model,
                ),
                say("trainer_has", "It has: {listed}.", listed=listed),
            ),
            reason="unknown_model",
        )
    return known.get(base_model)


def _check_key(key: str) -> None:
    if not key:
        raise TrainerFailed(
            say("trainer_no_key", "This connection has no key. Enter one under Upstreams."),
            reason="key_missing",
        )
    if not key.startswith(_KEY_MARKS):
        raise TrainerFailed(
            say(
                "trainer_not_a_key",
                "This is no key of the Tinker API: they start with tml-."
                " Enter one under Upstreams.",
            ),
            reason="key_refused",
        )
