"""What an error of the REST interface says, as codes."""

from typing import Any


def codes_in(said: Any) -> list[str]:
    """The codes of all sentences beneath a field of ``fields_said``, in order.

    What the framework says itself has none: it comes in the language of the request.
    """
    if isinstance(said, dict):
        return [said["code"]] if "code" in said else codes_in(list(said.values()))
    return [code for one in said for code in codes_in(one)]
