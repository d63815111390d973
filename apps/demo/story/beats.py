"""The story, day by day: what is asked, what goes wrong, and what is learned from it.

A beat is a day. It is played to its end before the next one; one that was left in the middle is
played again, and what was played already is known by its ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from apps.core.clock import playing_at
from apps.demo.story import learning
from apps.demo.story.acting import Scene, scene_play
from apps.demo.story.learning import Act
from apps.demo.story.stage import Stage
from apps.demo.story.training import train
from apps.integrations.practice.tasks import FAMILIES
from apps.jobs.handlers import JobRun

_WORK_HOURS: Final = timedelta(hours=9)
_EVENING: Final = timedelta(minutes=12)
_TALK = "talk"

# Who is asked what.
_AGENT_OF = {
    "exact-dates-and-times": "dispatch",
    "distances-in-metric-units": "dispatch",
    "mail-signed-with-ticket": "support",
    "price-amounts-with-currency": "support",
    "commit-messages-with-scope": "coder",
    "migrations-with-a-way-back": "coder",
    "functions-with-a-test": "coder",
    "dated-kebab-file-names": "operator",
    "log-entries-as-json-lines": "operator",
    "backup-before-change": "operator",
}
_FAMILY = {family.slug: family for family in FAMILIES}
_SMALL_TALK = (
    ("support", "How do I tell a customer that we cannot pick up today?"),
    ("dispatch", "Two drivers are ill. How do I begin to plan the morning?"),
    ("coder", "How should I split a large refactoring?"),
    ("operator", "What belongs in a good hand-over to the night shift?"),
    ("support", "A customer is angry about a late parcel. What comes first?"),
    ("coder", "Where do I start with a test that fails now and then?"),
)
_REPLIES = ("Thanks, that helps.", "Perfect, thank you.")


@dataclass(frozen=True, slots=True)
class Beat:
    """A day: how often something of each kind is asked, and what is done in the evening."""

    asks: Mapping[str, int]
    evening: Sequence[Act] = field(default=())
    troubles: Mapping[str, str] = field(default_factory=dict)


DATES, FAR = "exact-dates-and-times", "distances-in-metric-units"
MAIL, PRICES = "mail-signed-with-ticket", "price-amounts-with-currency"
COMMITS, MIGRATIONS = "commit-messages-with-scope", "migrations-with-a-way-back"
TESTED, FILES = "functions-with-a-test", "dated-kebab-file-names"
LOGS, BACKUPS = "log-entries-as-json-lines", "backup-before-change"

BEATS: Final = (
    Beat({DATES: 5, _TALK: 5}),
    Beat({DATES: 6, _TALK: 4}, [learning.propose(DATES)]),
    Beat({DATES: 4, _TALK: 5}, [learning.approve(DATES)]),
    Beat({DATES: 6, COMMITS: 5, _TALK: 4}, [learning.propose(COMMITS), learning.replay(COMMITS)]),
    Beat({DATES: 5, COMMITS: 4, _TALK: 4}, [learning.approve(COMMITS), learning.annotate]),
    Beat(
        {DATES: 5, COMMITS: 5, PRICES: 6, _TALK: 3},
        [learning.propose(PRICES), learning.approve(PRICES, is_canary=True)],
        {"talk": "overloaded"},
    ),
    Beat({DATES: 4, COMMITS: 4, PRICES: 16, _TALK: 3}, [learning.canaries_look, train(1)]),
    Beat({DATES: 5, COMMITS: 4, PRICES: 18, _TALK: 3}, [learning.canaries_look]),
    Beat(
        {DATES: 5, COMMITS: 5, PRICES: 14, MAIL: 5, _TALK: 3},
        [
            learning.canaries_look,
            learning.propose(MAIL),
            learning.reject(MAIL, "vague", "Say what the signature is: nobody can tell from this."),
            learning.kill("convert-units-currencies", "It answered prices in dollars."),
        ],
        {"talk": "left"},
    ),
    Beat(
        {DATES: 5, COMMITS: 4, PRICES: 5, FILES: 5, _TALK: 4},
        [
            learning.propose(FILES),
            learning.quarantine(FILES, "other", "To be read by whoever owns the archive."),
            learning.annotate,
            train(2),
        ],
    ),
    Beat(
        {DATES: 6, COMMITS: 5, PRICES: 5, BACKUPS: 6, _TALK: 4},
        [learning.propose(BACKUPS), learning.approve(BACKUPS, is_canary=True)],
        {"talk": "overloaded"},
    ),
    Beat(
        {DATES: 5, COMMITS: 5, PRICES: 5, BACKUPS: 3, MIGRATIONS: 5, _TALK: 4},
        [learning.canaries_look, learning.propose(MIGRATIONS), learning.replay(MIGRATIONS)],
    ),
    Beat(
        {DATES: 6, COMMITS: 5, PRICES: 6, BACKUPS: 3, TESTED: 5, _TALK: 4},
        [learning.canaries_look, learning.propose(TESTED), train(3)],
        {"talk": "overloaded"},
    ),
    Beat(
        {DATES: 6, COMMITS: 6, PRICES: 5, BACKUPS: 2, LOGS: 4, FAR: 3, _TALK: 5},
        [learning.canaries_look, learning.sort],
    ),
)


def play(run: JobRun, number: int, *, ends_at: datetime) -> None:
    """One day. The last one ends at ``ends_at``."""
    beat = BEATS[number]
    evening = ends_at - timedelta(days=len(BEATS) - 1 - number)
    stage = Stage(run, at=evening - _EVENING * (len(beat.evening) + 1))
    for scene in _scenes(stage, beat, number, evening=evening):
        scene_play(stage, scene)
    for place, act in enumerate(beat.evening):
        stage.at = evening - _EVENING * (len(beat.evening) - place)
        with playing_at(stage.at):
            act(stage)


def _scenes(stage: Stage, beat: Beat, number: int, *, evening: datetime) -> list[Scene]:
    """The day's sessions in the order in which they began, spread over its hours of work."""
    asked = [slug for slug, times in beat.asks.items() for _ in range(times)]
    dice = stage.dice("day", number)
    dice.shuffle(asked)
    begins = evening - _WORK_HOURS - _EVENING * (len(beat.evening) + 1)
    pause = _WORK_HOURS / len(asked)
    seen: dict[str, int] = {}
    scenes = []
    for place, slug in enumerate(asked):
        times = seen[slug] = seen.get(slug, -1) + 1
        agent, said = _said(slug, number, times)
        at = begins + pause * place + pause * dice.uniform(0, 0.6)
        trouble = beat.troubles.get(slug, "") if times == 1 else ""
        thanks = dice.choice(_REPLIES) if not trouble and dice.random() < 0.4 else ""
        likes = bool if slug == _TALK else _FAMILY[slug].rule.is_kept
        name = f"{slug}-{number}-{times}"
        scenes.append(Scene(name, agent, at, said, trouble, thanks, likes))
    return scenes


def _said(slug: str, number: int, times: int) -> tuple[str, list[str]]:
    if slug == _TALK:
        agent, text = _SMALL_TALK[(number + times) % len(_SMALL_TALK)]
        return agent, [text]
    return _AGENT_OF[slug], [_FAMILY[slug].wording(number * 5 + times)]
