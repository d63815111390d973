"""What can go wrong while the stack starts, said to the person at the terminal."""


class StackError(Exception):
    """The stack cannot start or go on. The text is for people, `details` may hold log lines."""

    def __init__(self, problem: str, *, advice: str = "", details: str = "") -> None:
        self.problem = problem
        self.advice = advice
        self.details = details
        super().__init__(problem)
