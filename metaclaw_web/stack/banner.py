"""What the terminal shows once everything runs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from metaclaw_web.stack.options import Options
from metaclaw_web.stack.paths import Paths

_RULE = "-" * 78


def render(
    options: Options, paths: Paths, made: Mapping[str, Any] | None, *, is_detached: bool
) -> str:
    """The whole text; keys and password are in it on the first start only."""
    parts = [
        _RULE,
        f"  Console   {options.console_url}",
        f"  Gateway   {options.gateway_url}",
        "",
        *(_keys(made, paths) if made else [_later(paths)]),
        "",
    ]
    if made:
        parts += ["  Try it:", "", *_curl(options, str(made["api_key"])), ""]
    if options.practice is not None:
        parts += [
            "  The practice model runs, because METACLAW_UPSTREAM_URL is not set. Its answers are",
            "  SIMULATED. Add a provider in the console under Upstreams, or set that variable,",
            "  METACLAW_UPSTREAM_KEY and METACLAW_UPSTREAM_MODEL and start again.",
            "",
        ]
    if options.allow_private_upstreams:
        parts += [
            "  Providers at private addresses are allowed, for model servers near this machine.",
            "  METACLAW_ALLOW_PRIVATE_UPSTREAMS=0 forbids them.",
            "",
        ]
    parts.append(f"  Logs      {_short(paths.logs)}")
    parts.append("  Stop      make stop" if is_detached else "  Stop      Ctrl-C")
    return "\n".join([*parts, _RULE])


def _keys(made: Mapping[str, Any], paths: Paths) -> list[str]:
    return [
        f"  Sign in   {made['email']}",
        f"  Password  {made['password']}",
        f"  API key   {made['api_key']}   (for agents)",
        f"  Admin key {made['admin_key']}   (for scripts)",
        "",
        f"  Shown this once. They are kept in {_short(paths.first_run)}.",
    ]


def _later(paths: Paths) -> str:
    if paths.first_run.exists():
        return f"  Sign-in and keys are in {_short(paths.first_run)}."
    return "  Sign in as before; new keys are made in the console under Keys."


def _curl(options: Options, api_key: str) -> list[str]:
    body = {
        "model": options.model,
        "messages": [{"role": "user", "content": "Hello"}],
    }
    return [
        f"  curl {options.gateway_url}/v1/chat/completions \\",
        f"    -H 'Authorization: Bearer {api_key}' \\",
        "    -H 'Content-Type: application/json' \\",
        f"    -d '{json.dumps(body)}'",
    ]


def _short(path: Path) -> str:
    """Relative to the working folder when that is shorter to read."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
