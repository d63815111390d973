"""Finished requests become rows: once, and only what is new in them (P3, P9)."""

import random
from datetime import timedelta
from uuid import UUID

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.trajectories import selectors, services
from apps.trajectories.errors import TurnNotFound
from apps.trajectories.exact.recipe import unpack
from apps.trajectories.models import Session, Turn
from apps.trajectories.services import turns_record
from tests.factories import make_record, make_turn, make_verdict

KEY_ID = uuid7()


def user(text):
    return {"role": "user", "content": text}


def assistant(text):
    return {"role": "assistant", "content": text}


def talk(tenant, *texts, **fields):
    """A turn whose conversation is the texts, user first, then answers and replies in turn."""
    messages = [user(t) if i % 2 == 0 else assistant(t) for i, t in enumerate(texts)]
    wanted = {"messages": messages, "answer": assistant(f"re {texts[-1]}"), "key_id": KEY_ID}
    return make_turn(tenant.id, **(wanted | fields))


def conversation(turn):
    with tenant_tx(turn.tenant_id):
        asked = selectors.asked_of(tenant_id=turn.tenant_id, turn_id=turn.id)
        return asked.messages, asked.new_from


def judge_jobs(tenant) -> dict[str, Job]:
    with tenant_tx(tenant.id):
        jobs = Job.objects.for_tenant(tenant.id).filter(kind=services.JUDGE_KIND, status="queued")
        return {job.payload["turn_id"]: job for job in jobs}


def test_a_turn_stores_only_what_its_parent_does_not_have(tenant):
    first = talk(tenant, "one")
    second = talk(tenant, "one", "re one", "two")
    third = talk(tenant, "one", "re one", "two", "re two", "three")

    assert (first.parent_id, second.parent_id, third.parent_id) == (None, first.id, second.id)
    assert conversation(third) == (
        [user("one"), assistant("re one"), user("two"), assistant("re two"), user("three")],
        3,
    )


def test_what_a_conversation_costs_grows_with_what_is_new_in_it(tenant):
    texts = ["start"]
    for number in range(30):
        talk(tenant, *texts)
        texts += [f"re {texts[-1]}", f"message {number}"]

    with tenant_tx(tenant.id):
        rows = Turn.objects.for_tenant(tenant.id).order_by("id")
        stored = rows.values_list("request", "user_text")
        kept = [(unpack(bytes(request)).own, said) for request, said in stored]
    own = b"".join(each for each, _ in kept)
    # Every message once, and nothing else that grows.
    assert [own.count(f'"message {n}"'.encode()) for n in range(29)] == [1] * 29
    assert len(own) < 29 * 120
    assert [said for _, said in kept] == ["start", *(f"message {n}" for n in range(29))]


def test_recording_the_same_turn_again_changes_nothing(tenant):
    record = make_record(tenant.id, system="Be brief.")

    new = turns_record(tenant_id=tenant.id, records=[record, record])
    again = turns_record(tenant_id=tenant.id, records=[record])

    assert (new, again) == ([record], [])
    with tenant_tx(tenant.id):
        assert Turn.objects.for_tenant(tenant.id).count() == 1
        assert Session.objects.for_tenant(tenant.id).count() == 1
    assert len(judge_jobs(tenant)) == 1


def test_a_conversation_that_the_gateway_took_for_new_finds_its_session(tenant):
    first = talk(tenant, "one")

    second = talk(tenant, "one", "re one", "two", session_id=uuid7(), session_source="new")

    assert second.session_id == first.session_id
    with tenant_tx(tenant.id):
        assert Session.objects.for_tenant(tenant.id).count() == 1


def test_a_session_that_the_client_named_is_kept_apart(tenant):
    talk(tenant, "one")

    named = talk(tenant, "one", "re one", "two", session_source="header")

    assert named.parent_id is None
    assert len(conversation(named)[0]) == 3


def test_the_same_words_of_another_key_or_tenant_are_another_conversation(tenant, other_tenant):
    talk(tenant, "one")

    other_key = talk(tenant, "one", "re one", "two", key_id=uuid7())
    elsewhere = talk(other_tenant, "one", "re one", "two")

    assert (other_key.parent_id, elsewhere.parent_id) == (None, None)


def test_a_conversation_that_was_edited_in_the_middle_is_stored_whole(tenant):
    talk(tenant, "one", "re one", "two")

    edited = talk(tenant, "one", "something else", "two", "re two", "three")

    assert edited.parent_id is None
    assert len(conversation(edited)[0]) == 5
    assert conversation(edited)[1] == 0


def test_two_branches_share_their_trunk(tenant):
    trunk = talk(tenant, "one")

    left = talk(tenant, "one", "re one", "left")
    right = talk(tenant, "one", "re one", "right")

    assert left.parent_id == right.parent_id == trunk.id
    assert conversation(left)[0][-1] == user("left")


def test_the_form_in_which_a_client_resends_an_answer_does_not_matter(tenant):
    first = talk(tenant, "one")
    parts = {"role": "assistant", "content": [{"type": "text", "text": "re one"}]}

    second = make_turn(
        tenant.id,
        key_id=KEY_ID,
        messages=[user("one"), parts, user("<system-reminder>x</system-reminder>two")],
    )

    assert second.parent_id == first.id
    # Kept as it was sent, all the same.
    assert conversation(second)[0][1] == parts


@pytest.mark.parametrize("nasty", ["nul \0 byte", "half \ud83d of a pair", "both \udfff\0"])
def test_text_that_postgres_cannot_hold_is_stored_readably(tenant, nasty):
    turn = make_turn(
        tenant.id,
        messages=[{"role": "user", "content": nasty, nasty: [nasty]}],
        answer=assistant(nasty),
        system=nasty,
        tools=[{"name": nasty}],
        error={"type": "x", "message": nasty},
        injection={"text": nasty, "place": "system"},
    )

    messages, _ = conversation(turn)
    assert "\0" not in messages[0]["content"]
    assert turn.user_text.split()[0] == nasty.split()[0]


def test_a_turn_is_judged_a_while_after_it_ended_or_as_soon_as_the_user_replies(tenant, settings):
    settings.METACLAW_JUDGE_WAIT_SECONDS = 300
    first = talk(tenant, "one")
    waiting = judge_jobs(tenant)[str(first.id)].run_after

    second = talk(tenant, "one", "re one", "two")

    assert waiting > now() + timedelta(seconds=200)
    assert judge_jobs(tenant)[str(first.id)].run_after <= now()
    assert judge_jobs(tenant)[str(second.id)].run_after > now() + timedelta(seconds=200)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "side"},
        {"status": "upstream_error"},
        {"status": "client_aborted"},
        {"status": "truncated_crash"},
        {"response_text": ""},
    ],
)
def test_what_is_not_a_whole_answer_is_not_judged(tenant, fields):
    talk(tenant, "one", **fields)

    assert judge_jobs(tenant) == {}


def test_the_end_of_a_session_has_its_last_turns_judged(tenant, settings):
    settings.METACLAW_JUDGE_WAIT_SECONDS = 3600
    turn = talk(tenant, "one", is_session_done=True)

    assert judge_jobs(tenant)[str(turn.id)].run_after <= now()


def test_idle_sessions_are_closed_and_their_last_turns_judged(tenant, other_tenant, settings):
    settings.METACLAW_JUDGE_WAIT_SECONDS = 3600
    long_ago = now() - timedelta(minutes=16)
    quiet = talk(tenant, "one", started_at=long_ago, finished_at=long_ago)
    busy = talk(other_tenant, "one")

    closed = services.sessions_close_idle()
    again = services.sessions_close_idle()

    assert (closed, again) == (1, 0)
    with tenant_tx(tenant.id):
        assert Session.objects.for_tenant(tenant.id).get().closed_at is not None
    assert judge_jobs(tenant)[str(quiet.id)].run_after <= now()
    assert judge_jobs(other_tenant)[str(busy.id)].run_after > now()


def test_a_turn_after_the_end_reopens_the_session_and_a_late_record_does_not(tenant):
    first = talk(tenant, "one")
    with tenant_tx(tenant.id):
        services.session_close(tenant_id=tenant.id, session_id=first.session_id)
    earlier = now() - timedelta(minutes=5)

    def is_open():
        with tenant_tx(tenant.id):
            return Session.objects.for_tenant(tenant.id).get().closed_at is None

    talk(tenant, "one", "re one", "late", started_at=earlier, finished_at=earlier)
    after_late = is_open()
    talk(tenant, "one", "re one", "new", started_at=now(), finished_at=now())

    assert (after_late, is_open()) == (False, True)


def test_a_score_is_stored_once_a_prompt_version(tenant):
    turn = talk(tenant, "one")

    with tenant_tx(tenant.id):
        stored = [
            services.score_record(tenant_id=tenant.id, turn_id=turn.id, verdict=make_verdict(value))
            for value in (-1, 1)
        ]
        score = selectors.turn_get(tenant_id=tenant.id, turn_id=turn.id).score

    assert (stored, score) == ([True, False], -1)


def test_a_turn_of_another_tenant_is_unknown(tenant, other_tenant):
    turn = talk(tenant, "one")

    with tenant_tx(other_tenant.id):
        for read in (selectors.turn_get, selectors.asked_of, selectors.judge_input):
            with pytest.raises(TurnNotFound):
                read(tenant_id=other_tenant.id, turn_id=turn.id)
        assert selectors.evidence_turns(tenant_id=other_tenant.id, turn_ids=[turn.id]) == []


def test_ids_sort_by_the_time_they_were_made():
    made = [uuid7() for _ in range(3)]

    assert all(isinstance(one, UUID) and one.version == 7 for one in made)
    assert len(set(made)) == 3


def test_the_skills_of_a_turn_are_told_in_the_order_of_its_prompt(tenant):
    carried = [uuid7() for _ in range(12)]
    random.Random(5).shuffle(carried)
    turn = talk(tenant, "one", skills=[(one, f"skill-{n}", 1) for n, one in enumerate(carried)])

    with tenant_tx(tenant.id):
        told = selectors.turn_versions(tenant_id=tenant.id, turn_id=turn.id)

    assert told == carried
