import pytest

from bench.learning import reviewer
from bench.learning.reviewer import Reviewer


class FakeConsole:
    """Proposals that come up after a number of looks."""

    def __init__(self, *, level="ok", after=0):
        self.level, self.after, self.posts = level, after, []

    def pages(self, path, *, most, status):
        self.after -= 1
        is_there = self.after < 0 and not self.posts
        return iter([{"id": "p1", "slug": "a-rule"}] if is_there else [])

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


def test_a_clean_proposal_is_waited_for_and_approved():
    console = FakeConsole(after=3)
    mine = Reviewer(console, "approve", patience=5)
    mine.after_failure()

    assert console.posts == [("proposals/p1/approve/", {"sha256": "abc", "to": "all"})]
    assert mine.decided == ["a-rule: approved"]


@pytest.mark.parametrize("decides, level", [("approve", "warn"), ("reject", "ok")])
def test_others_are_rejected(decides, level):
    console = FakeConsole(level=level)
    Reviewer(console, decides, patience=0).after_failure()

    assert [path for path, _ in console.posts] == ["proposals/p1/reject/"]


def test_what_comes_late_is_decided_at_the_end():
    console = FakeConsole(after=5)
    mine = Reviewer(console, "reject", patience=-1)
    mine.after_failure()
    assert not console.posts

    mine.finish()
    assert mine.decided == ["a-rule: rejected"]
