"""A small agent and its user, for docs/tutorial-learning.md: ``python agent.py SESSIONS``.

The agent asks a model for dates. Its user knows a rule that no request names, and says after
each answer whether it was kept. Needs the `openai` package and METACLAW_GATEWAY_URL and
METACLAW_API_KEY in the environment.
"""

import os
import re
import sys
from uuid import uuid4

from openai import OpenAI

SUBJECTS = (
    "the maintenance window",
    "the stock count in the depot",
    "the safety training",
    "the yearly audit",
    "the meeting with the customs office",
)
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)")


def main(sessions: int) -> None:
    client = OpenAI(
        base_url=f"{os.environ['METACLAW_GATEWAY_URL']}/v1",
        api_key=os.environ["METACLAW_API_KEY"],
    )
    kept = 0
    for number in range(sessions):
        kept += one_session(client, number)
    print(f"{kept} of {sessions} answers kept the rule")


def one_session(client: OpenAI, number: int) -> bool:
    subject = SUBJECTS[number % len(SUBJECTS)]
    said = [
        {
            "role": "user",
            "content": f"When does {subject} {number} start? Give me the exact date and time.",
        }
    ]
    session = {"X-Session-Id": str(uuid4())}
    answer = client.chat.completions.create(
        model="practice-1", messages=said, extra_headers=session
    )
    text = answer.choices[0].message.content or ""
    is_kept = bool(ISO.search(text))
    remark = (
        "Thanks, that keeps our house rule."
        if is_kept
        else "That breaks our house rule: dates and times must be ISO 8601 with the UTC offset."
    )
    said += [{"role": "assistant", "content": text}, {"role": "user", "content": remark}]
    client.chat.completions.create(
        model="practice-1", messages=said, extra_headers=session | {"X-Session-Done": "true"}
    )
    print(f"{'kept ' if is_kept else 'broke'}  {text}")
    return is_kept


if __name__ == "__main__":
    main(int(sys.argv[1]))
