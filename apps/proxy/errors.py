from apps.core.errors import Unavailable


class GatewayAway(Unavailable):
    code = "gateway_away"
