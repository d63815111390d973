"""Failures of one pattern are put together, others are not; always the same way."""

from uuid import uuid4

import numpy as np
import pytest

from apps.core.clock import now
from apps.evolution.services.learning.clustering import clusters, likenesses
from apps.evolution.services.learning.similarity import failure_of, joined, texts_of
from apps.integrations.embeddings.local.installed import is_installed
from apps.integrations.embeddings.local.model import MiniLM
from apps.trajectories.types import BriefTurn

# By pattern: what was asked, and what was wrong with the answer.
PATTERNS = {
    "dates": [
        ("When is the next release?", "The date must be written as YYYY-MM-DD."),
        ("When does the audit begin?", "Dates are to be written as YYYY-MM-DD, not in words."),
        ("Tell me the day of the summer party.", "Please write a date as YYYY-MM-DD."),
    ],
    "money": [
        ("What does the annual plan cost?", "An amount of money needs its currency code."),
        ("How much is a seat per month?", "The amount has no currency code, only a sign."),
    ],
    "backup": [
        ("Change the port in app.ini.", "The file was changed without a backup of it."),
        ("Fix the typo in notes.txt.", "It changed the file and made no backup before that."),
    ],
    "deutsch": [
        ("Wann ist die Abnahme?", "Die Antwort gehört auf Deutsch, sie war auf Englisch."),
        ("Wie heißt der Ansprechpartner?", "Antwort war Englisch statt auf Deutsch."),
    ],
    "中文": [
        ("发布日期是什么时候？", "日期格式错误，应写成年月日数字格式。"),
        ("会议在哪天？", "日期格式不对，应写成数字格式。"),
    ],
}
MIXED = [
    (name, asked, wrong)
    for place in range(3)
    for name, cases in PATTERNS.items()
    for asked, wrong in cases[place : place + 1]
]


def brief(asked, wrong, session=None):
    return BriefTurn(uuid4(), session or uuid4(), now(), -1, asked, "", "", wrong)


def found_in(cases, vector_of=lambda name: None):
    failures = [failure_of(brief(asked, wrong), vector_of(name)) for name, asked, wrong in cases]
    return [{cases[index][0] for index in group} for group in clusters(likenesses(failures))]


def test_failures_of_one_pattern_are_one_cluster_by_their_words_alone():
    assert sorted(map(sorted, found_in(MIXED))) == sorted([name] for name in PATTERNS)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_alone_is_one_cluster(name):
    cases = [(name, *case) for case in PATTERNS[name]]

    assert len(found_in(cases)) == 1


def test_what_was_wrong_counts_more_than_what_was_asked():
    asked = "Write a note about the delivery of the pallets."
    cases = [
        ("names", asked, "The name of the file must begin with the date."),
        ("backup", asked, "The old file was lost: no copy of it was kept before."),
    ]

    assert found_in(cases) == [{"names"}, {"backup"}]


def test_with_vectors_the_meaning_decides():
    """Nothing in common by words; the embedder knows better."""
    towards = {"one": (1.0, 0.05), "two": (0.0, 1.0)}
    cases = [
        ("one", "When?", "Written as month and day."),
        ("two", "How much?", "Currency absent."),
        ("one", "Welcher Tag?", "Falsches Datumsformat"),
    ]

    assert found_in(cases, lambda name: joined(towards[name], towards[name])) == [{"one"}, {"two"}]
    assert len(found_in(cases)) == 3


# Said so differently that words alone do not show that it is the same.
REWORDED = [
    ("sql", "Count the users per country.", "The query scans the whole table, it needs an index."),
    ("dates", "When is the next release?", "The date must be written as YYYY-MM-DD."),
    ("backup", "Change the port in app.ini.", "The file was overwritten without keeping a backup."),
    ("sql", "Get the last ten orders.", "Full table scan instead of using the index."),
    ("backup", "Fix the typo in notes.txt.", "It changed the file and made no backup before."),
    ("dates", "Day of the summer party?", "A date is wanted as year, month and day: YYYY-MM-DD."),
]


@pytest.mark.skipif(not is_installed(), reason="the embedder's model is not installed")
def test_the_embedder_of_the_product_finds_patterns_whatever_their_words():
    model = MiniLM()
    failures = []
    for _, asked, wrong in REWORDED:
        turn = brief(asked, wrong)
        vectors = model.embed([model.tokens(text) for text in texts_of(turn)]).tolist()
        failures.append(failure_of(turn, joined(*vectors)))

    found = clusters(likenesses(failures))

    assert [{REWORDED[index][0] for index in group} for group in found] == [
        {"sql"},
        {"dates"},
        {"backup"},
    ]


def test_the_same_failures_always_make_the_same_clusters():
    failures = [failure_of(brief(asked, wrong), None) for _, asked, wrong in MIXED]

    assert len({str(clusters(likenesses(failures))) for _ in range(5)}) == 1


def alike(*rows):
    found = np.array(rows, dtype=float)
    np.fill_diagonal(found, -np.inf)
    return found


NEAR, FAR = 0.5, -0.5


@pytest.mark.parametrize(
    "matrix, given, apart, expected",
    [
        ([[0]], [], [], [[0]]),
        ([[0, NEAR], [NEAR, 0]], [], [], [[0, 1]]),
        ([[0, FAR], [FAR, 0]], [], [], [[0], [1]]),
        # Given together, they stay together however different they are.
        ([[0, FAR], [FAR, 0]], [[0, 1]], [], [[0, 1]]),
        # Two given ones become one when they are alike, unless one is to stay apart.
        ([[0, NEAR], [NEAR, 0]], [[0], [1]], [], [[0, 1]]),
        ([[0, NEAR], [NEAR, 0]], [[0], [1]], [1], [[0], [1]]),
        ([[0, NEAR], [NEAR, 0]], [[1]], [0], [[0, 1]]),
        # What is like both joins the nearer; the two do not meet in it.
        (
            [[0, NEAR, 0.9], [NEAR, 0, NEAR], [0.9, NEAR, 0]],
            [[0], [1]],
            [0],
            [[0, 2], [1]],
        ),
        # On average: near one, far from the other of a pair, is not near the pair.
        (
            [[0, 0.9, 0.2], [0.9, 0, -0.6], [0.2, -0.6, 0]],
            [],
            [],
            [[0, 1], [2]],
        ),
    ],
)
def test_groups_are_joined_by_their_average(matrix, given, apart, expected):
    assert clusters(alike(*matrix), given, apart) == expected
