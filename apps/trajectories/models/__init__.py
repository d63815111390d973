from apps.trajectories.models.score import Score
from apps.trajectories.models.session import Session
from apps.trajectories.models.turn import Blob, Turn, TurnSkill

__all__ = ["Blob", "Score", "Session", "Turn", "TurnSkill"]
