from apps.trajectories.selectors.evidence import (
    contrast_turns,
    evidence_turns,
    failing_turns,
    judge_input,
)
from apps.trajectories.selectors.overview import TrafficOverview, traffic_overview
from apps.trajectories.selectors.sessions import session_find_by_end, session_pins
from apps.trajectories.selectors.turns import (
    TurnFilters,
    conversation_of,
    turn_exists,
    turn_get,
    turn_list,
    unscored_turns,
)

__all__ = [
    "TrafficOverview",
    "TurnFilters",
    "contrast_turns",
    "conversation_of",
    "evidence_turns",
    "failing_turns",
    "judge_input",
    "session_find_by_end",
    "session_pins",
    "traffic_overview",
    "turn_exists",
    "turn_get",
    "turn_list",
    "unscored_turns",
]
