from apps.trajectories.selectors.evidence import (
    contrast_turns,
    evidence_turns,
    failing_turns,
    judge_input,
    replay_turn,
    replayable_turns,
)
from apps.trajectories.selectors.outside import Brought, TurnOutside, turns_outside
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
    turn_exists,
    turn_get,
    turn_list,
    unscored_turns,
)

__all__ = [
    "AskedTurn",
    "Brought",
    "BuiltRequest",
    "SessionResult",
    "TrafficOverview",
    "TurnFilters",
    "TurnOutside",
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
    "session_pins",
    "session_results",
    "skill_reach",
    "traffic_overview",
    "turn_exists",
    "turn_get",
    "turn_list",
    "turns_outside",
    "unscored_turns",
]
