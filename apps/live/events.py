"""Where the apps above take it from; what is below this one (tenants) takes it from core."""

from apps.core.events import Changed, Topic, group_for, latest_number, publish_on_commit

__all__ = ["Changed", "Topic", "group_for", "latest_number", "publish_on_commit"]
