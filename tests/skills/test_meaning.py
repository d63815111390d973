"""Texts for vectors, and closeness to everyday life."""

import numpy as np
import pytest

from apps.skills.meaning import (
    Everyday,
    ends_of,
    everyday_requests,
    query_text,
    skill_texts,
    together,
)


def test_a_long_request_is_read_at_its_ends():
    text = "Translate this: " + "lorem ipsum " * 100 + "into plain English."

    assert ends_of(text).startswith("Translate this: ")
    assert ends_of(text).endswith("into plain English.")
    assert len(ends_of(text)) < 250
    assert ends_of("short") == query_text("short") == "short"


def test_a_request_in_another_language_is_asked_in_english():
    assert query_text("Der Kunde will eine Erstattung").split()[:2] == ["client", "customer"]


@pytest.mark.parametrize("text", ["พรุ่งนี้ฝนจะตกไหม", "오늘 날씨 어때?", "كم الساعة الآن", "两面镜子"])
def test_a_script_that_the_model_does_not_know_is_left_to_the_words(text):
    assert query_text(text) == ""


def test_a_word_of_another_script_among_english_ones_does_no_harm():
    text = "what does 镜子 mean on this invoice"

    assert query_text(text.replace("镜子", "Ωμέγα")) == text.replace("镜子", "Ωμέγα")


def test_a_skill_in_another_language_has_its_english_words_too():
    english = skill_texts("Use when billing.", "1. Add the number.")
    german = skill_texts("Anwenden beim Schreiben von Rechnungen.", "1. Nummer ergänzen.")

    assert english == ["Use when billing.", "Use when billing.\n\n1. Add the number."]
    assert german[:1] == ["Anwenden beim Schreiben von Rechnungen."]
    assert len(german) == 4
    assert "invoice" in german[2]


def test_one_vector_stands_in_the_middle_whatever_the_lengths():
    assert together([(10.0, 0.0), (0.0, 1.0)]) == pytest.approx([0.5**0.5, 0.5**0.5])


def test_closeness_is_that_of_the_closest_few():
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(50, 16))
    everyday = Everyday(vectors.tolist())

    near = everyday.meaning_of(vectors[:3].mean(axis=0).tolist())
    far = everyday.meaning_of((-vectors.mean(axis=0)).tolist())

    assert near is not None
    assert far is not None
    assert near.ordinary > far.ordinary
    assert everyday.meaning_of([1.0, 0.0]) is None


def test_models_with_a_common_direction_are_read_on_one_scale():
    chance = np.random.default_rng(2)
    vectors = chance.normal(size=(60, 16))
    # The same vectors with a large part that all have in common.
    shifted = np.hstack([vectors, np.full((60, 1), 8.0)])
    plain, other = Everyday(vectors.tolist()), Everyday(shifted.tolist())

    for one in range(5):
        first = plain.meaning_of(vectors[one].tolist())
        second = other.meaning_of(shifted[one].tolist())
        assert first is not None
        assert second is not None
        assert second.ordinary == pytest.approx(first.ordinary, abs=0.1)


def test_everyday_requests_are_many_and_different():
    assert len(everyday_requests()) == len(set(everyday_requests())) >= 150
