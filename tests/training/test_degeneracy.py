"""What a reward does not show of answers."""

from typing import Any

import pytest

from apps.training.degeneracy import Figures, checks, is_refusal, repetition

PROSE = (
    "The release ships on 2026-03-10 at 09:00 UTC. Before that the migration has to run on the"
    " staging cluster, the notes have to be read by two people, and the old workers must drain."
)


def answer(text: str = PROSE, **fields: Any) -> Figures:
    return Figures(
        **{
            "text": text,
            "reward": 1.0,
            "why": "",
            "tokens": len(text.split()),
            "repetition": repetition(text),
            "is_refusal": is_refusal(text),
            "is_cut": False,
            "surprise": 1.2,
            **fields,
        }
    )


def broken(candidate: list[Figures], baseline: list[Figures] | None = None) -> set[str]:
    found = checks(baseline or [answer()] * len(candidate), candidate)
    return {one.code for one in found if one.is_broken}


def test_an_ordinary_answer_breaks_nothing():
    assert broken([answer()] * 20) == set()


@pytest.mark.parametrize(
    "text",
    ["the same again " * 40, "ha" * 300, "好的" * 200],
    ids=["words", "letters", "without spaces"],
)
def test_a_loop_is_found_in_words_and_in_letters(text):
    assert repetition(text) > 0.9
    assert "repetition" in broken([answer(text, tokens=30)] * 20)


def test_prose_in_two_languages_hardly_repeats_itself():
    assert repetition(PROSE) < 0.05
    assert (
        repetition("发布定于二〇二六年三月十日上午九点,届时旧的工作进程必须先停止并完成迁移。")
        < 0.1
    )


def test_what_is_short_repeats_nothing():
    assert repetition("no no no no") == 0


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I cannot do this.",
        "抱歉,我无法回答。",
        "As an AI I…",
    ],
)
def test_a_refusal_is_recognised(text):
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text", ["I can do this.", "Sorry is the hardest word.", "The AI as an assistant", PROSE]
)
def test_what_only_sounds_like_one_is_none(text):
    assert not is_refusal(text)


@pytest.mark.parametrize(
    "code, fields",
    [
        ("empty", {"text": "  "}),
        ("refusals", {"is_refusal": True}),
        ("cut", {"is_cut": True}),
        ("length", {"tokens": 4000}),
        ("collapse", {"surprise": 0.0001}),
        ("scatter", {"surprise": 6.0}),
    ],
)
def test_a_candidate_that_fell_apart_breaks_its_check_and_no_other(code, fields):
    assert broken([answer(**fields)] * 20) == {code}


def test_what_the_baseline_does_too_is_no_fault_of_the_candidate():
    cut, refusing = answer(is_cut=True), answer(is_refusal=True)

    assert broken([cut, refusing] * 10, [cut, refusing] * 10) == set()


def test_a_few_of_many_are_let_through():
    assert broken([answer(text="")] + [answer()] * 19) == set()


def test_answers_whose_tokens_are_not_known_are_compared_by_their_letters():
    said = [answer(tokens=0, surprise=None)] * 10

    assert broken([answer(tokens=30)] * 10, said) == set()
    assert broken([answer(PROSE + "x" * 5000, tokens=30, repetition=0)] * 10, said) == {"length"}
