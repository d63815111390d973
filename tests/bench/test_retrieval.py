"""The labelled set says what its README promises, and its figures are counted right."""

from collections import Counter
from dataclasses import replace

import pytest

from bench.retrieval import dataset, large, metrics, report, template
from bench.retrieval.dataset import Dataset, Query
from bench.retrieval.metrics import Quality, Speed
from tests.skills.test_retrieval import indexed

SET = dataset.load()


def test_the_set_is_as_large_and_as_mixed_as_promised():
    languages = Counter(query.language for query in SET.queries)
    groups = Counter(SET.group_of(query) for query in SET.queries)
    splits = Counter(query.split for query in SET.queries)

    assert len(SET.skills) >= 120
    assert len(SET.queries) >= 300
    assert sum(count >= 10 for count in languages.values()) >= 6
    assert groups["trap"] + groups["none"] >= 60
    assert groups["trap"] >= 30
    assert groups["other"] >= 40
    assert min(splits.values()) >= 100


def test_every_skill_is_asked_for_and_could_be_published():
    asked = {slug for query in SET.queries for slug in query.fits}

    assert asked == SET.language_of.keys()
    assert all(skill.description and skill.body and skill.tokens < 400 for skill in SET.skills)


def test_a_set_that_contradicts_itself_is_refused(tmp_path):
    (tmp_path / "skills").mkdir()
    (tmp_path / "queries").mkdir()
    (tmp_path / "skills/en.md").write_text("## one (coding)\nUse when testing.\n\n1. Do it.\n")
    (tmp_path / "queries/en.tsv").write_text("two\tdo something\n")

    with pytest.raises(ValueError, match="two"):
        dataset.load(tmp_path)


TOY = Dataset(
    skills=(indexed("a", "A."), indexed("b", "B."), indexed("c", "C.")),
    language_of={"a": "en", "b": "en", "c": "de"},
    queries=(
        Query("both", "en", frozenset({"a", "b"})),
        Query("other", "fr", frozenset({"c"})),
        Query("nothing", "en", frozenset()),
        Query("trap", "en", frozenset(), reminds_of="a"),
    ),
)


def test_the_figures_of_a_choice():
    answers = {"both": ["a", "c"], "other": [], "nothing": [], "trap": ["a"]}

    found = metrics.quality(answers.__getitem__, TOY.queries, TOY)

    assert found.recall == 0.25
    assert found.precision == 0.5
    assert found.nothing == 0.5
    assert found.groups == {"same": 0.5, "other": 0.0, "trap": 0.0, "none": 1.0}
    assert found.languages == {"en": 0.5, "fr": 0.0}


@pytest.mark.parametrize(
    "text, slugs",
    [
        ("debug this function", ["x", "z"]),
        ("reply to the customer", ["y", "z"]),
        ("decide something else", ["z"]),
    ],
)
def test_the_template_takes_a_whole_category(text, slugs):
    skills = [
        replace(indexed("x", "X."), category="coding"),
        replace(indexed("y", "Y."), category="communication"),
        indexed("z", "Z."),
    ]

    assert template.choose(skills, text, limit=3) == slugs


def test_the_large_library_has_skills_of_its_own():
    library = list(large.library(SET.skills, 500))

    assert len({skill.slug for skill in library}) == 500


def found_with(recall: float, nothing: float) -> report.Found:
    def mode(name: str, recall: float, vector: Speed | None) -> report.ModeResult:
        quality = Quality(recall, 0.5, nothing, dict.fromkeys(metrics.GROUPS, 0.5), {"en": 0.5}, 9)
        return report.ModeResult(name, quality, quality, Speed(0.1, 0.2), vector)

    modes = [mode("template", 0.7, None), mode("hybrid", recall, Speed(9.0, 12.0))]
    return report.Found("2026-01-01", "a machine", modes, Speed(0.5, 1.0), 10_000)


def test_the_verdict_is_about_the_aims():
    met = [aim.is_met for aim in report.aims(found_with(0.95, 0.9))]
    missed = [aim.is_met for aim in report.aims(found_with(0.94, 0.89))]

    assert met == [True] * 5
    assert missed == [False, False, False, True, True]


def test_the_tables_replace_those_of_an_earlier_run(tmp_path):
    document = tmp_path / "page.md"
    document.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")

    report.write(found_with(0.5, 0.5), data=tmp_path / "results.json", document=document)

    text = document.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "MISSED" in text
    assert '"recall": 0.5' in (tmp_path / "results.json").read_text()
