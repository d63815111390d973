"""A database of its own, made by the owner, used as the application, and dropped at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

_NAME = "bench_search"
_GIN = "trajectories_terms"
_HNSW = "trajectories_meaning"


@contextmanager
def throw_away() -> Iterator[None]:
    """The default connection leads to a new, migrated database."""
    drop = f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)"
    with psycopg.connect(settings.OWNER_DATABASE_URL, autocommit=True) as owner:
        owner.execute(drop)
        owner.execute(f"CREATE DATABASE {_NAME}")
    app = dict(connection.settings_dict)
    parts = psycopg.conninfo.conninfo_to_dict(settings.OWNER_DATABASE_URL)
    connection.settings_dict.update(NAME=_NAME, USER=parts["user"], PASSWORD=parts["password"])
    try:
        call_command("migrate", verbosity=0)
        connection.close()
        connection.settings_dict.update(USER=app["USER"], PASSWORD=app["PASSWORD"])
        yield
    finally:
        connections.close_all()
        with psycopg.connect(settings.OWNER_DATABASE_URL, autocommit=True) as owner:
            owner.execute(drop)


@contextmanager
def without_indexes() -> Iterator[None]:
    """Filling goes without the two large indexes; they are built at the end."""
    with _owner() as owner:
        owner.execute(f"DROP INDEX {_GIN}, {_HNSW}")
    yield
    with _owner() as owner:
        owner.execute("SET maintenance_work_mem = '512MB'")
        owner.execute(f"CREATE INDEX {_GIN} ON trajectories_turntext USING gin (terms)")
        owner.execute(
            f"CREATE INDEX {_HNSW} ON trajectories_turnvector USING hnsw"
            " (vector halfvec_cosine_ops)"
        )
        owner.execute("VACUUM ANALYZE")


def sizes() -> dict[str, float]:
    """Megabytes of the tables and indexes of the search."""
    with connection.cursor() as cursor:
        found = {}
        for name in ("trajectories_turntext", _GIN, "trajectories_turnvector", _HNSW):
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [name])
            found[name] = cursor.fetchone()[0] / 1e6
    return found


def _owner() -> psycopg.Connection:
    address = settings.OWNER_DATABASE_URL.rpartition("/")[0]
    return psycopg.connect(f"{address}/{_NAME}", autocommit=True)
