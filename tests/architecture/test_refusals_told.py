"""Whatever is wrong with a request is told in the language of whoever reads it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.test_isolation import ENTRIES, WITH_BODY, call, owner_of

FORMS = [(route, method) for route, method in WITH_BODY if ENTRIES[route].form == "json"]
# In the place of each field of a body that would be taken.
UNFIT = ["", -1, "\N{WINKING FACE}"]


def untold(texts: Any, said: Any) -> Iterator[str]:
    """Texts that are there in English only."""
    if isinstance(texts, str):
        if texts.isascii() and not said:
            yield texts
    elif isinstance(texts, dict):
        for name, inner in texts.items():
            yield from untold(inner, said[name])
    else:
        for inner, beside in zip(texts, said, strict=True):
            yield from untold(inner, beside)


@pytest.mark.parametrize("route, method", FORMS)
def test_what_is_wrong_with_a_request_can_be_told_in_chinese(ours, route, method, settings):
    settings.METACLAW_GATEWAY_URL = "http://127.0.0.1:9"
    client = owner_of(ours)
    client.credentials(HTTP_ACCEPT_LANGUAGE="zh-Hans")
    taken = ENTRIES[route].body(ours)
    bodies = [{}, *({**taken, name: value} for name in taken for value in UNFIT)]

    answers = [call(client, method, route, ours, body=body) for body in bodies]

    problems = [answer.json() for answer in answers if answer.status_code >= 400]
    english = {
        text
        for one in problems
        for text in [
            *untold(one["detail"], one.get("detail_said")),
            *untold(one.get("fields", {}), one.get("fields_said", {})),
        ]
    }
    assert english == set()
