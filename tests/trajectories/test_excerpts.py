"""What a search found is shown with the words marked, where and as they were written."""

import unicodedata
from uuid import uuid4

import pytest

from apps.trajectories.excerpts import LENGTH, excerpt
from apps.trajectories.search_terms import search_of

TENANT = uuid4()


def marked(q: str, *texts: str) -> str:
    """The excerpt in one line, its hits in brackets."""
    parts = excerpt(texts, search_of(TENANT, q))
    assert all(part.text for part in parts)
    return "".join(f"[{part.text}]" if part.is_hit else part.text for part in parts)


@pytest.mark.parametrize(
    "q, text, shown",
    [
        ("certificate", "Rotate the Certificates.", "Rotate the [Certificate]s."),
        ("certificates", "One certificate.", "One [certificate]."),
        ("certificates", "Two CERTIFICATES.", "Two [CERTIFICATES]."),
        ("uberblick", "Ein Überblick.", "Ein [Überblick]."),
        ("strasse", "In der Straße 7", "In der [Straße] 7"),
        ("datum", "Das Rechnungsdatum fehlt", "Das Rechnungs[datum] fehlt"),
        # The index finds parts of long words only, and of them no last letters.
        ("tate", "rotate", "rotate"),
        ("id", "order_id, Idaho and id", "order_[id], Idaho and [id]"),
        ("请求", "请修改请求书", "请修改[请求]书"),
        ("数据库迁移", "迁移数据表", "[迁移数据]表"),
        ("日付", "請求書の日付を直す", "請求書の[日付]を直す"),
        ("счета", "Исправь дату счёта", "Исправь дату [счёта]"),
        ("วันที่", "กรุณาแก้ไขวันที่ด้วย", "กรุณาแก้ไข[วันที่]ด้วย"),
        ("데이터", "데이터베이스를 옮긴다", "[데이터]베이스를 옮긴다"),
        ("office", "The oﬃce is closed", "The [oﬃce] is closed"),
        ('"to friday"', "friday: move it to\nFriday", "[friday]: move it [to Friday]"),
    ],
)
def test_words_are_marked_as_they_were_written(q, text, shown):
    assert marked(q, text) == shown


def test_letters_and_their_marks_stay_together():
    text = unicodedata.normalize("NFD", "x" * 500 + " Ein großer Überblick über 한국어 처리")

    assert unicodedata.normalize("NFC", marked("uberblick 한국어", text)).endswith(
        "Ein großer [Überblick] über [한국어] 처리"
    )


def test_a_long_text_is_cut_around_the_words_and_between_others():
    text = "before " * 300 + "the certificate ran out " + "after " * 300

    shown = marked("certificate", text)

    assert shown.startswith("…before before the [certificate] ran out after")
    assert shown.endswith(" after…")
    assert LENGTH - 20 < len(shown) < LENGTH + 10


def test_of_many_places_the_one_with_most_words_is_shown():
    text = "crane " + "x " * 300 + "the harbour and its crane " + "y " * 300

    assert "the [harbour] and its [crane] y" in marked("crane harbour", text)


def test_the_text_that_has_the_words_is_the_one_that_is_quoted():
    assert marked("crane", "What is it?", "It is a crane.") == "It is a [crane]."
    assert marked("tall crane", "A crane?", "A tall crane.") == "A [tall] [crane]."


def test_without_a_word_the_text_begins_at_its_beginning():
    assert marked("nothing", "", "One\n\n  two") == "One two"
    assert marked("nothing", "word " * 100).startswith("word word")
    assert len(marked("nothing", "word " * 100)) <= LENGTH + 1
    assert marked("nothing") == ""


def test_no_search_breaks_a_text():
    for q in ("?!", '""', '"  "', "🦊", "(a|b)*", "\\", "a" * 200):
        assert marked(q, "plain 🦊 text (a|b)*").replace("[", "").replace("]", "")


def test_a_text_of_many_letters_is_gone_through_at_once():
    text = "ä ö ü 数据 " * 2_000 + "Überblick"

    assert marked("uberblick", text).endswith("[Überblick]")
