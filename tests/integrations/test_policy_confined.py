"""The policy process connects to nothing that the guard refuses, whoever looked the name up."""

import subprocess
import sys

SCRIPT = """
import asyncio, os, socket
from django.conf import settings
settings.configure(METACLAW_ALLOW_PRIVATE_UPSTREAMS={allowed})
os.environ["TINKER_API_KEY"] = "tml-operators"
from apps.integrations.tinker.policy.confining import confine, use_python_sockets
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
port = listening.getsockname()[1]
confine()

def plainly():
    socket.create_connection(("localhost", port), 5).close()

async def in_a_loop():
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()

def by_name():
    with socket.socket() as plug:
        plug.connect(("localhost", port))

for what in (plainly, lambda: asyncio.run(in_a_loop()), by_name):
    try:
        what()
        print("connected")
    except OSError as exc:
        print("refused", exc)
print(os.environ.get("TINKER_API_KEY"), os.environ["TINKER_TELEMETRY"])
"""
OF_THE_SDK = """
from django.conf import settings
settings.configure(METACLAW_ALLOW_PRIVATE_UPSTREAMS=True)
from apps.integrations.tinker.policy.confining import confine, use_python_sockets
confine()
use_python_sockets()
import httpx
from tinker import _base_client
print(type(_base_client._default_pyqwest_transport()) is httpx.AsyncHTTPTransport)
from tinker._client import AsyncTinker
from tinker.lib._auth_token_provider import ApiKeyAuthProvider
made = AsyncTinker(base_url="http://127.0.0.1:9", _auth=ApiKeyAuthProvider("tml-x"))
print(type(made._client._transport).__module__)
"""


def run(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_private_addresses_are_refused_however_they_are_connected_to():
    plain, in_a_loop, by_name, environment = run(SCRIPT.format(allowed=False))

    for outcome in (plain, in_a_loop, by_name):
        assert outcome.startswith("refused")
    assert "private address" in plain
    assert environment == "None 0"


def test_where_private_addresses_are_allowed_names_still_have_to_be_looked_up_first():
    plain, in_a_loop, by_name, _ = run(SCRIPT.format(allowed=True))

    assert (plain, in_a_loop) == ("connected", "connected")
    assert by_name.startswith("refused")


def test_the_sdk_has_no_transport_that_passes_the_check():
    """Holds the pinned SDK to what the product relies on."""
    replaced, module = run(OF_THE_SDK)

    assert replaced == "True"
    assert module.split(".")[0] == "httpx"
