"""A server of the Tinker API on this machine: LoRA adapters trained and sampled with torch.

It is a process of its own, not a Django app, and knows no other app: whoever uses it speaks to it
with the ``tinker`` SDK, as to the cloud. See docs/trainer.md.
"""

from typing import Final

DEMO_MODEL: Final = "local/demo-1"
KEY_PREFIX: Final = "tml-local-"
