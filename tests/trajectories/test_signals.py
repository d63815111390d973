"""What the course of a conversation says of an answer: the table."""

import pytest

from apps.trajectories.rewards import ENOUGH
from apps.trajectories.signals import Signal, signal_of_end, signals_of

ASKED = {"role": "user", "content": "When is the release of version two planned?"}
ANSWERED = {"role": "assistant", "content": "On 3/10."}


def heard(*behind, asked=ASKED) -> list[tuple[str, int]]:
    found = signals_of([asked, ANSWERED, *behind], 1)
    return [(signal.source, signal.value) for signal in found]


def says(text: str) -> str:
    ((source, _),) = heard({"role": "user", "content": text})
    return source


CORRECTIONS = [
    "No, use ISO dates.",
    "No. I asked for the release of version two",
    "nope - wrong date",
    "That's wrong.",
    "Hmm, that is not what I asked for",
    "Sorry, but that's not right: it was moved.",
    "Thanks, but that's wrong",
    "You forgot the time zone",
    "I said ISO dates!",
    "It still doesn't work",
    "Wrong. Try harder.",
    "Nein, das Datum im ISO-Format",
    "Das ist falsch.",
    "Leider stimmt das so nicht, das ist nicht richtig",
    "Du hast die Zeitzone vergessen",
    "Non, ce n'est pas ça",
    "C’est faux",
    "Tu as oublié le fuseau horaire",
    "No, eso no es correcto",
    "Eso está mal",
    "¡No! Olvidaste la zona horaria",
    "不对,应该用 ISO 格式",
    "你搞错了",
    "不是这样,我说的是第二版",
    "違います。ISO形式でお願いします",
    "いいえ、ISO形式で書いてください",
    "それは間違っています",
]
THANKS = [
    "Thanks! What about version three?",
    "thank you",
    "Perfect, now write the announcement",
    "Great job",
    "Danke dir",
    "Perfekt, und jetzt die Ankündigung",
    "Nein, danke",
    "Merci beaucoup",
    "Parfait.",
    "¡Gracias!",
    "Muy bien, gracias",
    "谢谢你",
    "太好了,下一个",
    "没错,谢谢",
    "ありがとうございます",
    "完璧です",
]
NEITHER = [
    "And version three?",
    "Fix the test that is wrong in the parser",
    "Write to Bob that I said yes",
    "My printer does not work, what can I do?",
    "No, that is all, thank you",
    "Nobody knows the release date yet",
    "Note the date down",
    "Now translate it to French. Thanks!",
    "Nonetheless list the risks",
    "Notiere das Datum",
    "Nenne den nächsten Termin",
    "Et la version trois ?",
    "Nota la fecha",
    "这个不错的方案怎么实施",
    "版本三呢",
    "バージョン3はどうですか",
    "go on",
]


@pytest.mark.parametrize("text", CORRECTIONS)
def test_a_correction(text):
    assert says(text) == "corrects"


@pytest.mark.parametrize("text", THANKS)
def test_thanks(text):
    assert says(text) == "thanks"


@pytest.mark.parametrize("text", NEITHER)
def test_something_else_only_continues(text):
    assert says(text) == "continues"


@pytest.mark.parametrize(
    "before, text, is_one",
    [
        ("When is version two released?", "when is version two released", True),
        ("When is version two released?", "Please, when is version two released again?", True),
        ("When is version two released?", "When is version three released?", False),
        ("Translate A to B right now", "Translate B to A right now", False),
        ("go on", "go on", False),
        ("Run the tests", "Run the tests again", False),
        ("第二版什么时候发布,请告诉我", "第二版什么时候发布,请告诉我。", True),
        ("第二版什么时候发布", "第三版什么时候发布", False),
        ("継続", "継続", False),
    ],
)
def test_the_same_request_once_more(before, text, is_one):
    asked = {"role": "user", "content": before}

    found = heard({"role": "user", "content": text}, asked=asked)

    assert (found == [("repeats", -1)]) == is_one


FAILED = [
    "Error: no such table",
    "Error executing tool search: timeout",
    "Traceback (most recent call last):\n  File",
    '{"error": "quota exceeded"}',
    "ValueError: not a date",
    "bash: foo: command not found",
    "make: 2 targets\nexit code: 2",
    "Failed to open the file",
    "  fatal: not a git repository",
]
FINE = [
    "",
    "found 3 rows",
    '{"error": null, "rows": []}',
    '{"ok": true}',
    "Error handling in Go\n\nA guide",
    "exit code: 0",
    "0 errors, 0 warnings",
    "No errors found: all tests passed",
]


def results(text: str) -> list[dict]:
    return [
        {"role": "tool", "tool_call_id": "c", "content": text},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": text}]},
        {"type": "function_call_output", "call_id": "c", "output": text},
    ]


@pytest.mark.parametrize("form", range(3))
@pytest.mark.parametrize("text", FAILED)
def test_a_result_of_a_tool_that_is_an_error(text, form):
    assert heard(results(text)[form]) == [("tool_error", -1)]


@pytest.mark.parametrize("form", range(3))
@pytest.mark.parametrize("text", FINE)
def test_a_result_of_a_tool_that_is_none(text, form):
    assert heard(results(text)[form]) == []


def test_a_tool_may_say_that_its_result_is_an_error():
    part = {"type": "tool_result", "tool_use_id": "c", "content": "ok?", "is_error": True}

    assert heard({"role": "user", "content": [part]}) == [("tool_error", -1)]


def test_what_follows_a_later_answer_is_about_that_one():
    later = [{"role": "assistant", "content": "More?"}, {"role": "user", "content": "No, wrong!"}]

    assert heard({"role": "user", "content": "And?"}, *later) == [("continues", 1)]


def test_both_are_heard_where_a_tool_fails_and_the_user_complains():
    behind = [results("Error: x")[0], {"role": "user", "content": "That's wrong."}]

    assert heard(*behind) == [("tool_error", -1), ("corrects", -1)]


def test_context_that_clients_add_is_not_said_by_the_user():
    reminder = {"role": "user", "content": "<system-reminder>No, wrong!</system-reminder>"}

    assert heard(reminder) == []


@pytest.mark.parametrize("strange", [None, 3, "No, wrong!", {}, {"role": "tool", "content": 5}])
def test_messages_of_any_form_are_survived(strange):
    assert heard(strange) == []


def test_what_a_program_says_again_and_again_is_a_routine():
    beat = {"role": "user", "content": "Look for new mail and answer it."}

    found = signals_of([beat, ANSWERED, beat, ANSWERED, beat, ANSWERED, beat], 5)

    assert [signal.source for signal in found] == ["continues"]


@pytest.mark.parametrize(
    "asked, confidence, is_stored",
    [("No, use ISO dates.", 0.4, True), ("When?", 0.1, False), ("", 0.1, False)],
)
def test_how_a_session_ends(asked, confidence, is_stored):
    signal = signal_of_end(asked)

    assert (signal.source, signal.value) == ("abandons", -1)
    assert (signal.confidence, signal.is_worth_storing) == (confidence, is_stored)


def test_a_repetition_says_too_little_to_fail_a_turn_alone():
    (signal,) = signals_of([ASKED, ANSWERED, ASKED], 1)

    assert (signal.source, signal.is_worth_storing) == ("repeats", True)
    assert signal.confidence < ENOUGH


def test_that_a_session_goes_on_is_not_worth_a_row():
    (signal,) = signals_of([ASKED, ANSWERED, {"role": "user", "content": "And?"}], 1)

    assert isinstance(signal, Signal)
    assert not signal.is_worth_storing


def test_a_long_text_is_read_at_its_beginning_only():
    assert says("x" * 1000 + " No, that's wrong.") == "continues"
