from apps.exports.services.deleting.asking import (
    DELETE_KIND,
    deletion_ask,
    deletion_undo,
    deletions_sweep,
)
from apps.exports.services.deleting.running import workspace_delete

__all__ = [
    "DELETE_KIND",
    "deletion_ask",
    "deletion_undo",
    "deletions_sweep",
    "workspace_delete",
]
