from apps.trajectories.selectors.evidence import (
    evidence_turns,
    judge_input,
    replay_turn,
    replayable_turns,
    turn_versions,
    whole_turns,
)
from apps.trajectories.selectors.experts import ExpertTurn, expert_turn, expert_turns
from apps.trajectories.selectors.exporting import (
    TURN_COLUMNS,
    TURN_FACTS,
    turn_line,
    turns_for_export,
)
from apps.trajectories.selectors.filters import TurnFilters
from apps.trajectories.selectors.judges import (
    Judge,
    JudgeSaid,
    has_human_verdict,
    judge_in_use,
    judge_said,
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
from apps.trajectories.selectors.outside import Brought, TurnOutside, turns_outside
from apps.trajectories.selectors.overview import TrafficOverview, traffic_overview
from apps.trajectories.selectors.prompts import (
    AskedPrompt,
    RecordedPrompt,
    UnusedTurn,
    prompts_asked,
    recorded_prompt,
    turns_unused,
)
from apps.trajectories.selectors.reach import skill_reach, skills_together
from apps.trajectories.selectors.requests import (
    AskedTurn,
    BuiltRequest,
    asked_of,
    injection_of,
    request_built,
)
from apps.trajectories.selectors.results import SessionResult, session_results
from apps.trajectories.selectors.served import ServedSession, sessions_served
from apps.trajectories.selectors.session_views import (
    SessionFilters,
    SessionView,
    TurnOfSession,
    session_get,
    session_list,
    session_view,
)
from apps.trajectories.selectors.sessions import session_find_by_end, session_pins
from apps.trajectories.selectors.spending import JudgeSpending, judge_spending
from apps.trajectories.selectors.traffic import last_asked_at
from apps.trajectories.selectors.training import training_reasons
from apps.trajectories.selectors.turns import (
    is_judged,
    last_turn,
    turn_excerpt,
    turn_exists,
    turn_get,
    turn_list,
    unscored_turns,
    user_text_of,
)

__all__ = [
    "TURN_COLUMNS",
    "TURN_FACTS",
    "AskedPrompt",
    "AskedTurn",
    "Brought",
    "BuiltRequest",
    "ExpertTurn",
    "Judge",
    "JudgeSaid",
    "JudgeSpending",
    "RecordedPrompt",
    "ServedSession",
    "SessionFilters",
    "SessionResult",
    "SessionView",
    "TrafficOverview",
    "TurnFilters",
    "TurnOfSession",
    "TurnOutside",
    "UnusedTurn",
    "asked_of",
    "evidence_turns",
    "expert_turn",
    "expert_turns",
    "failures_open",
    "has_human_verdict",
    "injection_of",
    "is_judged",
    "is_session_over",
    "judge_in_use",
    "judge_input",
    "judge_said",
    "judge_spending",
    "last_asked_at",
    "last_turn",
    "latest_scores",
    "main_turns_count",
    "passing_turns",
    "prompts_asked",
    "recorded_prompt",
    "replay_turn",
    "replayable_turns",
    "request_built",
    "session_find_by_end",
    "session_get",
    "session_list",
    "session_pins",
    "session_results",
    "session_view",
    "sessions_ended",
    "sessions_served",
    "skill_reach",
    "skills_carried",
    "skills_together",
    "traffic_overview",
    "training_reasons",
    "turn_excerpt",
    "turn_exists",
    "turn_get",
    "turn_line",
    "turn_list",
    "turn_versions",
    "turns_brief",
    "turns_for_export",
    "turns_outside",
    "turns_unused",
    "unscored_turns",
    "user_text_of",
    "whole_turns",
]
