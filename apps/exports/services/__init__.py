from apps.exports.services.asking import (
    EXPORT_KIND,
    export_ask,
    export_fetched,
    export_remove,
    exports_sweep,
)
from apps.exports.services.disk import archive_path
from apps.exports.services.keys import signer_get, signing_key_rotate
from apps.exports.services.running import export_run

__all__ = [
    "EXPORT_KIND",
    "archive_path",
    "export_ask",
    "export_fetched",
    "export_remove",
    "export_run",
    "exports_sweep",
    "signer_get",
    "signing_key_rotate",
]
