from apps.core.errors import NotFound


class NoDemo(NotFound):
    """The workspace is no demo."""
