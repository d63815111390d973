from apps.core.errors import Conflict, Invalid, NotFound


class ExportNotReady(Conflict):
    """Its file is not there yet, or not any more."""

    code = "export_not_ready"


class ExportImpossible(Invalid):
    code = "export_impossible"


class CertificateNotFound(NotFound):
    code = "certificate_not_found"


class WrongName(Invalid):
    """The name that was typed is not the workspace's."""

    code = "wrong_name"
