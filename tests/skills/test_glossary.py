"""What a text is about, in English words."""

import pytest

from apps.skills.glossary import english_of


@pytest.mark.parametrize(
    "text, words",
    [
        ("Bitte prüfe die Rechnungen des Lieferanten", {"check", "invoice", "supplier"}),
        ("Der Kundenvertrag ist abgelaufen", {"customer", "contract", "expire"}),
        ("Le contrat du fournisseur a expiré", {"contract", "supplier", "expire"}),
        ("¿Puedes traducir este informe para la reunión?", {"translate", "report", "meeting"}),
        ("preciso do relatório de vendas", {"report", "sale"}),
        ("Переведи отчёт о продажах", {"translate", "report", "sale"}),
        ("请翻译这份合同", {"translate", "contract"}),
        ("契約書を翻訳してください", {"translate", "contract"}),
    ],
)
def test_the_words_of_work_are_known_in_every_language(text, words):
    assert words <= set(english_of(text).split())


@pytest.mark.parametrize(
    "text",
    ["", "?!", "Write an invoice for the customer", "plan the data model", "12345", "สวัสดี"],
)
def test_english_and_unknown_languages_stay_as_they_are(text):
    assert english_of(text) == ""


def test_names_are_kept_and_grammar_is_not():
    words = english_of("Schreibe eine Rechnung für die Firma Meyer und den Kubernetes Pod").split()

    assert {"meyer", "kubernetes", "pod"} <= set(words)
    assert not {"eine", "fur", "die", "und", "den"} & set(words)


def test_part_of_a_word_is_not_a_word():
    # 'Ozonschicht' ends like 'Schicht', and is no shift.
    assert "shift" not in english_of("Wie dick ist die Ozonschicht heute?").split()


def test_each_word_comes_once():
    words = english_of("Rechnung, Rechnungen und noch eine Rechnung").split()

    assert len(words) == len(set(words))
