from apps.core.errors import Conflict, Invalid, NotFound


class UpstreamInvalid(Invalid):
    code = "upstream_invalid"


class UpstreamInUse(Conflict):
    code = "upstream_in_use"


class UpstreamNameTaken(Conflict):
    code = "upstream_name_taken"


class NoUpstream(NotFound):
    code = "no_upstream"


class RouteInvalid(Invalid):
    code = "route_invalid"


class RouteTaken(Conflict):
    code = "route_taken"
