from apps.trajectories.selectors.evidence import (
    evidence_turns,
    judge_input,
    replay_turn,
    replayable_turns,
    whole_turns,
)
from apps.trajectories.selectors.learning import (
    failures_open,
    is_session_over,
    latest_scores,
    main_turns_count,
    passing_turns,
    sessions_ended,
    skills_carried,
    turns_brief,
)
from apps.trajectories.selectors.overview import TrafficOverview, traffic_overview
from apps.trajectories.selectors.requests import (
    AskedTurn,
    BuiltRequest,
    asked_of,
    injection_of,
    request_built,
)
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
    "BuiltRequest",
    "TrafficOverview",
    "TurnFilters",
    "asked_of",
    "evidence_turns",
    "failures_open",
    "injection_of",
    "is_session_over",
    "judge_input",
    "latest_scores",
    "main_turns_count",
    "passing_turns",
    "replay_turn",
    "replayable_turns",
    "request_built",
    "session_find_by_end",
    "session_pins",
    "sessions_ended",
    "skills_carried",
    "traffic_overview",
    "turn_exists",
    "turn_get",
    "turn_list",
    "turns_brief",
    "unscored_turns",
    "whole_turns",
]
