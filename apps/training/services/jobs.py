"""What training jobs hear of windows."""

from uuid import UUID


def window_opened(*, tenant_id: UUID, window_id: UUID) -> None:
    """A window opened, perhaps again. Called in the transaction that opens it."""


def window_closed(*, tenant_id: UUID, window_id: UUID) -> None:
    """A window closed, for good or until people are quiet again."""
