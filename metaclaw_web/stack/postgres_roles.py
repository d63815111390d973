"""Roles, database and extension inside the embedded Postgres. Safe to repeat at every start.

mc_owner owns the tables and migrates them; mc_app is what the processes sign in as and stands
under row level security; mc_ops passes row level security and is entered on purpose, with
SET ROLE, by the few commands that keep house across tenants.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.ports import LOOPBACK
from metaclaw_web.stack.postgres import SUPERUSER

DATABASE = "metaclaw"
OWNER = "mc_owner"
APP = "mc_app"
OPS = "mc_ops"


@dataclass(frozen=True)
class Passwords:
    superuser: str
    owner: str
    app: str


def url(role: str, password: str, port: int) -> str:
    """The address of the database as a role. Our passwords are hexadecimal: no escaping."""
    return f"postgres://{role}:{password}@{LOOPBACK}:{port}/{DATABASE}"


def is_accepting(port: int, passwords: Passwords) -> bool:
    """Whether the server answers; a refused password is an error, not a "not yet"."""
    try:
        _connect(port, passwords, "postgres").close()
    except psycopg.OperationalError as exc:
        if "password authentication failed" in str(exc):
            raise StackError(
                "The password in postgres-password is not that of this database.",
                advice="Put back the secrets folder that belongs to it.",
            ) from None
        return False
    return True


def prepare(port: int, passwords: Passwords, *, may_create_databases: bool = False) -> None:
    """Bring roles, passwords, database and extension to what the product expects."""
    with _connect(port, passwords, "postgres") as connection:
        _prepare_role(connection, OWNER, "LOGIN NOSUPERUSER NOBYPASSRLS", passwords.owner)
        _prepare_role(connection, APP, "LOGIN NOSUPERUSER NOBYPASSRLS", passwords.app)
        _prepare_role(connection, OPS, "NOLOGIN NOSUPERUSER BYPASSRLS")
        connection.execute(f"GRANT {OPS} TO {APP} WITH INHERIT FALSE, SET TRUE")
        connection.execute(f"GRANT {OPS} TO {OWNER}")
        if may_create_databases:
            connection.execute(f"ALTER ROLE {OWNER} CREATEDB")
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        connection.execute(f"REVOKE CONNECT ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}, {OPS}")
    # Only a superuser may install it; in template1 it reaches databases that tests create.
    for database in (DATABASE, "template1") if may_create_databases else (DATABASE,):
        with _connect(port, passwords, database) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")


def _connect(port: int, passwords: Passwords, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=LOOPBACK,
        port=port,
        dbname=database,
        user=SUPERUSER,
        password=passwords.superuser,
        connect_timeout=5,
        autocommit=True,
    )


def _prepare_role(
    connection: psycopg.Connection, name: str, attributes: str, password: str = ""
) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = "ALTER" if found.fetchone() else "CREATE"
    connection.execute(f"{verb} ROLE {name} {attributes}".encode())
    if password:
        # Sent as a verifier, so that the password itself can appear in no log.
        verifier = connection.pgconn.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(name), sql.Literal(verifier.decode())
            )
        )
