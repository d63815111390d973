"""What Redis holds of a workspace: every key whose name has its id, whoever made it."""

from uuid import UUID

from apps.core.bell import redis_client

_AT_ONCE = 500


def redis_keys_delete(tenant_id: UUID) -> int:
    """Raises RedisError where Redis is away: then it is not known to be clean."""
    gone = 0
    with redis_client() as client:
        for name in (tenant_id.hex, str(tenant_id)):
            found: list[bytes] = list(client.scan_iter(match=f"*{name}*", count=_AT_ONCE))
            for at in range(0, len(found), _AT_ONCE):
                gone += int(client.unlink(*found[at : at + _AT_ONCE]))
    return gone
