"""Redaction: what is taken out, what stays, and that doing it twice changes nothing."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.sensitive import personal_data_in, redact, secrets_in

SAMPLES = {
    "provider_key": "sk-proj-4f9aKq2LmN8xYz71Bc3D",
    "anthropic_key": "sk-ant-api03-abcdefghij0123456789",
    "metaclaw_key": "mck_live_a1b2c3d4e5_Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0",
    "aws_key_id": "AKIAIOSFODNN7EXAMPLE",
    "github_token": "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "gitlab_token": "glpat-0123456789abcdefghij",
    "slack_token": "xoxb-1234567890-abcdefghij",
    "google_key": "AIza" + "a1B2c3D4e5" * 3 + "f6G7h",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "stripe_key": "sk_live_0123456789abcdefghij",
    "telegram_token": "123456789:AAabcdefghijklmnopqrstuvwxyz0123456",
    "email": "jane.doe@gmail.com",
    "card": "4012 8888 8888 1881",
    "iban": "GB33 BUKB 2020 1555 5555 55",
    "phone": "+49 30 901820",
    "national_id": "123-45-6789",
}


@pytest.mark.parametrize("kind, value", SAMPLES.items(), ids=list(SAMPLES))
@pytest.mark.parametrize("frame", ["{}", "before {} after", '{{"a": "{}"}}', "x={}\n", "({}), "])
def test_a_value_is_replaced_by_its_kind_and_its_surroundings_stay(kind, value, frame):
    assert redact(frame.format(value)) == (frame.format(f"[redacted:{kind}]"), 1)


def test_only_the_password_of_a_url_is_taken():
    text, count = redact("postgres://app:s3cr3t-Value@db.internal/app")

    assert text == "postgres://app:[redacted:url_password]@db.internal/app"
    assert count == 1


@pytest.mark.parametrize("ending", ["\n-----END RSA PRIVATE KEY-----", "", "\n"])
def test_a_private_key_goes_whole_even_when_its_end_is_missing(ending):
    body = "\n".join(["MIIEowIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH"] * 20)

    text, count = redact(f"key:\n-----BEGIN RSA PRIVATE KEY-----\n{body}{ending} tail")

    assert "MIIE" not in text
    assert text.startswith("key:\n[redacted:private_key]")
    assert text.endswith(" tail")
    assert count == 1


def test_a_private_key_inside_a_json_string_is_found():
    text, _ = redact(
        '{"k": "-----BEGIN PRIVATE KEY-----\\nMIIEabcdefghij0123\\n-----END PRIVATE KEY-----"}'
    )

    assert text == '{"k": "[redacted:private_key]"}'


@pytest.mark.parametrize(
    "text",
    [
        "def test_login(user): assert user.password == other.password",
        "password = os.environ['DB_PASSWORD_2024']",
        "api_key = settings.API_KEY",
        "token: <your-token-here>",
        "git@github.com:team/repo.git and icon@2x.png",
        "user@example.com, root@localhost, a@b.test",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 at 2024-05-06 12:30:00 +0200",
        "1712345678901 and 3.14159265358979 and 1234 5678 9012 3456",
        "uuid 550e8400-e29b-41d4-a716-446655440000",
        "call 555-0100 or +1 202 555 0143",
        "sk-learn-is-the-short-name-of-a-library",
        "ISO 8601, RFC 9110, port 30000, 192.168.0.1",
    ],
)
def test_clean_text_stays_clean(text):
    assert redact(text) == (text, 0)


def test_a_number_with_a_wrong_check_digit_is_no_card_and_no_account():
    assert personal_data_in("4012 8888 8888 1882") == []
    assert personal_data_in("GB34 BUKB 2020 1555 5555 55") == []


def test_an_account_number_does_not_swallow_the_words_after_it():
    assert redact("NL91ABNA0417164300 THEN PAY")[0] == "[redacted:iban] THEN PAY"


def test_findings_come_in_order_without_overlap():
    found = secrets_in(" ".join(SAMPLES.values()) + " Authorization: Bearer " + SAMPLES["jwt"])

    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    assert {one.family for one in found} == {"secret"}


@given(
    st.lists(st.sampled_from([*SAMPLES.values(), "password:", " ", "a", "@", "://u:", "\n", "="]))
)
def test_redacting_twice_changes_nothing(pieces):
    once, _ = redact("".join(pieces))

    assert redact(once) == (once, 0)
