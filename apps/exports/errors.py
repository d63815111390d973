from apps.core.errors import Conflict, Forbidden, Invalid, NotFound


class ExportNotReady(Conflict):
    """Its file is not there yet, or not any more."""

    code = "export_not_ready"


class ExportImpossible(Invalid):
    code = "export_impossible"


class CertificateNotFound(NotFound):
    code = "certificate_not_found"


class NotAnOwner(Forbidden):
    code = "not_an_owner"


class WrongName(Invalid):
    """The name that was typed is not the workspace's."""

    code = "wrong_name"


class DeletionBegun(Conflict):
    """Too late to undo."""

    code = "deletion_begun"
