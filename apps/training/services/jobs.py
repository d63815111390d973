"""What training jobs hear of windows."""

from uuid import UUID

from apps.live.events import Changed, publish_on_commit


def window_opened(*, tenant_id: UUID, window_id: UUID) -> None:
    """A window opened, perhaps again. Called in the transaction that opens it."""
    publish_on_commit(tenant_id, Changed("training.window", str(window_id), "open"))


def window_closed(*, tenant_id: UUID, window_id: UUID) -> None:
    """A window closed, for good or until people are quiet again."""
    publish_on_commit(tenant_id, Changed("training.window", str(window_id), "closed"))
