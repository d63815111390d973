"""Command line of the launcher: `python -m metaclaw_web.stack`."""

import argparse
import sys
from collections.abc import Sequence

from metaclaw_web.env import BadSetting
from metaclaw_web.stack import browser, commands, console_build, disk
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.node import run_npm
from metaclaw_web.stack.steps import complain, say

_TAKES_A_LINE = ("exec", "npm")


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Split here: what argparse does with a second "--" differs between Python versions.
    split = given.index("--") if "--" in given else len(given)
    parser = _parser()
    options = parser.parse_args(given[:split])
    line = given[split + 1 :]
    if options.command in _TAKES_A_LINE and not line:
        parser.error(f"{options.command} needs -- and what to run after it")
    if options.command not in _TAKES_A_LINE and line:
        parser.error(f"{options.command} takes nothing after --")
    try:
        return _dispatch(options, line)
    except BadSetting as exc:
        complain(StackError(str(exc), advice="`.env.example` lists every variable."))
    except StackError as exc:
        complain(exc)
    except OSError as exc:
        complain(_explain(exc))
    return 1


def _explain(error: OSError) -> StackError:
    """A refusal of the system, which names a file; one that names none is a bug of ours."""
    if disk.is_full(error):
        return disk.full(error.filename or "the data folder")
    if error.filename is None:
        raise error
    return StackError(
        f"{error.filename}: {error.strerror}.",
        advice="METACLAW_VAR_DIR chooses another data folder.",
    )


def _dispatch(options: argparse.Namespace, line: list[str]) -> int:
    match options.command:
        case "run":
            return commands.run(is_detached=options.detach, resets_access=options.reset_access)
        case "stop":
            return commands.stop()
        case "status":
            return commands.status()
        case "exec":
            return commands.execute(line, is_full=options.full, folder=options.var)
        case "build-console":
            console_build.build()
        case "npm":
            console_build.install()
            run_npm(line)
        case "browser":
            say(str(browser.find_or_install()))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m metaclaw_web.stack", description=__doc__)
    commands_ = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands_.add_parser("run", help="start everything and wait for Ctrl-C")
    run.add_argument("--detach", action="store_true", help="return once everything runs")
    run.add_argument(
        "--reset-access",
        action="store_true",
        help="make a new password for the owner and new keys: for when they are lost",
    )
    commands_.add_parser("stop", help="stop everything")
    commands_.add_parser("status", help="show the processes (exit code 3: not running)")
    beside = commands_.add_parser(
        "exec", help="exec -- COMMAND: run it beside throw-away servers, then stop them"
    )
    beside.add_argument("--var", help="keep the data in this folder (default: a temporary one)")
    beside.add_argument(
        "--full", action="store_true", help="start the whole stack, not only Postgres and Redis"
    )
    commands_.add_parser("build-console", help="build the console if its sources changed")
    commands_.add_parser("npm", help="npm -- ARGUMENTS: run npm for the console")
    commands_.add_parser("browser", help="print a Chromium's path, installing it if need be")
    return parser


if __name__ == "__main__":
    sys.exit(main())
