"""What the demo needs to know of the workspace before it starts."""

from dataclasses import dataclass

from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError

_INJECTING = ("skills", "auto")


@dataclass(frozen=True, slots=True)
class Serving:
    upstream: str
    kind: str
    model: str
    is_simulated: bool


def serving_get(console: ConsoleApi) -> Serving:
    """Raises CliError where the demo could only fail: no upstream, or skills switched off."""
    serving = console.get("overview/").get("serving")
    if serving is None:
        raise CliError("The workspace has no upstream.", "Add one on the console's Upstreams page.")
    if console.get("settings/").get("mode") not in _INJECTING:
        raise CliError(
            "The workspace only observes: no skill is put into prompts.",
            "Set its mode to “skills” in the settings.",
        )
    return Serving(
        upstream=str(serving["upstream"]),
        kind=str(serving["kind"]),
        model=str(serving["model"]),
        is_simulated=bool(serving["is_simulated"]),
    )


def skill_tokens(console: ConsoleApi, slugs: set[str]) -> dict[str, int]:
    """Estimated prompt size of each skill."""
    return {slug: int(console.get(f"skills/{slug}/")["tokens"]) for slug in sorted(slugs)}
