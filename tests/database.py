"""The test database: made and migrated by its owner, used as the application role.

Tests run under the same walls as the product. Whoever runs them hands in DATABASE_URL
(mc_app) and METACLAW_OWNER_DATABASE_URL (mc_owner, who may create databases); `make test`
and `make check` do.
"""

import os

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from metaclaw_web.settings.stores import database


def name() -> str:
    return f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def create() -> None:
    """A new, migrated database that the default connection then points to."""
    with _owner() as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name()))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(_name()))
    app, owner_settings = dict(connection.settings_dict), database(settings.OWNER_DATABASE_URL)
    connection.settings_dict.update(
        NAME=name(), USER=owner_settings["USER"], PASSWORD=owner_settings["PASSWORD"]
    )
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict.update(USER=app["USER"], PASSWORD=app["PASSWORD"])
    # Emptying tables between tests is the owner's business, who is fenced off as well.
    with owner_of_test_database() as owner:
        owner.execute("DROP TRIGGER audit_no_truncate ON tenants_auditevent")


def drop() -> None:
    connections.close_all()
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(_name())
    with _owner() as owner:
        try:
            # Ends a vacuum that is under way; WITH (FORCE) fails at it: that is the server's own.
            owner.execute(statement)
        except psycopg.errors.ObjectInUse:
            owner.execute(statement + sql.SQL(" WITH (FORCE)"))


def empty() -> None:
    """Remove every row that tests have committed."""
    with owner_of_test_database() as owner:
        owner.execute(
            "TRUNCATE tenants_tenant, tenants_user, django_session, account_emailaddress,"
            " exports_signingkey, exports_deletioncertificate CASCADE"
        )


def url() -> str:
    """The address of the test database as the application role, for other processes."""
    return _with_name(settings.DATABASE_URL)


def owner_of_test_database() -> psycopg.Connection:
    return psycopg.connect(_with_name(settings.OWNER_DATABASE_URL), autocommit=True)


def _owner() -> psycopg.Connection:
    return psycopg.connect(settings.OWNER_DATABASE_URL, autocommit=True)


def _with_name(address: str) -> str:
    return f"{address.rpartition('/')[0]}/{name()}"


def _name() -> sql.Identifier:
    return sql.Identifier(name())
