"""Tasks and prompts that no policy is trained on: its checkpoints are tried on them."""

from hashlib import blake2b

# One of so many. By its name, so that it stays out whatever else is in the file.
EVERY = 5


def is_held_out(name: str) -> bool:
    """Whether it is for gates alone, and never for training. ``name``: of a task its id; of a
    recorded prompt what the user said, so that the same words are on one side always."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) % EVERY == 0
