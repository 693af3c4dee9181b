"""Many voices in one case, the compartment, the sealed desk, and who sees what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from linli.cases.due import take_due
from linli.cases.models import Assignment, Case, Clock, Voice
from linli.cases.selectors import access_case, desk_view, explain, handler_view, history, queue_page, reporter_view
from linli.cases.tests.desk import VOICE, in_hand, later, open_one, rules, take
from linli.cases.voices import PartRequest, voice_of_token, voice_open
from linli.journal.selectors import entries_of, parts_of
from linli.journal.verifying import verify
from linli.kernel.actors import ActorRef
from linli.kernel.errors import InputError, NotFoundError, RefusedError
from tests.town import AT, Town

SECRETS = ("赵明月", "13912345678", "桂花苑三栋402", "老鼠乱窜", "我家楼下")


def joinable() -> Any:
    return next(code for code, row in rules().matters().items() if row["joinable"] and row["check"] == "site")


def find(case: int) -> Any:
    return Case.objects.get(pk=case)


def two(town: Town) -> Any:
    first, second = in_hand(town, matter=joinable()), open_one(matter=joinable())
    return first, second


def test_joined_voices_count_where_the_work_is_and_undoing_restores_both(town: Town) -> None:
    first, second = two(town)
    before = find(second.case)
    clocks = list(Clock.objects.filter(case=second.case).values("name", "due_at", "state"))
    take(second.case, "join", town.ref("duan"), later(hours=1), into=first.no)
    assert (find(second.case).state, find(second.case).next_due_at) == ("joined", None)
    assert Voice.objects.filter(case=first.case).count() == 2
    assert handler_view(town.actor("han"), first.case, later(hours=1)).voices == 2
    take(first.case, "say", town.ref("han"), later(hours=2), words="已安排清运。")
    assert [a.words for a in reporter_view(second.token, later(hours=3)).answers] == [{"words": "已安排清运。"}]
    assert take_due(later(days=60)) >= 0
    assert find(second.case).state == "joined"
    take(second.case, "unjoin", town.ref("duan"), later(hours=4))
    after = find(second.case)
    assert (after.state, after.next_due_at, after.joined_to) == (before.state, before.next_due_at, None)
    assert Voice.objects.filter(case=first.case).count() == 1
    assert list(Clock.objects.filter(case=second.case).values("name", "due_at", "state")) == clocks


def test_a_joined_reporter_may_leave_and_be_heard_alone(town: Town) -> None:
    first, second = two(town)
    take(second.case, "join", town.ref("duan"), later(hours=1), into=first.no)
    take(second.case, "unjoin", ActorRef("reporter", voice=voice_of_token(second.token)), later(hours=2))
    assert find(second.case).state == "received"


def test_only_public_things_of_one_matter_are_joined_and_only_by_a_person(town: Town) -> None:
    private = next(code for code, row in rules().matters().items() if not row["joinable"])
    first, second = in_hand(town, matter=private), open_one(matter=private)
    with pytest.raises(RefusedError) as refused:
        take(second.case, "join", town.ref("duan"), later(hours=1), into=first.no)
    assert refused.value.code == "case.join_private"
    public, other = two(town)
    with pytest.raises(RefusedError) as differs:
        take(first.case, "join", town.ref("duan"), later(hours=1), into=public.no)
    assert differs.value.code == "case.join_matter"
    with pytest.raises(InputError):
        take(other.case, "join", town.ref("duan"), later(hours=1), into=other.no)
    with pytest.raises(RefusedError):
        take(other.case, "join", ActorRef("system"), later(hours=1), into=public.no)


def test_a_case_that_carries_voices_is_not_joined_away(town: Town) -> None:
    first, second = two(town)
    third = open_one(matter=joinable())
    take(second.case, "join", town.ref("duan"), later(hours=1), into=first.no)
    with pytest.raises(RefusedError) as refused:
        take(first.case, "join", town.ref("duan"), later(hours=1), into=third.no)
    assert refused.value.code == "case.join_carries"


def test_opening_the_identity_needs_a_reason_is_logged_and_shown_to_the_reporter(town: Town) -> None:
    opened = in_hand(town)
    voice = voice_of_token(opened.token) or 0
    asked = PartRequest(opened.case, voice, "identity", "约定上门时间")
    with pytest.raises(RefusedError):
        voice_open(asked, town.ref("han"), request_id=uuid4(), at=later(hours=1))
    got = voice_open(asked, town.ref("duan"), request_id=uuid4(), at=later(hours=1))
    assert got == {"name": VOICE.name, "phone": VOICE.phone, "address": VOICE.address}
    (opening,) = reporter_view(opened.token, later(hours=2)).openings
    assert (opening.organisation, opening.words) == (town.street_desk, {"reason": "约定上门时间"})
    with pytest.raises(NotFoundError):
        voice_open(PartRequest(opened.case, 10**9, "identity", "x"), town.ref("duan"), request_id=uuid4(), at=AT)


def test_nothing_of_the_reporter_is_in_any_view_row_or_entry(town: Town) -> None:
    opened = in_hand(town)
    take(opened.case, "note", town.ref("han"), later(hours=1), note="已到现场")
    at = later(hours=2)
    shown = [handler_view(town.actor("han"), opened.case, at), desk_view(town.actor("duan"), opened.case, at)]
    shown += [history(town.actor(who), opened.case, at) for who in ("han", "duan")]
    shown += [explain(town.actor("han"), opened.case, at), queue_page(town.actor("duan"), "place")]
    from linli.journal.models import Outbox

    rows = [list(Case.objects.values()), list(Voice.objects.values()), list(Outbox.objects.values())]
    entries = [entry.data for entry in entries_of(f"case:{opened.case}")]
    for text in map(str, (*shown, *rows, *entries)):
        assert not [secret for secret in SECRETS if secret in text]


def test_a_sealed_report_is_seen_by_its_receivers_alone(town: Town) -> None:
    typist = town.ref("hong")
    opened = open_one(typist, compartment="sealed", accused=(town.street_office,))
    receiver = Assignment.objects.get(case=opened.case, role="receiver")
    assert receiver.account == town.tan
    at = later(hours=1)
    for person in (*(p for p in town.people if p != "tan"),):
        with pytest.raises(NotFoundError):
            access_case(town.actor(person), opened.no, at)
        assert opened.case not in [row.case for row in queue_page(town.actor(person), "place").rows]
    with pytest.raises(RefusedError) as unopened:
        access_case(town.actor("tan"), opened.no, at)
    assert unopened.value.code == "case.look_in_first"
    take(opened.case, "look_in", town.ref("tan"), at, reason="按程序核查")
    assert access_case(town.actor("tan"), opened.no, at) == opened.case
    assert [row.case for row in queue_page(town.actor("tan"), "named").rows] == [opened.case]
    with pytest.raises(RefusedError) as accused:
        take(opened.case, "dispatch", town.ref("tan"), at, organisation=town.street_office)
    assert accused.value.code == "case.accused_body"
    take(opened.case, "dispatch", town.ref("tan"), at, organisation=town.discipline)
    take(opened.case, "sign", town.ref("ji"), at)
    assert find(opened.case).state == "signed"


def test_one_button_seals_and_the_bodies_and_the_hand_that_pressed_it_lose_sight(town: Town) -> None:
    opened = in_hand(town)
    take(opened.case, "seal", town.ref("han"), later(hours=1), accused=[town.street_office])
    case = find(opened.case)
    assert (case.compartment, case.state, case.owner) == ("sealed", "received", None)
    for person in ("han", "duan", "hu", "he", "shen", "adam"):
        with pytest.raises(NotFoundError):
            access_case(town.actor(person), opened.no, later(hours=2))
        with pytest.raises(NotFoundError):
            take(opened.case, "note", town.ref(person), later(hours=2), note="?")
    assert desk_view(town.actor("tan"), opened.case, later(hours=2)).compartment == "sealed"
    from linli.journal.models import Outbox

    last = Outbox.objects.latest("id").payload
    assert set(last) == {"case", "to", "what"}
    assert last["what"] == "case"


def test_a_protected_case_goes_to_the_person_safe_post_only(town: Town) -> None:
    matter = next(c for c, r in rules().matters().items() if r["protected"] and r["duty"] == "duty.person_safe")
    opened = open_one(town.ref("hong"), matter=matter, compartment="protected")
    assert access_case(town.actor("fu"), opened.no, AT) == opened.case
    for person in ("hong", "duan", "mei", "liang", "fang"):
        with pytest.raises(NotFoundError):
            access_case(town.actor(person), opened.no, AT)


def test_classed_as_a_protected_matter_it_leaves_every_other_hand(town: Town) -> None:
    matter = next(c for c, r in rules().matters().items() if r["protected"] and r["duty"] == "duty.person_safe")
    opened = open_one(matter=None, matter_by="none", flags=("to_class",))
    take(opened.case, "classify", town.ref("duan"), matter=matter)
    assert (find(opened.case).compartment, find(opened.case).state) == ("protected", "received")
    for person in ("duan", "hong", "he", "mei", "fang", "su"):
        with pytest.raises(NotFoundError):
            access_case(town.actor(person), opened.no, AT)
    assert access_case(town.actor("fu"), opened.no, AT) == opened.case


def test_wrong_numbers_and_forbidden_ones_answer_alike(town: Town) -> None:
    opened = open_one()
    answers = set()
    for no in (opened.no, "123456789012", "not a number", ""):
        with pytest.raises(NotFoundError) as error:
            access_case(town.actor("kang"), no, AT)
        answers.add((str(error.value), error.value.code, error.value.hint))
    assert len(answers) == 1
    spoken = f"{opened.no[:4]} {opened.no[4:8]}-{opened.no[8:]}"
    assert access_case(town.actor("duan"), spoken, AT) == opened.case


def test_closing_sets_the_last_day_of_personal_parts_and_reopening_takes_it_back(town: Town) -> None:
    opened = in_hand(town)
    take(opened.case, "reply", town.ref("han"), later(hours=3), result="solved", words="已清理")
    assert {p.erase_after for p in parts_of(f"case:{opened.case}")} == {None}
    take(opened.case, "check_on_site", town.ref("fang"), later(hours=4), done=True, note="干净")
    assert all(p.erase_after is not None for p in parts_of(f"case:{opened.case}"))
    take(opened.case, "reopen", town.ref("duan"), later(days=1), reason="又有了")
    ended = {p.erase_after for p in parts_of(f"case:{opened.case}")}
    assert ended == {None}


def test_the_chains_verify_after_all_of_it(town: Town) -> None:
    first, second = two(town)
    take(second.case, "join", town.ref("duan"), later(hours=1), into=first.no)
    take(first.case, "seal", town.ref("han"), later(hours=2))
    assert verify().findings == []
