from apps.core.errors import NotFound


class TurnNotFound(NotFound):
    code = "turn_not_found"
