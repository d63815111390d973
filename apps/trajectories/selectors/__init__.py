from apps.trajectories.selectors.evidence import (
    contrast_turns,
    evidence_turns,
    failing_turns,
    judge_input,
    replay_turn,
    replayable_turns,
)
from apps.trajectories.selectors.overview import TrafficOverview, traffic_overview
from apps.trajectories.selectors.reach import skill_reach
from apps.trajectories.selectors.requests import (
    AskedTurn,
    BuiltRequest,
    asked_of,
    injection_of,
    request_built,
)
from apps.trajectories.selectors.results import SessionResult, session_results
from apps.trajectories.selectors.sessions import session_find_by_end, session_pins
from apps.trajectories.selectors.turns import (
    TurnFilters,
    is_judged,
    last_turn,
    turn_exists,
    turn_get,
    turn_list,
    unscored_turns,
    user_text_of,
)

__all__ = [
    "AskedTurn",
    "BuiltRequest",
    "SessionResult",
    "TrafficOverview",
    "TurnFilters",
    "asked_of",
    "contrast_turns",
    "evidence_turns",
    "failing_turns",
    "injection_of",
    "is_judged",
    "judge_input",
    "last_turn",
    "replay_turn",
    "replayable_turns",
    "request_built",
    "session_find_by_end",
    "session_pins",
    "session_results",
    "skill_reach",
    "traffic_overview",
    "turn_exists",
    "turn_get",
    "turn_list",
    "unscored_turns",
    "user_text_of",
]
