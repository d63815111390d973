"""Words and meaning together: what fits, in which order, and what stays out."""

from dataclasses import replace

import pytest

from apps.skills.meaning import Meaning, Scale
from apps.skills.retrieval import SkillIndex
from tests.skills.test_retrieval import indexed, slugs

REFUND = indexed("refund-policy", "Use when a customer wants their money back.")
VISA = indexed("relocation-visa", "Use when hiring someone from another country.")
DATES = indexed("iso-dates", "Use when writing dates in reports.")
VECTORS = {"id-refund-policy": (1.0, 0.0), "id-relocation-visa": (0.0, 1.0)}


def meaning(*vector: float, ordinary: float = 0.2) -> Meaning:
    return Meaning(vector, ordinary, Scale())


@pytest.fixture
def index() -> SkillIndex:
    return SkillIndex([REFUND, VISA, DATES], VECTORS)


def test_a_skill_is_found_by_meaning_where_no_word_is_shared(index):
    text = "die Kundin besteht auf Erstattung"

    assert slugs(index.search(text, meaning=meaning(0.9, 0.1))) == ["refund-policy"]
    assert index.search(text) == []


def test_shared_words_without_shared_meaning_do_not_bring_a_skill_in(index):
    text = "someone from another country wants to hire a bicycle"

    assert slugs(index.search(text)) == ["relocation-visa"]
    # Nearly at a right angle to both, and close to everyday life.
    assert index.search(text, meaning=Meaning((-1.0, 0.1), 0.5, Scale())) == []


def test_what_everyday_requests_share_does_not_count(index):
    close = (0.5, -0.85)

    assert slugs(index.search("x", meaning=meaning(*close, ordinary=0.2))) == ["refund-policy"]
    assert index.search("x", meaning=meaning(*close, ordinary=0.9)) == []


def test_a_skill_without_a_vector_is_found_by_its_words(index):
    hits = index.search("write the dates of the report", meaning=meaning(-0.7, -0.7))

    assert slugs(hits) == ["iso-dates"]


def test_vectors_of_another_model_leave_the_words(index):
    text = "a customer wants their money back"

    assert index.search(text, meaning=meaning(0.0, 0.0, 1.0)) == index.search(text)


def test_what_is_far_behind_the_best_stays_out_and_is_named():
    index = SkillIndex(
        [replace(skill, learned=False) for skill in (REFUND, VISA)],
        {"id-refund-policy": (1.0, 0.0), "id-relocation-visa": (0.4, 0.91651)},
    )

    choice = index.choose("x", meaning=meaning(1.0, 0.0))

    assert slugs(choice.hits) == ["refund-policy"]
    assert [(skill.slug, why) for skill, _, why in choice.passed_over] == [
        ("relocation-visa", "too weak")
    ]


def test_the_best_learned_skill_comes_in_even_far_behind():
    learned = replace(VISA, learned=True)
    index = SkillIndex(
        [replace(REFUND, learned=False), learned],
        {"id-refund-policy": (1.0, 0.0), "id-relocation-visa": (0.4, 0.91651)},
    )

    assert slugs(index.search("x", meaning=meaning(1.0, 0.0))) == [
        "refund-policy",
        "relocation-visa",
    ]


def test_a_model_that_spreads_its_vectors_otherwise_is_read_on_our_scale(index):
    # All cosines between 0.8 and 1: unread, everything would fit.
    squeezed = Meaning((1.0, 0.9), 0.2, Scale(factor=5.0, shift=-4.3))

    assert index.search("x", meaning=replace(squeezed, scale=Scale(5.0, -4.3))) == []
    assert len(index.search("x", meaning=replace(squeezed, scale=Scale()))) == 2


def test_scores_stay_between_zero_and_one(index):
    hits = index.search("customer wants money back", meaning=meaning(1.0, 0.0, ordinary=-1.0))

    assert all(0 <= hit.score <= 1 for hit in hits)
