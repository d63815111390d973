"""The processes of the stack: their commands, their order and how they are stopped."""

import os
import sys
from dataclasses import dataclass

from metaclaw_web.stack import postgres, redis_server
from metaclaw_web.stack.options import Options
from metaclaw_web.stack.paths import Paths
from metaclaw_web.stack.postgres_home import PostgresHome

POSTGRES = "postgres"
REDIS = "redis"
SERVERS = (POSTGRES, REDIS)
# Where the tokenizers of models come from, and are kept.
_OF_TOKENIZERS = (
    "HOME",
    "HF_ENDPOINT",
    "HF_HOME",
    "HF_HUB_OFFLINE",
    "HF_TOKEN",
    "SSL_CERT_FILE",
)


@dataclass(frozen=True)
class Program:
    """One supervised process. Lower priorities start first and stop last."""

    name: str
    command: list[str]
    priority: int
    stop_seconds: int
    stop_signal: str = "TERM"
    user: str = ""
    start_retries: int = 3


def servers(
    options: Options,
    paths: Paths,
    home: PostgresHome | None,
    ports: dict[str, int],
    *,
    redis_password: str,
    is_durable: bool = True,
) -> list[Program]:
    """The embedded database servers that this stack needs."""
    programs = []
    if home is not None:
        line = postgres.command(home, port=ports[POSTGRES], is_durable=is_durable)
        programs.append(
            Program(
                name=POSTGRES,
                command=_bare(line, paths),
                priority=10,
                # Fast shutdown: ends sessions and writes a checkpoint. TERM would wait for them.
                stop_signal="INT",
                stop_seconds=90,
                user=home.account.name,
                # After a crash the old workers have to go before a new server may start.
                start_retries=10,
            )
        )
    if options.has_own_redis:
        conf = redis_server.write_conf(paths, port=ports[REDIS], password=redis_password)
        line = _bare(redis_server.command(conf), paths)
        programs.append(Program(name=REDIS, command=line, priority=20, stop_seconds=20))
    return programs


def applications(options: Options, paths: Paths) -> list[Program]:
    """The product's own processes, which find their settings in the environment."""
    manage = [sys.executable, "manage.py"]
    # Where processors are short, serving and recording come before learning.
    behind = ["/usr/bin/env", "nice", "-n", "5"]
    celery = [*behind, sys.executable, "-m", "celery", "-A", "metaclaw_web"]
    console = options.console
    programs = [
        Program("recorder", [*manage, "run_recorder"], priority=30, stop_seconds=20),
        Program(
            "worker",
            [
                *celery,
                *("worker", "-Q", "fast,slow", "-c", str(options.worker_processes)),
                *("--prefetch-multiplier", "1", "--without-gossip", "--without-mingle"),
                *("-n", f"worker-{paths.digest}@%h", "--loglevel", "INFO"),
            ],
            priority=40,
            stop_seconds=30,
        ),
        Program(
            "train",
            [
                *celery,
                # It mostly waits for a trainer: one process, without a second that watches it.
                *("worker", "-Q", "train", "-P", "solo", "--prefetch-multiplier", "1"),
                *("--without-gossip", "--without-mingle"),
                *("-n", f"train-{paths.digest}@%h", "--loglevel", "INFO"),
            ],
            priority=40,
            stop_seconds=30,
        ),
        Program(
            "beat",
            [
                *celery,
                *("beat", "-s", str(paths.run / "beat-schedule"), "--pidfile="),
                *("--loglevel", "WARNING"),
            ],
            priority=50,
            stop_seconds=10,
        ),
        Program(
            "console",
            [
                *(sys.executable, "-m", "daphne", "--no-server-name"),
                *("-b", console.host, "-p", str(console.port)),
                # The access log goes nowhere: it would name every address and session.
                *("--access-log", os.devnull),
                "metaclaw_web.asgi:application",
            ],
            priority=60,
            stop_seconds=10,
        ),
    ]
    if options.practice is not None:
        port = str(options.practice.port)
        line = [sys.executable, "-m", "apps.integrations.practice", "--port", port]
        programs.append(Program("practice", line, priority=70, stop_seconds=10))
    if options.embedder is not None:
        port = str(options.embedder.port)
        one_core = ["/usr/bin/env", "OPENBLAS_NUM_THREADS=1"]
        line = [*one_core, sys.executable, "-m", "apps.integrations.embeddings.local"]
        line += ["--port", port]
        programs.append(Program("embedder", line, priority=70, stop_seconds=10))
    if options.policy is not None:
        line = _bare(_policy(options, options.policy.port), paths, *_OF_TOKENIZERS)
        programs.append(Program("policy", line, priority=70, stop_seconds=10))
    gateway = [sys.executable, "-m", "metaclaw_web.gateway"]
    # Last to start and first to stop: what it is answering may take half a minute to finish.
    programs.append(Program("gateway", gateway, priority=80, stop_seconds=40))
    return programs


def _policy(options: Options, port: int) -> list[str]:
    """It reads what strangers' servers say: it gets no secrets."""
    line = [sys.executable, "-m", "apps.integrations.tinker.policy", "--port", str(port)]
    return [*line, "--allow-private"] if options.allow_private_upstreams else line


def _bare(command: list[str], paths: Paths, *names: str) -> list[str]:
    """Start a program without the secrets that the environment of the other processes holds.

    ``names``: variables that it may have all the same.
    """
    keep = [f"METACLAW_STACK={paths.var}", f"PATH={os.defpath}", "LC_ALL=C"]
    keep += [f"{name}={os.environ[name]}" for name in names if name in os.environ]
    return ["/usr/bin/env", "-i", *keep, *command]
