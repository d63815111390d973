from apps.trajectories.selectors.evidence import (
    contrast_turns,
    evidence_turns,
    failing_turns,
    judge_input,
    replay_turn,
    replayable_turns,
)
from apps.trajectories.selectors.filters import TurnFilters
from apps.trajectories.selectors.overview import TrafficOverview, traffic_overview
from apps.trajectories.selectors.requests import (
    AskedTurn,
    BuiltRequest,
    asked_of,
    injection_of,
    request_built,
)
from apps.trajectories.selectors.session_views import (
    SessionFilters,
    SessionView,
    TurnOfSession,
    session_get,
    session_list,
    session_view,
)
from apps.trajectories.selectors.sessions import session_find_by_end, session_pins
from apps.trajectories.selectors.turns import (
    turn_exists,
    turn_get,
    turn_list,
    unscored_turns,
)

__all__ = [
    "AskedTurn",
    "BuiltRequest",
    "SessionFilters",
    "SessionView",
    "TrafficOverview",
    "TurnFilters",
    "TurnOfSession",
    "asked_of",
    "contrast_turns",
    "evidence_turns",
    "failing_turns",
    "injection_of",
    "judge_input",
    "replay_turn",
    "replayable_turns",
    "request_built",
    "session_find_by_end",
    "session_get",
    "session_list",
    "session_pins",
    "session_view",
    "traffic_overview",
    "turn_exists",
    "turn_get",
    "turn_list",
    "unscored_turns",
]
