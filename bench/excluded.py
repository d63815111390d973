"""What the figures say nothing about. Printed under the tables: a number without it misleads."""

SPEED = (
    "TLS, networks and real providers: everything speaks plain HTTP over loopback.",
    "A console and judges at work on the same database: turns are sent as side turns, which no"
    " judge is asked about.",
    "Waiting for the disk: the throw-away Postgres runs without fsync; the spool is synced.",
    "Embeddings: skills are found by their words.",
    "A judgement of other gateways: a row of --peer does what that gateway does by default, and"
    " none of what ours does besides forwarding.",
)
FAULTS = (
    "Power loss and full or failing disks: processes are killed, machines are not.",
    "Servers that come back with older data: a stopped Postgres or Redis is a door in front of a"
    " running one that drops and refuses connections; a black hole is one that holds every byte"
    " back and delivers it when it is over.",
    "Keys and conversations that a gateway process has never seen while Postgres is away: such"
    " requests are answered with 503, and are not among the warm ones counted here.",
    "Requests that a killed gateway had not answered with a byte: their callers know that they"
    " failed.",
    "The providers' own faults beyond cut streams: failover and circuit breakers have tests.",
    "TLS, networks and real providers, as above.",
)


def lines(sentences: tuple[str, ...]) -> list[str]:
    return [f"- {sentence}" for sentence in sentences]
