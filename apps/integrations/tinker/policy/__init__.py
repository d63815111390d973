"""Answers of policies: chat completions sampled through the Tinker SDK, as a small server of its
own beside the gateway.

It holds no database and no secrets but those of the request in hand; the gateway alone talks to
it. What it says of an answer besides its text are the tokens and log-probabilities of its
sampler, verbatim.
"""

from typing import Final

# Where the policy is, and how long an answer may take; the key comes as to any provider.
TRAINER_HEADER: Final = "x-tinker-url"
PATIENCE_HEADER: Final = "x-patience-seconds"
# Present where another provider would answer at once: then nothing is waited out.
STAND_IN_HEADER: Final = "x-has-stand-in"
# On an error: somebody else may well be able to answer. Why not this one, in a word.
CANNOT_HEADER: Final = "x-policy-cannot"
ANSWER_PATH: Final = "/v1/answer"
