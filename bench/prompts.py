"""What the benchmark asks, and the one skill that fits it."""

import json

from apps.skills.skillmd import SkillDoc, build

SKILL_SLUG = "team-webhook-retries"

_GUIDE = """\
Before you change a file, read it and the tests beside it. Say what you found in two sentences,
then what you are going to change. Prefer the smallest change that solves the task; leave
unrelated code as it is, also where you would write it differently. New code is typed, new
behaviour has a test that fails without it. When a test fails that you did not expect to fail,
stop and say so instead of changing the test. Commands that delete data or touch production are
for people: name them, do not run them. Secrets never go into code, logs, tests or messages; when
you see one, say where it is and go on without it. Amounts are integers in the smallest unit of
their currency, instants are UTC, and identifiers of customers are never written to logs. Database
changes come as migrations that can run while the old version of the service still serves. When
you are done, say what you changed, how it was tested, and what you left out. If the request
cannot be met as it stands, say why in one sentence and offer the closest thing that can.
Explanations are short; tables are used for comparisons only.
"""
_SYSTEM = (
    "You are the coding agent of a small team that runs a payment service. You read the code"
    " before you change it, keep changes small, and say which tests you ran. When something is"
    " unclear you ask one short question. You never invent names of files, functions or settings."
    " Answer in plain sentences; code goes into fenced blocks. The repository is a Python service"
    " with a Postgres database behind it, deployed twice a day by its own pipeline.\n\n"
    + _GUIDE
    + "\nTools: read_file(path), edit_file(path, old, new), run_tests(pattern), search(words).\n"
    + _GUIDE.replace("you", "the agent")
    + _GUIDE.replace("you", "the reviewer")[:640]
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


_THINGS = (
    "invoice", "glossary", "forecast", "warehouse", "newsletter", "contract", "payroll", "survey",
    "catalogue", "roadmap", "translation", "recruiting", "spreadsheet", "podcast", "inventory",
    "dashboard", "recipe", "itinerary", "brochure", "syllabus", "landing page", "press release",
)  # fmt: skip
_DEEDS = (
    "archiving", "naming", "rounding", "sorting", "approving", "numbering", "summarising",
    "illustrating", "dating", "signing", "scheduling", "comparing", "labelling", "printing",
)  # fmt: skip
_TEAMS = ("Lisbon", "Osaka", "Tromso", "Quito", "Accra", "Perth", "Tallinn", "Halifax")


def others(count: int) -> list[SkillDoc]:
    """Skills of other teams that do not fit the request: a library to find the one in."""
    docs = []
    for number in range(count):
        thing = _THINGS[number % len(_THINGS)]
        deed = _DEEDS[number // len(_THINGS) % len(_DEEDS)]
        team = _TEAMS[number // (len(_THINGS) * len(_DEEDS)) % len(_TEAMS)]
        slug = f"{team.lower()}-{deed}-{thing.replace(' ', '-')}-{number}"
        docs.append(
            build(
                slug=slug,
                description=f"Use when {deed} a {thing} for the {team} office.",
                category="general",
                body=_OTHER_BODY.format(team=team, deed=deed, thing=thing),
            )
        )
    return docs


_OTHER_BODY = """\
When {deed} a {thing} for the {team} office:

- Ask which edition of the {thing} is meant when there is more than one.
- Keep the previous {thing} until somebody from {team} confirmed the new one.
- Write down who asked for it and on which day, in the first line.
- After {deed}, send the {thing} to the {team} office and nobody else.
"""


def request_body(*, is_stream: bool) -> bytes:
    """A chat request of about 4 KB. The load generator gives each a number of its own."""
    body = {
        "model": "bench-1",
        "messages": [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": _USER}],
        "temperature": 0.2,
        "max_tokens": 800,
    }
    return json.dumps(body | ({"stream": True} if is_stream else {})).encode()


def large_body() -> bytes:
    """A request of 56 KB as OpenClaw sends it: 45 KB of system prompt, 11 tools."""
    system = (_SYSTEM * (45_000 // len(_SYSTEM) + 1))[:45_000]
    tool = {
        "type": "function",
        "function": {
            "name": "tool",
            "description": _GUIDE[:600],
            "parameters": {"type": "object", "properties": {"path": {"type": "string"}}},
        },
    }
    body = json.loads(request_body(is_stream=False))
    body["messages"][0]["content"] = system
    body["tools"] = [
        json.loads(json.dumps(tool).replace('"tool"', f'"tool_{n}"')) for n in range(11)
    ]
    return json.dumps(body).encode()
