"""What the person who starts the stack may choose, read from the environment and `.env`."""

import ipaddress
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from apps.integrations.embeddings.local.installed import is_installed
from apps.upstreams.presets import KINDS
from metaclaw_web.env import (
    BadSetting,
    env_bool,
    env_choice,
    env_int,
    env_port,
    env_str,
    env_url,
    secret,
)
from metaclaw_web.stack.paths import ROOT

PRACTICE_MODEL = "practice-1"
EMBEDDER = ("auto", "on", "off")
_POSTGRES = ("postgres", "postgresql")
_REDIS = ("redis", "rediss", "unix")


@dataclass(frozen=True)
class Listener:
    """A port that the stack opens for others, and the variable that moves it."""

    name: str
    variable: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """The address as a browser on this machine would write it."""
        return f"http://{bracketed(reachable(self.host))}:{self.port}"


@dataclass(frozen=True)
class Options:
    """Checked choices for one stack."""

    var: Path
    gateway: Listener
    console: Listener
    practice: Listener | None
    embedder: Listener | None
    policy: Listener | None
    gateway_url: str
    console_url: str
    database_url: str
    owner_database_url: str
    redis_url: str
    model: str
    worker_processes: int
    least_free_mb: int
    allow_private_upstreams: bool

    @property
    def listeners(self) -> list[Listener]:
        found = (self.practice, self.embedder, self.policy)
        inner = [item for item in found if item is not None]
        return [self.gateway, self.console, *inner]

    @property
    def has_own_postgres(self) -> bool:
        return not self.database_url

    @property
    def has_own_redis(self) -> bool:
        return not self.redis_url


def load_dotenv(environ: MutableMapping[str, str], *, path: Path = ROOT / ".env") -> None:
    """Add what `.env` says to the environment; what is already set wins."""
    if not path.is_file():
        return
    try:
        values = dotenv_values(path)
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSetting(str(path), f"cannot be read: {exc}.") from None
    for name, value in values.items():
        if value is not None:
            environ.setdefault(name, value)


def read_options(environ: Mapping[str, str], *, var: Path | None = None) -> Options:
    """Check every variable the launcher acts on; the first wrong one raises ``BadSetting``."""
    bind = _host("METACLAW_BIND", "127.0.0.1", environ)
    gateway = _listener("gateway", "METACLAW_GATEWAY", bind, 30000, environ)
    console = _listener("console", "METACLAW_CONSOLE", bind, 8000, environ)
    practice = None
    if not _has_upstream(environ):
        port = env_port("METACLAW_PRACTICE_PORT", 30001, environ=environ)
        # Only the gateway talks to it, so it never leaves this machine.
        practice = Listener("practice model", "METACLAW_PRACTICE_PORT", "127.0.0.1", port)
    embedder, policy = _embedder(environ), _policy(environ)
    inner = [item for item in (practice, embedder, policy) if item is not None]
    _check_distinct([gateway, console, *inner])
    redis_example = "redis://127.0.0.1:6379/0"
    database_example = "postgres://user:password@127.0.0.1:5432/metaclaw"
    return Options(
        var=var or var_dir(environ),
        gateway=gateway,
        console=console,
        practice=practice,
        embedder=embedder,
        policy=policy,
        gateway_url=_own_url("METACLAW_GATEWAY_URL", gateway.url, environ),
        console_url=_own_url("METACLAW_CONSOLE_URL", console.url, environ),
        database_url=env_url(
            "DATABASE_URL", "", schemes=_POSTGRES, example=database_example, environ=environ
        ),
        owner_database_url=env_url(
            "METACLAW_OWNER_DATABASE_URL",
            "",
            schemes=_POSTGRES,
            example=database_example,
            environ=environ,
        ),
        redis_url=env_url("REDIS_URL", "", schemes=_REDIS, example=redis_example, environ=environ),
        model=env_str("METACLAW_UPSTREAM_MODEL", PRACTICE_MODEL, environ=environ),
        worker_processes=env_int("METACLAW_WORKER_PROCESSES", 2, least=1, most=64, environ=environ),
        least_free_mb=env_int("METACLAW_LEAST_FREE_MB", 500, least=0, environ=environ),
        allow_private_upstreams=env_bool(
            "METACLAW_ALLOW_PRIVATE_UPSTREAMS", default=True, environ=environ
        ),
    )


def var_dir(environ: Mapping[str, str]) -> Path:
    """The data folder: METACLAW_VAR_DIR, relative to the working folder, or `var/` beside us."""
    chosen = env_str("METACLAW_VAR_DIR", "", environ=environ)
    folder = Path(chosen).expanduser().resolve() if chosen else ROOT / "var"
    if folder in (Path("/"), Path.home(), ROOT):
        raise BadSetting(
            "METACLAW_VAR_DIR",
            f"{folder} cannot be the data folder; it needs one of its own.",
            example=str(folder / "var"),
        )
    return folder


def reachable(host: str) -> str:
    """The host to use for connecting to something that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _has_upstream(environ: Mapping[str, str]) -> bool:
    """Check what the processes will read too, so that a wrong value stops the start early."""
    url = env_url("METACLAW_UPSTREAM_URL", "", environ=environ)
    env_choice("METACLAW_UPSTREAM_KIND", "openai", KINDS, environ=environ)
    secret("METACLAW_UPSTREAM_KEY", "", environ=environ)
    if url and not env_str("METACLAW_UPSTREAM_MODEL", "", environ=environ):
        raise BadSetting(
            "METACLAW_UPSTREAM_MODEL",
            "is not set, but METACLAW_UPSTREAM_URL is; say which model to use.",
            example="gpt-5-mini",
        )
    return bool(url)


def _embedder(environ: Mapping[str, str]) -> Listener | None:
    """Ours runs if its model is installed, unless another endpoint is named or it is turned off."""
    other = env_url("METACLAW_EMBEDDINGS_URL", "", environ=environ)
    wanted = env_choice("METACLAW_EMBEDDER", "auto", EMBEDDER, environ=environ)
    if other and wanted == "on":
        raise BadSetting(
            "METACLAW_EMBEDDER",
            "is on, but METACLAW_EMBEDDINGS_URL names another endpoint; leave one of them out.",
            example="auto",
        )
    if other or wanted == "off":
        return None
    if not is_installed():
        if wanted == "on":
            raise BadSetting(
                "METACLAW_EMBEDDER",
                "is on, but its model is not installed (requirements/embedder.txt).",
                example="auto",
            )
        return None
    port = env_port("METACLAW_EMBEDDER_PORT", 30002, environ=environ)
    # Only our own processes talk to it, so it never leaves this machine.
    return Listener("embedder", "METACLAW_EMBEDDER_PORT", "127.0.0.1", port)


def _policy(environ: Mapping[str, str]) -> Listener | None:
    """Ours runs unless another one is named, or it is turned off."""
    other = env_url("METACLAW_POLICY_URL", "", environ=environ)
    if other or not env_bool("METACLAW_POLICY", default=True, environ=environ):
        return None
    port = env_port("METACLAW_POLICY_PORT", 30004, environ=environ)
    # Only the gateway talks to it, so it never leaves this machine.
    return Listener("policy process", "METACLAW_POLICY_PORT", "127.0.0.1", port)


def _listener(name: str, prefix: str, bind: str, port: int, environ: Mapping[str, str]) -> Listener:
    host = _host(f"{prefix}_HOST", bind, environ)
    variable = f"{prefix}_PORT"
    return Listener(name, variable, host, env_port(variable, port, environ=environ))


def _host(variable: str, default: str, environ: Mapping[str, str]) -> str:
    host = env_str(variable, default, environ=environ)
    if host == "localhost":
        # Its meaning (IPv4 or IPv6) differs between machines; say which one is meant.
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        raise BadSetting(
            variable, f"{host!r} is not an IP address to listen on.", example="127.0.0.1"
        ) from None


def _own_url(variable: str, default: str, environ: Mapping[str, str]) -> str:
    return env_url(variable, default, example=default, environ=environ).rstrip("/")


def _check_distinct(listeners: list[Listener]) -> None:
    taken: dict[int, Listener] = {}
    for listener in listeners:
        other = taken.setdefault(listener.port, listener)
        if other is not listener:
            raise BadSetting(
                listener.variable,
                f"{listener.port} is the port of the {other.name} already.",
                example=str(listener.port + 1),
            )
