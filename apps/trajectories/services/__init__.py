from apps.trajectories.services.indexing import (
    INDEX_KIND,
    MEANING_KIND,
    search_sweep,
    texts_index,
    turn_vectors_make,
)
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
from apps.trajectories.services.searching import Finding, FoundTurn, turns_search
from apps.trajectories.services.sessions import session_close, sessions_close_idle
from apps.trajectories.services.support import turns_considered, turns_mark_support, turns_untrain

__all__ = [
    "INDEX_KIND",
    "JUDGE_KIND",
    "MEANING_KIND",
    "PROMPT_VERSION",
    "SCORES_KIND",
    "Finding",
    "FoundTurn",
    "feedback_of",
    "human_verdict",
    "score_of",
    "score_record",
    "score_remove",
    "scores_put",
    "scores_queue",
    "scores_wait",
    "scores_wanted",
    "search_sweep",
    "session_close",
    "sessions_close_idle",
    "texts_index",
    "turn_ask_judge",
    "turn_vectors_make",
    "turns_considered",
    "turns_forget",
    "turns_mark_support",
    "turns_record",
    "turns_search",
    "turns_sweep",
    "turns_untrain",
]
