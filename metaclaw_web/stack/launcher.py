"""One stack from preparation to its last process."""

import contextlib
import os
import time
from collections.abc import Mapping
from subprocess import Popen, TimeoutExpired
from typing import Any

import psycopg

from metaclaw_web.stack import (
    disk,
    environment,
    external,
    first_run,
    orphans,
    ports,
    postgres,
    postgres_home,
    postgres_roles,
    programs,
    readiness,
    secret_files,
    state,
)
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.options import Options
from metaclaw_web.stack.paths import Paths
from metaclaw_web.stack.steps import complain, step
from metaclaw_web.stack.supervisor import UNREACHABLE, Supervisor, not_started

_SERVER_SECONDS = 300.0  # recovery after a crash reads the whole log back
_APPLICATION_SECONDS = 90.0
_WATCH_SECONDS = 1.0
# supervisord calls a program started after its first second.
_SETTLE_SECONDS = 3.0


class Stack:
    """The processes of one data folder. The caller holds its lock (`state.exclusive`)."""

    def __init__(
        self, options: Options, environ: Mapping[str, str], *, with_applications: bool = True
    ) -> None:
        self.options = options
        self.paths = Paths(options.var)
        self.supervisor = Supervisor(self.paths)
        self.ports: dict[str, int] = {}
        self.env: dict[str, str] = {}
        self._environ = environ
        # Without them only Postgres and Redis run, in silence.
        self._with_applications = with_applications
        self._quiet = not with_applications
        self._home: postgres_home.PostgresHome | None = None
        self._programs: list[programs.Program] = []
        self._manager: Popen[bytes] | None = None

    @property
    def has_started(self) -> bool:
        return self._manager is not None

    def prepare(self) -> None:
        """Everything that has to exist before the first process starts."""
        if self.options.has_own_postgres:
            self._home = postgres_home.locate(self.paths)
        self._stop_orphans()
        if self._with_applications:
            ports.check_free(self.options.listeners)
        external.check(self.options)
        if self._home is not None:
            postgres_home.set_aside_foreign(self._home, self.paths)
        has_data = self.paths.first_run.exists() or bool(self._home and self._home.is_complete)
        with step("Data folder and secrets", quiet=self._quiet):
            secret_files.ensure(self.paths, self._environ, has_data=has_data)
            self.ports = ports.remembered(self.paths.run / "ports.json", programs.SERVERS)
            self.env = environment.build(self.options, self.paths, self.ports, self._environ)
        if self._home is not None and not self._home.is_complete:
            with step("New database", quiet=self._quiet):
                postgres.create_cluster(self._home, password=self._secret("postgres-password"))
        elif self._home is not None:
            postgres.create_cluster(self._home, password="")

    def start_servers(self, *, is_durable: bool = True) -> None:
        """Start supervisord, then Postgres and Redis, and bring the roles up to date."""
        self._programs = programs.servers(
            self.options,
            self.paths,
            self._home,
            self.ports,
            redis_password=self._secret("redis-password"),
            is_durable=is_durable,
        )
        inner = [program.name for program in self._programs]
        if self._with_applications:
            self._programs += programs.applications(self.options, self.paths)
        with step(f"Servers: {' and '.join(inner) or 'all external'}", quiet=self._quiet):
            self._start_manager()
            for name in inner:
                self.supervisor.start(name)
            if self._home is not None:
                self._start_postgres(may_create_databases=not self._with_applications)
            if self.options.has_own_redis:
                ready = readiness.redis(self.ports[programs.REDIS], self._secret("redis-password"))
                readiness.wait_for(self.supervisor, programs.REDIS, ready, seconds=_SERVER_SECONDS)

    def start_applications(self, *, resets_access: bool = False) -> dict[str, Any] | None:
        """Migrate, make the first workspace, start the processes. Returns newly made keys."""
        owner = environment.for_owner(self.env, self.options, self.paths, self.ports)
        with step("Tables up to date"):
            first_run.manage(self.paths, owner, "migrate", "--no-input", "-v", "0")
        names = [item.name for item in self._programs if item.name not in programs.SERVERS]
        is_first = not self.paths.first_run.exists()
        if is_first:
            # The processes find a workspace when they come up.
            with step("First workspace"):
                made = first_run.ensure(self.options, self.paths, self.env)
        with step(f"Processes: {', '.join(names)}"):
            for name in names:
                self.supervisor.start(name)
            if not is_first:
                # Only brings the provider in line with the environment: no reason to wait.
                made = first_run.ensure(self.options, self.paths, self.env)
            for name in names:
                self._await_application(name)
        if resets_access and made is None:
            with step("New sign-in and keys"):
                made = first_run.reset(self.options, self.paths, self.env)
        return made

    def note_running(self, *, is_detached: bool) -> None:
        """Leave word for `stop`, `status` and the next start."""
        assert self._manager is not None  # started before
        note = state.Running(
            launcher=state.identify(os.getpid()),
            manager=state.identify(self._manager.pid),
            is_detached=is_detached,
            console_url=self.options.console_url,
            gateway_url=self.options.gateway_url,
        )
        state.write(self.paths, note)

    def watch(self) -> None:
        """Report processes that the manager gave up on. Returns only by an exception."""
        assert self._manager is not None  # started before
        known: set[str] = set()
        while True:
            with contextlib.suppress(TimeoutExpired):
                self._manager.wait(timeout=_WATCH_SECONDS)
                raise StackError("The process manager ended; the stack is stopped.")
            with contextlib.suppress(*UNREACHABLE):
                given_up = {item.name for item in self.supervisor.states() if item.state == "FATAL"}
                for name in sorted(given_up - known):
                    complain(_gave_up(name, self.supervisor.log_tail(name)))
                known = given_up

    def stop(self) -> None:
        """Stop everything in reverse order; processes that do not obey are killed."""
        if self._manager is not None:
            self._await_settled()
            limit = sum(program.stop_seconds for program in self._programs) + 10
            # A signal and not a call: it works while the manager is still starting, too.
            self._manager.terminate()
            with contextlib.suppress(TimeoutExpired):
                self._manager.wait(timeout=limit)
        # Whatever is left lost its manager, or was started in the moment of the interruption.
        self._stop_orphans(quiet=True)
        if self._manager is not None:
            self._manager.wait(timeout=10)
            self._manager = None
        state.clear(self.paths)
        self.paths.forget_socket()

    def _await_settled(self) -> None:
        """Wait until no program is in its first moment.

        Between supervisord's fork and the program itself a signal is taken and forgotten:
        supervisord would wait for the whole of the program's time to stop.
        """
        deadline = time.monotonic() + _SETTLE_SECONDS
        with contextlib.suppress(*UNREACHABLE):
            while any(item.state == "STARTING" for item in self.supervisor.states()):
                if time.monotonic() > deadline:
                    return
                time.sleep(0.05)

    def _start_manager(self) -> None:
        self._manager = self.supervisor.spawn(self._programs, self.env)
        deadline = time.monotonic() + 20
        while not self.supervisor.is_up():
            if self._manager.poll() is not None or time.monotonic() > deadline:
                raise not_started(self.paths)
            time.sleep(0.05)
        self.note_running(is_detached=False)

    def _start_postgres(self, *, may_create_databases: bool) -> None:
        port = self.ports[programs.POSTGRES]
        passwords = postgres_roles.Passwords(
            superuser=self._secret("postgres-password"),
            owner=self._secret("owner-password"),
            app=self._secret("app-password"),
        )
        readiness.wait_for(
            self.supervisor,
            programs.POSTGRES,
            readiness.postgres(port, passwords),
            seconds=_SERVER_SECONDS,
        )
        try:
            postgres_roles.prepare(port, passwords, may_create_databases=may_create_databases)
        except psycopg.Error as exc:
            raise StackError(f"Postgres could not be set up: {exc}") from exc

    def _await_application(self, name: str) -> None:
        ready = {
            "gateway": readiness.answers(self.options.gateway, "/healthz"),
            "console": readiness.answers(self.options.console, "/api/v1/session/"),
        }.get(name, readiness.running(self.supervisor, name))
        readiness.wait_for(self.supervisor, name, ready, seconds=_APPLICATION_SECONDS)

    def _stop_orphans(self, *, quiet: bool = False) -> None:
        data = self._home.data if self._home is not None else None
        if not orphans.find(self.paths.var, data):
            return
        with step("Left over from a killed run: stopped", quiet=quiet):
            orphans.stop(self.paths.var, data)

    def _secret(self, name: str) -> str:
        return secret_files.read(self.paths, name)


def open_stack(
    options: Options, environ: Mapping[str, str], *, with_applications: bool = True
) -> Stack:
    """Check the disk and make the data folder, so that it can be locked."""
    disk.check(options.var, least_mb=options.least_free_mb)
    stack = Stack(options, environ, with_applications=with_applications)
    stack.paths.prepare()
    return stack


def _gave_up(name: str, log: str) -> StackError:
    return StackError(
        f"{name} keeps failing and was given up; the other processes go on.",
        details=log,
        advice="Correct the cause, then stop and start the stack.",
    )
