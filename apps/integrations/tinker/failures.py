"""What went wrong, said once for everybody: the SDK's errors as TrainerFailed."""

import concurrent.futures
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from apps.core.said import Said, say, together
from apps.integrations.tinker.errors import Reason, TrainerFailed

_KEY = say("trainer_enter_key", "Enter a valid key for this connection under Upstreams.")
_GOES_ON = say("trainer_goes_on", "The work goes on by itself.")
_BY_STATUS: dict[int, tuple[Reason, Said]] = {
    401: (
        "key_refused",
        together(say("trainer_key_refused", "The trainer refused the key."), _KEY),
    ),
    402: (
        "billing",
        say(
            "trainer_billing",
            "The trainer's account is out of credit or has no billing set up. Add credit there;"
            " the work goes on by itself.",
        ),
    ),
    403: ("key_refused", together(say("trainer_key_may_not", "The key may not do this."), _KEY)),
    404: (
        "gone",
        say("trainer_gone", "The trainer does not have this model or checkpoint (any more)."),
    ),
    429: ("busy", together(say("trainer_busy", "The trainer has too much to do."), _GOES_ON)),
}


def failure_of_status(status: int, said: str) -> TrainerFailed:
    """A refusal by HTTP status. ``said``: the trainer's own words, or empty."""
    if status in _BY_STATUS:
        reason, sentence = _BY_STATUS[status]
        words = say("trainer_said", "It said: {said}", said=said) if said else ""
        return TrainerFailed(together(sentence, words), reason=reason)
    if status >= 500:
        return TrainerFailed(
            together(
                say("trainer_trouble", "The trainer is in trouble ({status}).", status=status),
                _GOES_ON,
            ),
            reason="failed",
        )
    refused = say(
        "trainer_refused",
        "The trainer refused the request ({status}): {said}",
        status=status,
        said=said,
    )
    return TrainerFailed(refused, reason="refused")


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
            together(
                say("trainer_unreachable", "The trainer cannot be reached: {why}.", why=str(exc)),
                _GOES_ON,
            ),
            reason="unreachable",
        ) from exc
    except tinker.RequestFailedError as exc:
        is_ours = str(exc.category).endswith("user")
        raise TrainerFailed(
            say("trainer_could_not", "The trainer could not do it: {why}", why=str(exc.message)),
            reason="refused" if is_ours else "failed",
        ) from exc
    except (TimeoutError, concurrent.futures.TimeoutError) as exc:
        raise _late(exc) from exc
    except (tinker.TinkerError, ValueError, RuntimeError) as exc:
        # A future that the server does not know is a ValueError in the SDK.
        gave_up = say("trainer_gave_up", "The trainer's client gave up: {why}", why=str(exc))
        raise TrainerFailed(gave_up, reason="failed") from exc


def _late(_: BaseException) -> TrainerFailed:
    return TrainerFailed(
        together(say("trainer_late", "The trainer did not answer in time."), _GOES_ON),
        reason="timeout",
    )


def _said(exc: Exception) -> str:
    body = getattr(exc, "body", None)
    if isinstance(body, dict):
        for name in ("detail", "error", "message"):
            if isinstance(body.get(name), str):
                return str(body[name])[:500]
    return str(exc)[:500]
