"""SKILL.md: what is read, what is refused, and that nothing is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import (
    CATEGORIES,
    MAX_BYTES,
    MAX_DESCRIPTION,
    build,
    parse,
    parse_bytes,
    render,
    sha256_of,
)

GOOD = """\
---
name: write-dates
description: Use when writing dates.
category: general
---

# Dates

1. Write 2024-03-31.
"""


def front(**values: str) -> str:
    parts = {"name": "a", "description": "d", "category": "coding", **values}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in parts.items()) + "---\nbody\n"


def refusal(text: str) -> dict[str, list[str]]:
    with pytest.raises(SkillInvalid) as caught:
        parse(text)
    assert caught.value.code == "skill_invalid"
    assert caught.value.detail
    return caught.value.fields


def test_a_plain_skill_is_read():
    doc = parse(GOOD)

    assert (doc.slug, doc.category, doc.reach) == ("write-dates", "general", "relevant")
    assert doc.description == "Use when writing dates."
    assert doc.body == "# Dates\n\n1. Write 2024-03-31."
    assert doc.text == GOOD
    assert doc.sha256 == sha256_of(GOOD)


def test_a_house_rule_may_reach_every_request():
    doc = parse(front(reach="always"))

    assert doc.reach == "always"
    assert "reach: always" in doc.text


@pytest.mark.parametrize("variant", [GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD, GOOD + "\n\n"])
def test_line_endings_byte_order_mark_and_trailing_lines_do_not_change_the_hash(variant):
    assert parse(variant).sha256 == parse(GOOD).sha256


def test_keys_of_other_tools_are_left_out():
    doc = parse(front(license="MIT", metadata="{a: [1, 2]}", version="1.0"))

    assert "license" not in doc.text


def test_a_rule_line_in_the_body_does_not_end_the_body():
    assert parse(GOOD + "\n---\nmore\n").body.endswith("---\nmore")


@pytest.mark.parametrize(
    "name",
    [
        "../x", "a/b", "A", "a_b", "-a", "a-", "a b", "ä", "a" * 65, "'.'", "'..'", "'a\\b'",
        '"a\\n"', "'CON.'", "'~'",
    ],
)  # fmt: skip
def test_a_name_that_is_no_slug_is_refused(name):
    assert set(refusal(front(name=name))) == {"name"}


@pytest.mark.parametrize("name", ["a", "a1", "0", "a" * 64, "a--b"])
def test_a_slug_is_accepted(name):
    assert parse(front(name=f"'{name}'")).slug == name


@pytest.mark.parametrize("field", ["name", "description", "category"])
def test_a_missing_or_empty_field_is_named(field):
    lines = [line for line in front().split("\n") if not line.startswith(field)]

    assert set(refusal("\n".join(lines))) == {field}
    assert set(refusal(front(**{field: ""}))) == {field}


@pytest.mark.parametrize(
    "value", ["12", "1.5", "true", "no", "2024-01-01", "~", "[a]", "{a: b}", "0x1F", "1:30"]
)
@pytest.mark.parametrize("field", ["name", "description", "category", "reach"])
def test_a_value_that_is_not_text_is_refused_under_its_name(field, value):
    assert set(refusal(front(**{field: value}))) == {field}


@pytest.mark.parametrize(
    "text, field",
    [
        (front(category="cooking"), "category"),
        (front(reach="sometimes"), "reach"),
        (front(description="x" * (MAX_DESCRIPTION + 1)), "description"),
        (front() .replace("body\n", "  \n\n"), "body"),
        (front(colour="red"), "text"),
    ],
)  # fmt: skip
def test_a_value_out_of_bounds_is_refused_under_its_name(text, field):
    assert set(refusal(text)) == {field}


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "# Only Markdown\n", "---", "---\n", "---\nname: a\n", " ---\nname: a\n---\nx",
        "---\n---\nbody", "---\n- a\n- b\n---\nbody", "---\njust text\n---\nbody",
        "---\nname: [a\n---\nbody", "---\n\tname: a\n---\nbody", "---\nname: 'a\n---\nbody",
        "---\n? [a, b]\n: c\n---\nbody", "---\nname: a\n...\nname: b\n---\nbody",
        '---\nname: "\\UFFFFFFFF"\n---\nbody', "---\n%YAML " + "9" * 5000 + ".1\n---\nbody",
        "---\nname: a: b: c\n---\nbody", "---\n@\n---\nbody", "---\n`\n---\nbody",
    ],
)  # fmt: skip
def test_text_without_readable_front_matter_is_refused(text):
    assert set(refusal(text)) == {"text"}


def test_a_bomb_of_aliases_is_refused_before_it_is_expanded():
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))

    message = refusal(f"---\nl0: &l0 [lol]\n{levels}\n---\nbody")["text"][0]

    assert "aliases" in message


@pytest.mark.parametrize("nested", ["[" * 4000, "{a: " * 1500, "[" * 9 + "]" * 9])
def test_deep_nesting_is_refused(nested):
    assert set(refusal(f"---\nname: {nested}\n---\nbody")) == {"text"}


@pytest.mark.parametrize(
    "line",
    [
        "name: !!python/object/apply:os.system [id]",
        "name: !!str a",
        "name: !local a",
        "!!map {name: a}: b",
        "<<: {name: a}",
        "name: &anchor a",
    ],
)
def test_tags_anchors_and_merge_keys_are_refused(line):
    assert set(refusal(f"---\n{line}\n---\nbody")) == {"text"}


def test_a_key_that_comes_twice_is_refused_under_its_name():
    text = front().replace("name: a\n", "name: a\nname: b\n")

    assert set(refusal(text)) == {"name"}


def test_front_matter_and_file_have_a_largest_size():
    assert "8 KB" in refusal(f"---\nx: {'y' * 9000}\n---\nbody")["text"][0]
    assert "64 KB" in refusal(front() + "x" * MAX_BYTES)["text"][0]
    assert "64 KB" in refusal(front() + "漢" * (MAX_BYTES // 3))["text"][0]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused_by_name_and_line(char):
    message = refusal(front() + f"line\nbad{char}\n")["text"][0]

    assert f"U+{ord(char):04X}" in message
    assert "Line 8" in message


@pytest.mark.parametrize("escape", ["\\0", "\\x07", "\\e", "\\ud800"])
def test_control_characters_written_as_escapes_are_refused_too(escape):
    assert set(refusal(front(description=f'"a{escape}b"'))) == {"description"}


def test_bytes_that_are_not_utf8_are_refused():
    with pytest.raises(SkillInvalid) as caught:
        parse_bytes(GOOD.encode("utf-16"))

    assert set(caught.value.fields) == {"text"}


def test_bytes_are_measured_before_they_are_decoded():
    with pytest.raises(SkillInvalid, match="64 KB"):
        parse_bytes(b"\xff" * (MAX_BYTES + 1))


SLUGS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", fullmatch=True)
# Everything a person can type: no controls, no lone surrogates.
CHARS = st.characters(exclude_categories=["Cc", "Cs"])
LINES = st.text(CHARS | st.sampled_from("-#:'\"{}[]&*!|>%@` \t"), max_size=40)


@given(
    slug=SLUGS,
    description=st.text(CHARS | st.sampled_from(":#'\"-[]{}&*!|>%@`\n\t "), max_size=200),
    category=st.sampled_from(CATEGORIES),
    reach=st.sampled_from(["relevant", "always"]),
    lines=st.lists(LINES | st.just("---"), max_size=12),
)
def test_what_is_rendered_is_read_back_the_same(slug, description, category, reach, lines):
    doc = build(
        slug=slug,
        description=f"x{description}",
        category=category,
        reach=reach,
        body="\n".join(["b", *lines]),
    )

    assert parse(render(doc)) == doc
    assert render(parse(doc.text)) == doc.text


@given(st.text(max_size=300) | st.text(max_size=300).map(lambda text: f"---\n{text}\n---\nx"))
def test_any_text_is_read_or_refused_and_never_breaks(text):
    try:
        doc = parse(text)
    except SkillInvalid:
        return

    assert parse(doc.text) == doc
