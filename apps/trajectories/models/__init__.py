from apps.trajectories.models.score import Score
from apps.trajectories.models.session import Session
from apps.trajectories.models.turn import Blob, Piece, Turn, TurnSkill

__all__ = ["Blob", "Piece", "Score", "Session", "Turn", "TurnSkill"]
