from apps.trajectories.services.judging import (
    JUDGE_KIND,
    PROMPT_VERSION,
    score_of,
    score_record,
    turn_ask_judge,
)
from apps.trajectories.services.recording import turns_record
from apps.trajectories.services.retention import turns_forget, turns_sweep
from apps.trajectories.services.saying import (
    SCORES_KIND,
    feedback_of,
    human_verdict,
    scores_queue,
    scores_wait,
    scores_wanted,
)
from apps.trajectories.services.scores import score_remove, scores_put
from apps.trajectories.services.sessions import session_close, sessions_close_idle
from apps.trajectories.services.support import turns_considered, turns_mark_support

__all__ = [
    "JUDGE_KIND",
    "PROMPT_VERSION",
    "SCORES_KIND",
    "feedback_of",
    "human_verdict",
    "score_of",
    "score_record",
    "score_remove",
    "scores_put",
    "scores_queue",
    "scores_wait",
    "scores_wanted",
    "session_close",
    "sessions_close_idle",
    "turn_ask_judge",
    "turns_considered",
    "turns_forget",
    "turns_mark_support",
    "turns_record",
    "turns_sweep",
]
