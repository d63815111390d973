"""Where the apps above take it from; what is below this one (tenants) takes it from core."""

from apps.core.events import Changed, Topic, group_for, latest_number, publish_on_commit
from apps.tenants.selectors import role_rank

__all__ = ["Changed", "Topic", "group_for", "is_for", "latest_number", "publish_on_commit"]

# The least role that may read what is announced; every member may read the rest.
READ_FROM: dict[Topic, str] = {
    "exports.export": "member",
    "jobs.job": "admin",
    "tenants.audit": "admin",
    "tenants.invitation": "admin",
}


def is_for(role: str, topic: Topic) -> bool:
    """Whether somebody of this role may hear of it."""
    needed = READ_FROM.get(topic)
    return needed is None or role_rank(role) >= role_rank(needed)
