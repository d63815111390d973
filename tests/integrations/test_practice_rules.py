import pytest

from apps.integrations.practice.chat import ChatRequest, Message
from apps.integrations.practice.rules import RULES, HouseRule, checks, rule_for, rules_stated_in

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)

CATEGORIES = {
    "general",
    "coding",
    "research",
    "data_analysis",
    "security",
    "communication",
    "automation",
    "agentic",
    "productivity",
    "common_mistakes",
}


def test_the_catalogue_has_at_least_eight_rules_with_names_of_their_own() -> None:
    assert len(RULES) >= 8
    assert len({rule.slug for rule in RULES}) == len(RULES)
    assert len({rule.marker for rule in RULES}) == len(RULES)


@each_rule
def test_the_check_tells_kept_answers_from_broken_ones(rule: HouseRule) -> None:
    kept = [answer.replace("[[ticket]]", "HELP-1") for answer in rule.kept]

    assert all(rule.is_kept(answer) for answer in kept)
    assert not any(rule.is_kept(answer) for answer in rule.broken)


@each_rule
def test_the_skill_states_its_own_rule_and_no_other(rule: HouseRule) -> None:
    steps = "\n".join(rule.skill.steps)

    assert rules_stated_in(steps) == [rule]
    assert rules_stated_in(rule.statement) == [rule]
    assert rule.skill.description.startswith("Use when ")
    assert rule.skill.category in CATEGORIES


@each_rule
def test_the_rule_is_found_however_its_wording_is_laid_out(rule: HouseRule) -> None:
    laid_out = rule.marker.upper().replace(" ", "\n  ")

    assert rule.is_stated_in(f"Please note: **{laid_out}**.")


def test_a_request_outside_the_catalogue_has_no_rule() -> None:
    assert rule_for("Hello, who are you?") is None


def test_the_mail_is_signed_with_the_ticket_of_the_request() -> None:
    rule = rule_for("Draft an e-mail reply for ticket OPS-77.")
    assert rule is not None

    assert rule.answer("Draft an e-mail reply for ticket OPS-77.", rule.marker).endswith("OPS-77")


@pytest.mark.parametrize(
    "answer,is_kept",
    [
        ("It starts at 2026-03-04T14:00:00+01:00.", True),
        ("It starts at `2026-03-04T13:00Z`.", True),
        ("It starts at 2026-03-04T14:00:00.", False),
        ("It starts at 2026-03-04T14:00:00Z, that is March 4th.", False),
    ],
)
def test_dates_need_the_offset_and_nothing_looser_beside_them(answer: str, is_kept: bool) -> None:
    assert checks.dates_are_iso(answer) is is_kept


@pytest.mark.parametrize(
    "answer,is_kept",
    [
        ("```\nfix(billing): round totals\n```", True),
        ("`feat(login)!: remember the depot`", True),
        ("fix: round totals", False),
        ("fix(billing): Round totals.", False),
    ],
)
def test_commit_messages_are_read_through_code_marks(answer: str, is_kept: bool) -> None:
    assert checks.commit_has_scope(answer) is is_kept


def test_a_backup_after_the_change_does_not_count() -> None:
    late = "1. Run `sed -i s/a/b/ app.conf`.\n2. Run `cp app.conf app.conf.bak`."

    assert not checks.backup_comes_first(late)


def test_skills_in_any_message_are_instructions_but_plain_words_of_the_user_are_not() -> None:
    marker = RULES[0].marker
    block = f"<metaclaw_skills>\n## a-skill\n{marker}\n</metaclaw_skills>"
    with_skill = ChatRequest("m", "", (Message("user", f"Hello\n{block}"),))
    said_only = ChatRequest("m", "", (Message("user", f"Our rule is: {marker}"),))

    assert RULES[0].is_stated_in(with_skill.instructions)
    assert with_skill.skill_slugs == ["a-skill"]
    assert with_skill.last_user_text == "Hello"
    assert not RULES[0].is_stated_in(said_only.instructions)


def test_what_agents_add_is_not_taken_for_the_users_words() -> None:
    noise = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>> mail <<<END_OPENCLAW_INTERNAL_CONTEXT>>>"
    request = ChatRequest("m", "", (Message("user", "Who are you?"), Message("user", noise)))

    assert request.last_user_text == "Who are you?"
