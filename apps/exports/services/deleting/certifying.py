"""The signed word that a workspace is gone."""

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.core.clock import now
from apps.exports.container.manifest import CERTIFICATE_FORMAT
from apps.exports.container.signing import canonical
from apps.exports.models import Deletion, DeletionCertificate
from apps.exports.services.keys import signer_get
from apps.tenants.models import Tenant


def certificate_write(tenant: Tenant, deletion: Deletion) -> None:
    """Certify what ``deletion`` says is gone, in the transaction in which the last of it goes."""
    signer = signer_get()
    document: dict[str, Any] = {
        "format": CERTIFICATE_FORMAT,
        "product": {"name": "MetaClaw Web", "version": settings.METACLAW_VERSION},
        "certificate_id": str(deletion.certificate_id),
        "workspace": tenant.slug,
        # Whoever knows the id can tell that it was this one; nothing here holds it any more.
        "workspace_id_sha256": workspace_digest(tenant.id),
        "asked_by": deletion.asked_by,
        "asked_at": deletion.created_at.isoformat(),
        "began_at": tenant.deleting_since and tenant.deleting_since.isoformat(),
        "finished_at": now().isoformat(),
        "rows": deletion.gone | {"tenants.tenant": 1},
        "files": deletion.files,
        "redis_keys": deletion.redis_keys,
        "at_providers": {
            "deleted": deletion.at_providers or 0,
            "left": deletion.left_at_providers,
        },
        "key_id": signer.key_id,
    }
    raw = canonical(document)
    DeletionCertificate.objects.create(
        id=deletion.certificate_id,
        reader_id=deletion.asked_by_id,
        workspace=tenant.slug,
        document=raw.decode(),
        signature=signer.sign(raw).packed().decode(),
    )


def workspace_digest(tenant_id: UUID) -> str:
    return hashlib.sha256(str(tenant_id).encode()).hexdigest()
