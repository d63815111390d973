"""System prompts and tool lists as they are read, stored once a tenant."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from apps.core.ids import uuid7
from apps.trajectories.models import Blob
from apps.trajectories.storable import storable

_KNOWN_MAX = 20_000

# Which content of which tenant has which id. Only what is committed is in here.
_known: OrderedDict[tuple[UUID, bytes], UUID] = OrderedDict()


def digest_of(content: Any) -> bytes | None:
    """What content is known by; None where there is nothing to store."""
    if content in (None, "", []):
        return None
    try:
        text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    except TypeError:
        # Halves of surrogate pairs, numbers of more than 64 bits.
        text = json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
    return hashlib.sha256(text).digest()


def blobs_ensure(*, tenant_id: UUID, contents: Iterable[tuple[bytes, Any]]) -> dict[bytes, UUID]:
    """The ids of these contents, by digest; those that are not there yet are stored."""
    wanted = dict(contents)
    found = {
        digest: _known[tenant_id, digest] for digest in wanted if (tenant_id, digest) in _known
    }
    new = sorted(wanted.keys() - found.keys())
    if not new:
        return found
    rows = [
        Blob(id=uuid7(), tenant_id=tenant_id, sha256=digest, content=storable(wanted[digest]))
        for digest in new
    ]
    Blob.objects.bulk_create(rows, ignore_conflicts=True)
    stored = Blob.objects.for_tenant(tenant_id).filter(sha256__in=new)
    added = {bytes(digest): row_id for digest, row_id in stored.values_list("sha256", "id")}
    transaction.on_commit(lambda: _keep(tenant_id, added))
    return found | added


def _keep(tenant_id: UUID, added: dict[bytes, UUID]) -> None:
    _known.update({(tenant_id, digest): row_id for digest, row_id in added.items()})
    while len(_known) > _KNOWN_MAX:
        _known.popitem(last=False)


def forget() -> None:
    """Look everything up again: what is known may have been deleted as unused."""
    _known.clear()
