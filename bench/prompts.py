"""What the benchmark asks, and the one skill that fits it."""

import json

from apps.skills.skillmd import SkillDoc, build

SKILL_SLUG = "team-webhook-retries"

_SYSTEM = (
    "You are the coding agent of a small team that runs a payment service. You read the code"
    " before you change it, keep changes small, and say which tests you ran. When something is"
    " unclear you ask one short question. You never invent names of files, functions or settings."
    " Answer in plain sentences; code goes into fenced blocks. The repository is a Python service"
    " with a Postgres database behind it, deployed twice a day by its own pipeline."
)
_USER = (
    "Our webhook sender gives up at the first connection error, and yesterday we lost forty"
    " events that way. Please write a retry decorator with exponential backoff and jitter for the"
    " function send_event in sender.py. It should try five times, wait one second at first and"
    " never longer than thirty, and retry only on connection errors and on status 502, 503 and"
    " 504. Keep the signature of send_event as it is, and show me how to test the waiting times"
    " without really waiting. The ticket has the number 0000000000."
)
_BODY = """\
When you write code that calls something again after a failure:

- Retry only what is safe to repeat; send an idempotency key with everything else.
- Wait longer each time (exponential backoff), with full jitter, up to a stated longest wait.
- Honour `Retry-After` when the server sends one; it knows better than the formula.
- Give up after a stated number of tries or a stated total time, and raise the last error.
- Log each retry with its number and the reason, never the payload.
- Pass the clock and the sleep in as arguments, so that tests do not wait.

```python
wait = random.uniform(0, min(longest, first * 2**attempt))
```
"""


def skill() -> SkillDoc:
    return build(
        slug=SKILL_SLUG,
        description=(
            "Use when writing a retry decorator or retry loop: exponential backoff, jitter,"
            " connection errors, status 502, 503, 504, webhook senders."
        ),
        category="coding",
        body=_BODY,
    )


def request_body(*, is_stream: bool) -> bytes:
    """A chat request of about 1 KB. The load generator gives each a number of its own."""
    body = {
        "model": "bench-1",
        "messages": [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": _USER}],
        "temperature": 0.2,
        "max_tokens": 800,
    }
    return json.dumps(body | ({"stream": True} if is_stream else {})).encode()
