"""What a trainer keeps for us: whether it is still there, for how long, and letting it go.

Asked by hand, not with the SDK: these are three small requests that must answer within seconds,
also in processes that never load the SDK, and to addresses that the guard has looked at. The
paths and answers are those of the SDK's own RestClient
(https://tinker-docs.thinkingmachines.ai/api-reference/restclient/).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

from apps.core.said import say
from apps.integrations.guarded_http import guarded_client
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.failures import failure_of_status
from apps.integrations.tinker.types import TrainerConnection

_SECONDS = 20.0
_SCHEME = "tinker://"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that a trainer keeps. ``expires_at``: then it lets it go; None: never."""

    path: str
    size_bytes: int | None
    expires_at: datetime | None


def checkpoints_of_run(connection: TrainerConnection, path: str) -> dict[str, Kept]:
    """All that is kept of the training run that ``path`` belongs to, by path.

    Empty if the trainer knows no such run (any more). Raises TrainerFailed.
    """
    run_id, _ = _parts(path)
    answer = _asked(connection, "GET", f"/training_runs/{run_id}/checkpoints")
    if answer is None:
        return {}
    try:
        rows = answer.json()["checkpoints"]
        return {row["tinker_path"]: _kept(row) for row in rows}
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        english = "The trainer's list of checkpoints cannot be read."
        raise TrainerFailed(say("trainer_list_unreadable", english), reason="failed") from exc


def checkpoint_alive(connection: TrainerConnection, path: str) -> bool:
    """Whether the trainer still has it. Raises TrainerFailed."""
    return path in checkpoints_of_run(connection, path)


def checkpoint_delete(connection: TrainerConnection, path: str) -> bool:
    """Let it go for good; False if it was gone already. Raises TrainerFailed."""
    run_id, name = _parts(path)
    return _asked(connection, "DELETE", f"/training_runs/{run_id}/checkpoints/{name}") is not None


def checkpoint_keep(connection: TrainerConnection, path: str) -> bool:
    """Keep it without an end; False if it is gone. Raises TrainerFailed."""
    run_id, name = _parts(path)
    url = f"/training_runs/{run_id}/checkpoints/{name}/ttl"
    return _asked(connection, "PUT", url, {"ttl_seconds": None}) is not None


def _asked(
    connection: TrainerConnection, method: str, url: str, body: Mapping[str, Any] | None = None
) -> httpx2.Response | None:
    """None for what is not there."""
    if not connection.api_key:
        english = "This connection has no key. Enter one under Upstreams."
        raise TrainerFailed(say("connection_no_key", english), reason="key_missing")
    address = f"{connection.base_url.rstrip('/')}/api/v1{url}"
    try:
        with guarded_client(_SECONDS) as client:
            answer = client.request(
                method, address, json=body, headers={"x-api-key": connection.api_key}
            )
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as exc:
        # An address that nobody may be asked at: waiting changes nothing.
        english = "{url} is not asked: {why}"
        raise TrainerFailed(
            say("trainer_not_asked", english, url=connection.base_url, why=str(exc)),
            reason="refused",
        ) from exc
    except httpx2.TimeoutException as exc:
        raise TrainerFailed(
            say("trainer_late", "The trainer did not answer in time."), reason="timeout"
        ) from exc
    except httpx2.HTTPError as exc:
        english = "The trainer at {url} cannot be reached: {why}"
        raise TrainerFailed(
            say("trainer_at_unreachable", english, url=connection.base_url, why=str(exc)),
            reason="unreachable",
        ) from exc
    status = answer.status_code
    if status == 404:
        return None
    if status >= 400:
        raise failure_of_status(status, answer.text[:300])
    return answer


def _parts(path: str) -> tuple[str, str]:
    """``tinker://<run>/<weights|sampler_weights>/<name>``: the run, and the rest."""
    run_id, _, name = path.removeprefix(_SCHEME).partition("/")
    if not path.startswith(_SCHEME) or not run_id or name.count("/") != 1 or ".." in path:
        raise TrainerFailed(
            say("no_checkpoint_path", "{text} is no path of a checkpoint.", text=path),
            reason="refused",
        )
    return run_id, name


def _kept(row: Mapping[str, Any]) -> Kept:
    expires = row.get("expires_at")
    return Kept(
        path=row["tinker_path"],
        size_bytes=row.get("size_bytes"),
        expires_at=None if expires is None else datetime.fromisoformat(expires),
    )
