"""What each client wants in its configuration, and where that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from metaclaw_web.cli.connect import json5_text, toml_text, yaml_text
from metaclaw_web.cli.connect.changes import Change, value_at

PROVIDER = "metaclaw"
OPENCLAW_APIS = ("openai-completions", "anthropic-messages", "openai-responses")

Environ = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a client shall send its requests. ``model`` may be empty where it is optional."""

    url: str
    key: str
    model: str = ""
    api: str = OPENCLAW_APIS[0]


@dataclass(frozen=True, slots=True)
class Client:
    """One agent program. ``text`` is the module that edits its format."""

    title: str
    text: ModuleType
    locate: Callable[[Path, Environ], Path]
    changes: Callable[[Target, Mapping[str, Any]], list[Change]]
    warnings: Callable[[Mapping[str, Any], Environ], list[str]]
    needs_model: bool
    then: str


def _folder(environ: Environ, name: str, otherwise: Path) -> Path:
    """What a variable of the client's own says, else its usual place."""
    chosen = environ.get(name, "").strip()
    return Path(chosen).expanduser() if chosen else otherwise


def _no_warnings(document: Mapping[str, Any], environ: Environ) -> list[str]:
    return []


def _claude_code(target: Target, document: Mapping[str, Any]) -> list[Change]:
    values = {"ANTHROPIC_BASE_URL": target.url, "ANTHROPIC_AUTH_TOKEN": target.key}
    if value_at(document, ("env", "ANTHROPIC_API_KEY")):
        # With two credentials Claude Code sends both, and a request with two keys is refused.
        values["ANTHROPIC_API_KEY"] = ""
    if target.model:
        # Small jobs such as titles go to another model unless it is told otherwise.
        values["ANTHROPIC_DEFAULT_HAIKU_MODEL"] = target.model
    changes = [Change(("env", name), value) for name, value in values.items()]
    return [*changes, Change(("model",), target.model)] if target.model else changes


def _claude_code_warnings(document: Mapping[str, Any], environ: Environ) -> list[str]:
    warnings = []
    if (
        environ.get("ANTHROPIC_API_KEY")
        and value_at(document, ("env", "ANTHROPIC_API_KEY")) is None
    ):
        warnings.append(
            "ANTHROPIC_API_KEY is set in this shell: Claude Code would send it too. Unset it."
        )
    if document.get("apiKeyHelper"):
        warnings.append("The file has an apiKeyHelper: remove it, its key would be sent as well.")
    return warnings


def _codex(target: Target, document: Mapping[str, Any]) -> list[Change]:
    own = ("model_providers", PROVIDER)
    changes = [Change(("model_provider",), PROVIDER)]
    if target.model:
        changes.append(Change(("model",), target.model))
    return [
        *changes,
        Change((*own, "name"), "MetaClaw"),
        Change((*own, "base_url"), f"{target.url}/v1"),
        Change((*own, "wire_api"), "responses"),
        Change((*own, "experimental_bearer_token"), target.key),
    ]


def _openclaw(target: Target, document: Mapping[str, Any]) -> list[Change]:
    own = ("models", "providers", PROVIDER)
    # Its Anthropic client adds /v1 itself.
    base_url = target.url if target.api == "anthropic-messages" else f"{target.url}/v1"
    listed = value_at(document, (*own, "models"))
    models = listed if isinstance(listed, list) else []
    if not any(isinstance(one, dict) and one.get("id") == target.model for one in models):
        models = [*models, {"id": target.model, "name": target.model}]
    changes = [
        Change((*own, "baseUrl"), base_url),
        Change((*own, "apiKey"), target.key),
        Change((*own, "api"), target.api),
        Change((*own, "models"), models),
    ]
    if value_at(document, own) is None:
        changes = [Change(own, {one.path[-1]: one.value for one in changes})]
    return [*changes, *_openclaw_choice(f"{PROVIDER}/{target.model}", document)]


def _openclaw_choice(name: str, document: Mapping[str, Any]) -> list[Change]:
    """Make the model the agents' own, in whichever form the file chooses one."""
    defaults = ("agents", "defaults")
    is_short = isinstance(value_at(document, (*defaults, "model")), str)
    changes = [Change((*defaults, "model") if is_short else (*defaults, "model", "primary"), name)]
    allowed = value_at(document, (*defaults, "modelPolicy", "allow"))
    if isinstance(allowed, list) and allowed and name not in allowed:
        changes.append(Change((*defaults, "modelPolicy", "allow"), [*allowed, name]))
    return changes


def _hermes(target: Target, document: Mapping[str, Any]) -> list[Change]:
    base_url = f"{target.url}/v1"
    chosen = {"default": target.model, "provider": f"custom:{PROVIDER}"}
    model = document.get("model")
    if isinstance(model, Mapping):
        # Left over from another provider, these would win over the provider's own.
        again = {"base_url": base_url, "api_key": target.key}
        chosen |= {name: value for name, value in again.items() if model.get(name)}
        changes = [Change(("model", name), value) for name, value in chosen.items()]
    else:
        changes = [Change(("model",), chosen)]
    own = {
        "base_url": base_url,
        "api_key": target.key,
        # Tells the gateway which conversation a request belongs to.
        "session_affinity_header": "X-Session-Id",
    }
    return [*changes, *(Change(("providers", PROVIDER, name), own[name]) for name in own)]


CLAUDE_CODE = Client(
    title="Claude Code",
    text=json5_text,
    locate=lambda home, environ: (
        _folder(environ, "CLAUDE_CONFIG_DIR", home / ".claude") / "settings.json"
    ),
    changes=_claude_code,
    warnings=_claude_code_warnings,
    needs_model=False,
    then="Start it with `claude`; `/status` shows the address.",
)
CODEX = Client(
    title="Codex",
    text=toml_text,
    locate=lambda home, environ: _folder(environ, "CODEX_HOME", home / ".codex") / "config.toml",
    changes=_codex,
    warnings=_no_warnings,
    needs_model=False,
    then="Start it with `codex`. Sessions begun with another provider stay with that one.",
)
OPENCLAW = Client(
    title="OpenClaw",
    text=json5_text,
    locate=lambda home, environ: _folder(
        environ,
        "OPENCLAW_CONFIG_PATH",
        _folder(
            environ,
            "OPENCLAW_STATE_DIR",
            _folder(environ, "OPENCLAW_HOME", home) / ".openclaw",
        )
        / "openclaw.json",
    ),
    changes=_openclaw,
    warnings=_no_warnings,
    needs_model=True,
    then="A running OpenClaw gateway reads the file again by itself.",
)
HERMES = Client(
    title="Hermes",
    text=yaml_text,
    locate=lambda home, environ: _folder(environ, "HERMES_HOME", home / ".hermes") / "config.yaml",
    changes=_hermes,
    warnings=_no_warnings,
    needs_model=True,
    then="Start it with `hermes`; a running one takes it over with /reset.",
)
CLIENTS = {"openclaw": OPENCLAW, "claude-code": CLAUDE_CODE, "codex": CODEX, "hermes": HERMES}
