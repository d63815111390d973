import pytest

from bench.learning import reviewer
from bench.learning.reviewer import Reviewer


class FakeConsole:
    """A proposal that comes up after a number of looks; a policy approves it if it is clean."""

    def __init__(self, *, level="ok", after=0, approves=True):
        self.level, self.after, self.approves, self.posts = level, after, approves, []

    def pages(self, path, *, most, status):
        self.after -= status == "pending"
        is_there = self.after < 0 and not self.posts
        is_approved = is_there and self.approves and self.level == "ok"
        now = "approved" if is_approved else "pending"
        return iter([{"id": "p1", "slug": "a-rule"}] if is_there and status == now else [])

    def get(self, path):
        return {"sha256": "abc", "checks": [{"level": "ok"}, {"level": self.level}]}

    def post(self, path, body):
        self.posts.append((path, body))
        return {}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(reviewer, "_PAUSE", 0.001)
    monkeypatch.setattr(reviewer, "_UNTIL_LIVE", 0)
    monkeypatch.setattr(reviewer, "_QUIET", 0.05)


def test_a_clean_proposal_is_waited_for_until_the_policy_approved_it():
    console = FakeConsole(after=3)
    mine = Reviewer(console, "approve", patience=5)
    mine.after_failure()
    mine.finish()

    assert console.posts == []
    assert mine.decided == ["a-rule: approved"]


@pytest.mark.parametrize("decides, level", [("approve", "warn"), ("reject", "ok")])
def test_others_are_rejected(decides, level):
    console = FakeConsole(level=level, approves=False)
    Reviewer(console, decides, patience=0).after_failure()

    assert [path for path, _ in console.posts] == ["proposals/p1/reject/"]


def test_what_comes_late_is_decided_at_the_end():
    console = FakeConsole(after=5, approves=False)
    mine = Reviewer(console, "reject", patience=-1)
    mine.after_failure()
    assert not console.posts

    mine.finish()
    assert mine.decided == ["a-rule: rejected"]
