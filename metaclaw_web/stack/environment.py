"""The environment of the stack's processes: what the settings read."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from apps.integrations.embeddings.local import MODEL_ID
from metaclaw_web.stack import orphans, postgres_roles, redis_server, secret_files
from metaclaw_web.stack.options import Options, bracketed, reachable
from metaclaw_web.stack.paths import Paths
from metaclaw_web.stack.postgres_roles import APP, OWNER
from metaclaw_web.stack.programs import POSTGRES, REDIS


def build(
    options: Options, paths: Paths, ports: Mapping[str, int], environ: Mapping[str, str]
) -> dict[str, str]:
    """Ours on top of what the user set. Without the owner's database address: see `for_owner`."""
    env = dict(environ)
    env.pop("METACLAW_OWNER_DATABASE_URL", None)
    env.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
    env.setdefault("METACLAW_ALLOWED_HOSTS", ",".join(_allowed_hosts(options)))
    env |= {
        orphans.VARIABLE: str(paths.var),
        "PYTHONUNBUFFERED": "1",
        "METACLAW_VAR_DIR": str(paths.var),
        "METACLAW_SPOOL_DIR": environ.get("METACLAW_SPOOL_DIR") or str(paths.spool),
        "METACLAW_GATEWAY_HOST": options.gateway.host,
        "METACLAW_GATEWAY_PORT": str(options.gateway.port),
        "METACLAW_GATEWAY_URL": options.gateway_url,
        "METACLAW_CONSOLE_HOST": options.console.host,
        "METACLAW_CONSOLE_PORT": str(options.console.port),
        "METACLAW_CONSOLE_URL": options.console_url,
        "METACLAW_ALLOW_PRIVATE_UPSTREAMS": str(int(options.allow_private_upstreams)),
        "DATABASE_URL": options.database_url or _own_database(paths, ports, APP),
        "REDIS_URL": options.redis_url or _own_redis(paths, ports),
    }
    if options.practice is not None:
        env["METACLAW_PRACTICE_PORT"] = str(options.practice.port)
        env["METACLAW_PRACTICE_URL"] = options.practice.url
    else:
        env.pop("METACLAW_PRACTICE_URL", None)
    if options.embedder is not None:
        env["METACLAW_EMBEDDER_PORT"] = str(options.embedder.port)
        env["METACLAW_EMBEDDINGS_URL"] = f"{options.embedder.url}/v1"
        env["METACLAW_EMBEDDINGS_MODEL"] = MODEL_ID
    if options.policy is not None:
        env["METACLAW_POLICY_PORT"] = str(options.policy.port)
        env["METACLAW_POLICY_URL"] = options.policy.url
    for item in secret_files.FILES:
        if item.variable and not secret_files.is_given(item, environ):
            env[f"{item.variable}_FILE"] = str(paths.secrets / item.name)
    return env


def for_owner(
    env: Mapping[str, str], options: Options, paths: Paths, ports: Mapping[str, int]
) -> dict[str, str]:
    """The same environment for a command that changes tables: it signs in as their owner."""
    if options.has_own_postgres:
        owner = _own_database(paths, ports, OWNER)
    else:
        owner = options.owner_database_url or options.database_url
    return {**env, "DATABASE_URL": owner, "METACLAW_OWNER_DATABASE_URL": owner}


def for_tests(environ: Mapping[str, str], paths: Paths, ports: Mapping[str, int]) -> dict[str, str]:
    """The two servers for the test settings, which bring keys and everything else themselves."""
    return {
        **environ,
        orphans.VARIABLE: str(paths.var),
        "DJANGO_SETTINGS_MODULE": "metaclaw_web.settings.test",
        "METACLAW_VAR_DIR": str(paths.var),
        "METACLAW_SPOOL_DIR": str(paths.spool),
        "DATABASE_URL": _own_database(paths, ports, APP),
        "METACLAW_OWNER_DATABASE_URL": _own_database(paths, ports, OWNER),
        "REDIS_URL": _own_redis(paths, ports),
    }


def _own_database(paths: Paths, ports: Mapping[str, int], role: str) -> str:
    name = {APP: "app-password", OWNER: "owner-password"}[role]
    return postgres_roles.url(role, secret_files.read(paths, name), ports[POSTGRES])


def _own_redis(paths: Paths, ports: Mapping[str, int]) -> str:
    return redis_server.url(secret_files.read(paths, "redis-password"), ports[REDIS])


def _allowed_hosts(options: Options) -> list[str]:
    """Names a browser may use for the console: this machine's, and that of its public address."""
    hosts = ["127.0.0.1", "localhost", "[::1]", bracketed(reachable(options.console.host))]
    public = urlsplit(options.console_url).hostname
    if public:
        hosts.append(bracketed(public))
    return list(dict.fromkeys(hosts))
