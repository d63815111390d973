from apps.exports.services.asking import (
    EXPORT_KIND,
    export_ask,
    export_fetched,
    export_remove,
    exports_sweep,
)
from apps.exports.services.deleting import (
    DELETE_KIND,
    deletion_ask,
    deletion_undo,
    deletions_sweep,
    workspace_delete,
)
from apps.exports.services.disk import archive_path
from apps.exports.services.keys import signer_get, signing_key_rotate
from apps.exports.services.running import export_run

__all__ = [
    "DELETE_KIND",
    "EXPORT_KIND",
    "archive_path",
    "deletion_ask",
    "deletion_undo",
    "deletions_sweep",
    "export_ask",
    "export_fetched",
    "export_remove",
    "export_run",
    "exports_sweep",
    "signer_get",
    "signing_key_rotate",
    "workspace_delete",
]
