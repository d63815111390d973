from apps.trajectories.models.score import Score
from apps.trajectories.models.search import TurnText, TurnVector
from apps.trajectories.models.session import Session
from apps.trajectories.models.turn import Piece, Turn, TurnSkill

__all__ = ["Piece", "Score", "Session", "Turn", "TurnSkill", "TurnText", "TurnVector"]
