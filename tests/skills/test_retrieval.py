"""Retrieval: the right few skills, in any language, and none for small talk."""

import pytest

from apps.skills.bank import load_bank
from apps.skills.retrieval import (
    ALWAYS_TOKEN_BUDGET,
    IndexedSkill,
    SkillIndex,
)
from apps.skills.words import terms
from tests.factories import make_entry


def indexed(slug, description, body="", *, learned=True, tokens=100, reach="relevant"):
    return IndexedSkill(
        version_id=f"id-{slug}",
        slug=slug,
        version=1,
        description=description,
        body=body,
        category="general",
        tokens=tokens,
        reach=reach,
        learned=learned,
    )


BANK = [make_entry(doc) for doc in load_bank()]

LEARNED = [
    indexed(
        "iso-dates", "Use when writing dates in reports, file names or messages.", "1. 2024-03-31"
    ),
    indexed("changelog-format", "Use when writing a changelog entry or release notes."),
    indexed("deploy-window", "Use when deploying to production.", "1. Never on a Friday."),
    indexed("dateinamen", "Anwenden, wenn Dateinamen für Berichte vergeben werden."),
    indexed("rechnung", "Anwenden beim Schreiben von Rechnungen an Kunden.", "Mehrwertsteuer"),
    indexed("facturas-es", "Usar al redactar facturas para clientes.", "Incluir el IVA."),
    indexed("otchet-ru", "Использовать при подготовке отчёта о продажах.", "Суммы в рублях."),
    indexed("commit-ja", "コミットメッセージを書くときに使う。", "件名は日本語で書く。"),
    indexed("deploy-zh", "在部署到生产环境之前使用。", "先备份数据库。"),
    indexed("report-th", "ใช้เมื่อเขียนรายงานประจำเดือน", "เริ่มด้วยสรุปยอดขาย"),
    indexed("commit-ko", "커밋 메시지를 작성할 때 사용한다.", "제목은 한국어로 쓴다."),
    indexed("invoice-hi", "चालान लिखते समय उपयोग करें", "जीएसटी संख्या लिखें"),
]

MIXED = SkillIndex([*BANK, *LEARNED])
BANK_ONLY = SkillIndex(BANK)


def slugs(hits):
    return [hit.skill.slug for hit in hits]


@pytest.mark.parametrize(
    "query, slug",
    [
        ("Write the release date for version 2.0 into the announcement", "iso-dates"),
        ("Please add an entry to the changelog: login fixed", "changelog-format"),
        ("Deploy the new version to production now", "deploy-window"),
        ("Welche Dateinamen soll der Bericht bekommen?", "dateinamen"),
        ("Schreibe eine Rechnung an den Kunden Meyer", "rechnung"),
        ("Redacta una factura para el cliente Gómez", "facturas-es"),
        ("Подготовь отчет о продажах за март", "otchet-ru"),
        ("この変更のコミットメッセージを書いてください", "commit-ja"),
        ("请帮我把新版本部署到生产环境", "deploy-zh"),
        ("ช่วยเขียนรายงานประจำเดือนมีนาคม", "report-th"),
        ("이 변경에 대한 커밋 메시지를 써 줘", "commit-ko"),
        ("कृपया ग्राहक के लिए चालान लिखें", "invoice-hi"),
    ],
)
def test_a_learned_rule_is_found_in_its_language_among_the_whole_bank(query, slug):
    assert slug in slugs(MIXED.search(query))
    # The same rule alone in a new workspace, where no word has a frequency yet.
    assert slug in slugs(SkillIndex([one for one in LEARNED if one.slug == slug]).search(query))


@pytest.mark.parametrize(
    "query, slug",
    [
        ("git commit message for the staged diff please", "write-commit-message"),
        ("The checkout crashes with a KeyError since yesterday, debug it", "reproduce-bug-first"),
        ("Do a code review of this merge request", "review-pull-request"),
        ("rename the column customer_name of a table without downtime", "safe-database-migration"),
        ("Which HTTP status codes should my REST endpoint return?", "design-rest-endpoint"),
        ("tests for the parser with fixtures and its edge cases", "write-focused-unit-tests"),
        ("My GROUP BY query counts rows twice after joining orders", "write-correct-sql"),
        ("Summarise the attached annual report", "summarize-long-document"),
        ("Convert 72 Fahrenheit to Celsius", "convert-units-currencies"),
        ("draft a polite follow-up email to the client", "write-clear-email"),
        ("Write the minutes of yesterday's meeting from this transcript", "meeting-notes-actions"),
        ("Which chart fits market share over five years?", "choose-right-chart"),
        ("is the lift of our experiment statistically significant, p-value?", "ab-test-analysis"),
        ("an aws credential was leaked in our repository", "handle-secrets-safely"),
        ("requests to the vendor API time out, implement retry and backoff", "retry-with-backoff"),
        ("cron job at 2:30 local time and daylight saving", "schedule-timezones-dst"),
        ("delete all files in the production bucket", "confirm-destructive-actions"),
        ("write an onboarding guide and a README", "organize-project-documentation"),
        ("estimate the effort of this project", "estimate-with-ranges"),
        ("fact-check: is this quotation by Einstein real?", "verify-sources"),
    ],
)  # fmt: skip
def test_the_bank_answers_an_ordinary_request(query, slug):
    assert slugs(BANK_ONLY.search(query))[0] == slug


@pytest.mark.parametrize(
    "query",
    [
        "", " ", "?!", "hello", "Hi there, how are you?", "thanks!", "ok", "yes, go on", "test",
        "Tell me a joke", "What's the weather like in Paris today?", "Who are you?",
        "Write a poem about autumn leaves", "Write a short story about a dragon and a princess",
        "Which film should I watch tonight?", "What should I cook with chicken and rice?",
        "How tall is Mount Everest?", "Is it safe to eat raw eggs?", "My favourite colour is blue",
        "What does serendipity mean?", "Reply with the single word: ok", "Why is the sky blue?",
        "Guten Morgen, wie geht es dir?", "Erzähl mir einen Witz", "Bonjour, ça va ?",
        "Quel temps fait-il à Lyon ?", "Hola, ¿qué tal?", "¿Qué tiempo hace hoy en Madrid?",
        "Привет, как дела?", "Расскажи анекдот про кота", "こんにちは、お元気ですか？",
        "明日の天気を教えてください", "你好，今天天气怎么样？", "给我讲个笑话", "오늘 날씨 어때?",
        "สวัสดีครับ พรุ่งนี้ฝนจะตกไหม", "आज मौसम कैसा है?", "مرحبا كيف حالك", "שלום, מה שלומך?",
    ],
)  # fmt: skip
def test_small_talk_and_general_knowledge_select_nothing(query):
    assert MIXED.search(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "この写真の料理の名前は何ですか",
        "请推荐几本历史小说",
        "แนะนำร้านอาหารในกรุงเทพ",
        "Посоветуй книгу по истории Рима",
        "Recomiéndame una playa tranquila en Portugal",
        "Empfiehl mir ein ruhiges Café in Wien",
        "서울에서 맛있는 식당을 추천해 주세요",
    ],
)
def test_another_topic_in_a_language_that_has_skills_selects_none_of_them(query):
    assert SkillIndex(LEARNED).search(query) == []


def test_accents_case_plural_and_identifier_style_do_not_matter():
    index = SkillIndex(LEARNED)

    assert slugs(index.search("FACTURAS de los CLIENTES"))[:1] == ["facturas-es"]
    assert slugs(index.search("отчет продажа"))[:1] == ["otchet-ru"]
    assert slugs(index.search("fix changelogFormat and release_notes"))[:1] == ["changelog-format"]


def test_words_are_brought_to_one_form():
    assert terms("Deploying deployed deploys") == ["deploy"] * 3
    assert terms("migration migrate migrating") == ["migrat"] * 3
    assert terms("getUserName snake_case") == ["user", "name", "getusernam", "snak", "case"]
    assert terms("GitHub")[-1] == terms("github")[0]
    assert terms("Configuración") == terms("configuracion")
    assert terms("the and for ist und les de la") == []
    assert terms("9fceb02d0ae598e95dc9 1712345678901 404") == ["404"]


def test_a_pasted_file_does_not_hide_what_is_asked():
    pasted = "class Node:\n    def visit(self, parent, child):\n        return child.value\n" * 200

    assert (
        slugs(BANK_ONLY.search(f"Write unit tests for this:\n{pasted}"))[0]
        == "write-focused-unit-tests"
    )
    assert (
        slugs(BANK_ONLY.search(f"{pasted}\nWrite a commit message for it."))[0]
        == "write-commit-message"
    )


def test_what_is_pasted_counts_less_than_what_is_asked():
    other = next(doc for doc in load_bank() if doc.slug == "safe-database-migration").text
    code = "x = compute(y)\n" * 40

    hits = BANK_ONLY.search(f"Write a commit message for this:\n{code}{other}{code}")

    assert slugs(hits)[0] == "write-commit-message"


def test_a_long_text_about_everything_matches_nothing_by_its_length_alone():
    everything = " ".join(doc.body.split("\n")[2] for doc in load_bank())

    assert all(hit.score < 0.4 for hit in BANK_ONLY.search(everything))


def test_the_middle_of_a_long_request_is_not_read():
    index = SkillIndex(LEARNED)
    filler = "lorem ipsum dolor " * 400

    assert index.search(f"{filler} changelog release notes {filler}") == []
    assert slugs(index.search(f"changelog release notes {filler}")) == ["changelog-format"]


def test_at_most_the_limit_and_the_token_budget_are_selected():
    index = SkillIndex(
        indexed(f"invoice-{n}", "Use when writing an invoice.", tokens=400) for n in range(6)
    )

    assert len(index.search("write an invoice", limit=2)) == 2
    assert len(index.search("write an invoice", limit=6, token_budget=900)) == 2
    assert index.search("write an invoice", limit=0) == []
    assert index.search("write an invoice", token_budget=399) == []


def test_a_skill_too_large_for_the_budget_leaves_room_for_the_next():
    index = SkillIndex(
        [
            indexed("invoice-totals", "Use when writing an invoice with totals.", tokens=2000),
            indexed("invoice-layout", "Use when writing an invoice.", tokens=100),
        ]
    )

    assert slugs(index.search("write an invoice with totals")) == ["invoice-layout"]


def test_learned_skills_win_ties():
    index = SkillIndex(
        [
            indexed("invoice-a", "Use when writing an invoice.", learned=False),
            indexed("invoice-b", "Use when writing an invoice.", learned=True),
        ]
    )

    assert slugs(index.search("an invoice, please")) == ["invoice-b", "invoice-a"]


def test_a_difference_too_small_to_mean_anything_is_a_tie():
    general = indexed("invoice-a", "Use when writing an invoice.", "Add totals.", learned=False)
    own = indexed("invoice-b", "Use when writing an invoice.", "Add totals and more words here.")
    index = SkillIndex([general, own])

    hits = index.search("an invoice, please")

    assert hits[0].score < hits[1].score
    assert slugs(hits) == ["invoice-b", "invoice-a"]


def test_the_bank_never_crowds_out_a_learned_skill():
    bank = [
        indexed(
            f"invoice-template-{n}", "Use when writing an invoice from a template.", learned=False
        )
        for n in range(8)
    ]
    own = indexed("vat-number", "Use when writing an invoice that goes abroad.")
    index = SkillIndex([*bank, own])
    query = "write an invoice from the template"

    assert len(index.search(query)) == 3
    assert "vat-number" in slugs(index.search(query))
    assert slugs(index.search(query, limit=1)) == ["vat-number"]
    assert "vat-number" in slugs(index.search(query, token_budget=150))


def test_house_rules_come_first_whatever_is_asked():
    rule = indexed("british-spelling", "Use when writing English.", reach="always")
    index = SkillIndex([*LEARNED, rule])

    hits = index.search("Deploy the new version to production now")

    assert slugs(hits)[:2] == ["british-spelling", "deploy-window"]
    assert (hits[0].is_always, hits[0].score) == (True, 1.0)
    assert slugs(index.search("hello")) == slugs(index.search("")) == ["british-spelling"]


def test_house_rules_have_their_own_small_budget_and_the_others_compete_by_relevance():
    rules = [indexed(f"rule-{n}", f"Use when planting trees{n}.", reach="always") for n in range(5)]
    large = indexed("a-large", "Use when planting.", reach="always", tokens=ALWAYS_TOKEN_BUDGET + 1)
    index = SkillIndex([*rules, large])

    assert slugs(index.search("hello")) == ["rule-0", "rule-1", "rule-2"]
    assert slugs(index.search("planting trees4"))[3] == "rule-4"


def test_a_house_rule_is_not_selected_twice():
    index = SkillIndex([indexed("dates", "Use when writing dates.", reach="always")])

    assert slugs(index.search("writing dates")) == ["dates"]


def test_the_order_of_building_does_not_change_the_result():
    forward, backward = SkillIndex([*BANK, *LEARNED]), SkillIndex([*LEARNED[::-1], *BANK[::-1]])

    for query in (
        "write a commit message",
        "fix the flaky test in the pipeline",
        "date report sql",
    ):
        assert forward.search(query, threshold=0.0) == backward.search(query, threshold=0.0)


def test_scores_are_between_zero_and_one_and_fall():
    for query in (
        "commit message",
        "write a commit message for git pull request title description",
    ):
        scores = [hit.score for hit in BANK_ONLY.search(query, threshold=0.0)]

        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_an_empty_library_selects_nothing():
    assert SkillIndex([]).search("write a commit message") == []


def test_a_large_library_still_finds_the_one_that_fits():
    crowd = [
        indexed(
            f"topic{n}-rule",
            f"Use when writing about topic{n} in reports for customers.",
            f"Check the report, the numbers and the customer's name. word{n % 50} word{n % 7}",
        )
        for n in range(3000)
    ]
    wanted = indexed("kiln-firing", "Use when planning a kiln firing.", "Reports for customers.")
    index = SkillIndex([*crowd, wanted])

    assert (
        slugs(index.search("Plan the next kiln firing and report it to customers"))[0]
        == "kiln-firing"
    )
    assert slugs(index.search("a customer report about topic1234"))[0] == "topic1234-rule"
