"""supervisord's configuration file."""

import os
import resource
import shlex
from collections.abc import Iterable

from metaclaw_web.stack.paths import ROOT, Paths
from metaclaw_web.stack.programs import Program

# supervisord closes every descriptor up to this number before each start: enough for thousands
# of open streams, and still quick.
_DESCRIPTORS = 8192


def render(paths: Paths, programs: Iterable[Program]) -> str:
    """The whole file. Nothing starts by itself: the launcher starts one after the other."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    descriptors = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    sections = [
        _section(
            "unix_http_server",
            file=str(paths.socket),
            chmod="0700",
        ),
        _section(
            "supervisord",
            nodaemon="true",
            silent="true",
            logfile=str(paths.logs / "supervisord.log"),
            logfile_maxbytes="5MB",
            logfile_backups="2",
            pidfile=str(paths.run / "supervisord.pid"),
            childlogdir=str(paths.logs),
            directory=str(ROOT),
            umask="077",
            minfds=str(descriptors),
            # Without the line supervisord warns that it runs as root.
            **({"user": "root"} if os.getuid() == 0 else {}),
        ),
        "[rpcinterface:supervisor]\n"
        "supervisor.rpcinterface_factory ="
        " supervisor.rpcinterface:make_main_rpcinterface\n",
    ]
    return "\n".join([*sections, *(_program(paths, program) for program in programs)])


def _program(paths: Paths, program: Program) -> str:
    return _section(
        f"program:{program.name}",
        command=shlex.join(program.command),
        directory="/" if program.user else str(ROOT),
        priority=str(program.priority),
        autostart="false",
        autorestart="true",
        startsecs="1",
        startretries=str(program.start_retries),
        stopsignal=program.stop_signal,
        stopwaitsecs=str(program.stop_seconds),
        killasgroup="true",
        redirect_stderr="true",
        stdout_logfile=str(paths.logs / f"{program.name}.log"),
        stdout_logfile_maxbytes="10MB",
        stdout_logfile_backups="3",
        **({"user": program.user} if program.user else {}),
    )


def _section(title: str, **values: str) -> str:
    # A percent sign starts an expansion in this format.
    lines = [f"{name} = {value.replace('%', '%%')}" for name, value in values.items()]
    return "\n".join([f"[{title}]", *lines, ""])
