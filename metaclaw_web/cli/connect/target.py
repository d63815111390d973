"""Where the client shall go: what this call says, else the stack that runs here."""

from dataclasses import replace
from urllib.parse import urlsplit

from metaclaw_web.cli.ask import served_model
from metaclaw_web.cli.connect.clients import Target
from metaclaw_web.cli.connection import Connection, ConnectionSource
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.gateway import Gateway


def connection_for(source: ConnectionSource, url: str, key: str) -> Connection:
    overrides = source.overrides
    given = replace(
        overrides,
        gateway_url=origin_of(url) if url else overrides.gateway_url,
        api_key=key or overrides.api_key,
    )
    return replace(source, overrides=given).load()


def target_of(connection: Connection, *, model: str, api: str, needs_model: bool) -> Target:
    """Address, key and model. The workspace is asked for the model only when one is needed."""
    url = origin_of(connection.need("gateway_url", "METACLAW_GATEWAY_URL"))
    key = connection.need("api_key", "METACLAW_API_KEY")
    if not key.isprintable() or any(mark.isspace() for mark in key):
        raise CliError("The key holds blanks or line ends.", "Copy it again.")
    if needs_model and not model:
        model = _asked(connection)
    return Target(url=url, key=key, model=model, api=api)


def origin_of(url: str) -> str:
    """The gateway's address without the /v1 that some clients want and add themselves."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise CliError(
            f"“{url}” is not the address of a gateway.", "It looks like http://host:30000"
        )
    if parts.username or parts.password:
        raise CliError("The address holds a password.", "Give the key with --key.")
    return url.strip().rstrip("/").removesuffix("/v1").rstrip("/")


def _asked(connection: Connection) -> str:
    hint = "Say which with --model NAME."
    try:
        with Gateway(connection) as gateway:
            model = served_model(connection, gateway)
    except CliError as exc:
        raise CliError(f"The model to use is not known: {exc.message}", hint) from exc
    if not model:
        raise CliError("The model to use is not known: the workspace serves none.", hint)
    return model
