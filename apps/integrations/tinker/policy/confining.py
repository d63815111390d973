"""What this process may connect to: nothing that the address guard refuses.

The SDK looks names up by itself and follows redirects, so checking an address before handing it
over is not enough: a name may resolve to something else a moment later. Every connection that
Python makes passes a hook of the interpreter, which cannot be taken out again; the SDK's other
transport, which is not Python's, is put out of its reach.
"""

import os
import sys
from typing import Any

from apps.core import guard

_OPERATORS_OWN = (
    "TINKER_API_KEY",
    "TINKER_BASE_URL",
    "TINKER_CREDENTIAL_CMD",
    "TINKER_FEATURE_GATES",
    "TINKER_PROJECT_ID",
    "TINKER_TAGS",
)


def confine() -> None:
    """For the life of the process. Before the SDK is loaded."""
    for name in _OPERATORS_OWN:
        os.environ.pop(name, None)
    # Else it reports errors, with their traces, to its maker.
    os.environ["TINKER_TELEMETRY"] = "0"
    sys.addaudithook(_check)


def use_python_sockets() -> None:
    """Keep the SDK from connecting past the hook, whatever a server's settings tell it."""
    import httpx
    from tinker import _base_client

    _base_client._default_pyqwest_transport = httpx.AsyncHTTPTransport


def _check(event: str, given: tuple[Any, ...]) -> None:
    if event != "socket.connect":
        return
    address = given[1]
    # Others are sockets of this machine by path.
    if isinstance(address, tuple):
        try:
            guard.check_address(str(address[0]))
        except guard.AddressRefused as exc:
            raise ConnectionRefusedError(str(exc)) from exc
        except ValueError:
            # A name: the system looks it up and connects in one go, past any check.
            raise ConnectionRefusedError(f"{address[0]} is not an address.") from None
