"""What went wrong, said once for everybody: the SDK's errors as TrainerFailed."""

import concurrent.futures
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from apps.integrations.tinker.errors import Reason, TrainerFailed

_KEY = "Enter a valid key for this connection under Upstreams."
_BY_STATUS: dict[int, tuple[Reason, str]] = {
    401: ("key_refused", f"The trainer refused the key. {_KEY}"),
    402: (
        "billing",
        "The trainer's account is out of credit or has no billing set up. Add credit there; the"
        " work goes on by itself.",
    ),
    403: ("key_refused", f"The key may not do this. {_KEY}"),
    404: ("gone", "The trainer does not have this model or checkpoint (any more)."),
    429: ("busy", "The trainer has too much to do. The work goes on by itself."),
}


def failure_of_status(status: int, said: str) -> TrainerFailed:
    """A refusal by HTTP status. ``said``: the trainer's own words, or empty."""
    if status in _BY_STATUS:
        reason, sentence = _BY_STATUS[status]
        return TrainerFailed(f"{sentence} It said: {said}" if said else sentence, reason=reason)
    if status >= 500:
        return TrainerFailed(
            f"The trainer is in trouble ({status}). The work goes on by itself.", reason="failed"
        )
    return TrainerFailed(f"The trainer refused the request ({status}): {said}", reason="refused")


@contextmanager
def translated() -> Iterator[None]:
    """Raise every failure of the SDK as TrainerFailed."""
    import tinker

    try:
        yield
    except TrainerFailed:
        raise
    except tinker.APITimeoutError as exc:
        raise _late(exc) from exc
    except tinker.APIStatusError as exc:
        raise failure_of_status(exc.status_code, _said(exc)) from exc
    except (tinker.APIConnectionError, httpx.HTTPError) as exc:
        raise TrainerFailed(
            f"The trainer cannot be reached: {exc}. The work goes on by itself.",
            reason="unreachable",
        ) from exc
    except tinker.RequestFailedError as exc:
        is_ours = str(exc.category).endswith("user")
        raise TrainerFailed(
            f"The trainer could not do it: {exc.message}",
            reason="refused" if is_ours else "failed",
        ) from exc
    except (TimeoutError, concurrent.futures.TimeoutError) as exc:
        raise _late(exc) from exc
    except (tinker.TinkerError, ValueError, RuntimeError) as exc:
        # A future that the server does not know is a ValueError in the SDK.
        raise TrainerFailed(f"The trainer's client gave up: {exc}", reason="failed") from exc


def _late(_: BaseException) -> TrainerFailed:
    return TrainerFailed(
        "The trainer did not answer in time. The work goes on by itself.", reason="timeout"
    )


def _said(exc: Exception) -> str:
    body = getattr(exc, "body", None)
    if isinstance(body, dict):
        for name in ("detail", "error", "message"):
            if isinstance(body.get(name), str):
                return str(body[name])[:500]
    return str(exc)[:500]
