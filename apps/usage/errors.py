from apps.core.errors import Conflict, Invalid


class LimitTaken(Conflict):
    code = "limit_taken"


class LimitInvalid(Invalid):
    code = "limit_invalid"
