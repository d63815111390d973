"""For any other client: the variables that the SDKs read, as lines for a shell."""

import shlex

from metaclaw_web.cli import output
from metaclaw_web.cli.connect.clients import Target
from metaclaw_web.cli.connect.shown import masked_key


def print_exports(target: Target, *, secret: bool) -> None:
    """Lines that set the variables. Without ``secret`` those with the key are comments."""
    lines = {
        "OPENAI_BASE_URL": f"{target.url}/v1",
        "OPENAI_API_KEY": target.key,
        "ANTHROPIC_BASE_URL": target.url,
        "ANTHROPIC_AUTH_TOKEN": target.key,
    }
    for name, value in lines.items():
        if value == target.key and not secret:
            _print(f"# export {name}={masked_key(value)}")
        else:
            _print(f"export {name}={shlex.quote(value)}")
    if not secret:
        output.remarks().print(
            'The key is not shown. Into this shell: eval "$(metaclaw connect generic --secret)"',
            soft_wrap=True,
            markup=False,
        )


def _print(line: str) -> None:
    output.results().print(line, soft_wrap=True, markup=False)
