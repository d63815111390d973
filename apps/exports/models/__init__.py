from apps.exports.models.deletion import Deletion, DeletionCertificate
from apps.exports.models.export import Export, ExportFile
from apps.exports.models.signing import SigningKey

__all__ = ["Deletion", "DeletionCertificate", "Export", "ExportFile", "SigningKey"]
