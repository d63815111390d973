"""Servers that the user brings along: reached and good enough, or a sentence that says why not."""

import psycopg
import redis

from metaclaw_web.env import BadSetting
from metaclaw_web.stack.options import Options

_SECONDS = 5
_LEAST_POSTGRES = 160000
# The message queue library uses a command that older servers do not know.
_LEAST_REDIS = (6, 2)


def check(options: Options) -> None:
    """Connect once to every external server. The addresses stay out of messages: passwords."""
    if options.database_url:
        _check_postgres("DATABASE_URL", options.database_url)
    if options.database_url and options.owner_database_url:
        _check_postgres("METACLAW_OWNER_DATABASE_URL", options.owner_database_url)
    if options.redis_url:
        _check_redis(options.redis_url)


def _check_postgres(variable: str, url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=_SECONDS) as connection:
            version = connection.info.server_version
            found = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"
            ).fetchone()
    except psycopg.Error as exc:
        reason = str(exc).strip().splitlines()[-1:] or [type(exc).__name__]
        raise BadSetting(variable, f"the database cannot be reached: {reason[0]}") from None
    if version < _LEAST_POSTGRES:
        raise BadSetting(variable, f"Postgres {version // 10000} is too old; 16 is the least.")
    if found is None:
        raise BadSetting(variable, "that Postgres does not offer the extension pgvector.")


def _check_redis(url: str) -> None:
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS)
        version = str(client.info("server")["redis_version"])
        client.close()
    except (redis.RedisError, ValueError, OSError) as exc:
        raise BadSetting("REDIS_URL", f"that server cannot be reached: {exc}.") from None
    if tuple(int(part) for part in version.split(".")[:2]) < _LEAST_REDIS:
        raise BadSetting("REDIS_URL", f"Redis {version} is too old; 6.2 is the least.")
