"""Support from outside: for a purpose and some hours, seeing how the system runs and nothing else; the three administrations apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.access.policies import SUPPORT
from linli.access.selectors import actor_at, system_actor
from linli.access.support import SupportDraft, support_end, support_grant, support_sessions
from linli.cases.seeing import see
from linli.cases.tests.desk import in_hand, later, open_one
from linli.journal.selectors import entries_of
from linli.kernel.errors import LinliError, NotFoundError
from linli.organisations.appointments import AppointmentDraft, appoint
from linli.organisations.domain import PostDraft
from linli.organisations.services import post_open
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED
from linli.web.tests.test_markers import FACES
from tests.statements import statements
from tests.town import DISTRICT, FOUNDED, Town

RUNNING = ("/admin", "/admin/jobs", "/admin/log", "/admin/health")
CLOSED = (
    "/desk", "/desk/queue", "/desk/search?q=x", "/w", "/admin/places", "/admin/organisations", "/admin/posts", "/admin/accounts",
    "/admin/keys", "/admin/audit", "/admin/seals", "/admin/support", "/admin/gaps",
)  # fmt: skip
MOST_STATEMENTS = 14


@pytest.fixture
def post(town: Town) -> int:
    """A post of support in the body whose team has the town's cases in hand: the worst place for one."""
    since = FOUNDED + timedelta(days=1)
    made = PostDraft(town.sanitation, SUPPORT, SUPPORT, "技术支持", since, place=DISTRICT, single=False)
    return post_open(made, town.actor("adam"), since)


def _grant(town: Town, post: int, minutes: int = 0, **changes: Any) -> int:
    given: dict[str, Any] = {"account": town.people["mo"], "purpose": "fault", "hours": 2, **changes}
    return support_grant(SupportDraft(post=post, **given), town.actor("beth"), later(minutes=minutes))


def test_a_session_is_granted_on_a_page_shows_its_end_and_ends_by_itself(
    town: Town, post: int, signed_in: SignedIn, clock: Clock
) -> None:
    clock.at = later()
    given = {"account": "town.mo", "post": str(post), "purpose": "fault", "hours": "2"}
    done = signed_in("beth").post("/admin/support", given)
    assert done.status_code == 302
    guest = signed_in("mo")
    for path in RUNNING:
        answer = guest.get(path)
        assert answer.status_code == 200, path
        assert "技术支持会话" in answer.content.decode()
        assert "11:00" in answer.content.decode()
    clock.at = later(hours=2)
    guest = signed_in("mo")
    for path in RUNNING:
        assert guest.get(path).status_code == 404, path


@pytest.mark.parametrize("path", CLOSED)
def test_support_opens_nothing_else(town: Town, post: int, signed_in: SignedIn, clock: Clock, path: str) -> None:
    _grant(town, post)
    assert signed_in("mo").get(path).status_code == 404


def test_support_in_the_very_body_that_has_a_case_sees_no_case(town: Town, post: int, signed_in: SignedIn) -> None:
    opened = in_hand(town)
    hidden = open_one(compartment="sealed", matter=None, title="密件里的商贩", task_text="密件里的商贩")
    _grant(town, post)
    guest = actor_at(town.people["mo"], later(minutes=20))
    assert [one.role for one in guest.holdings] == [SUPPORT]
    for case in (opened.case, hidden.case):
        with pytest.raises(NotFoundError):
            see(guest, case)
    client = signed_in("mo")
    for path in RUNNING:
        text = client.get(path).content.decode()
        assert not [
            word for word in (*PLANTED, "密件里的商贩", str(opened.no), "town.beth", "town.han") if word in text
        ], path


def test_it_changes_nothing_and_each_look_is_in_the_log(town: Town, post: int, signed_in: SignedIn) -> None:
    _grant(town, post)
    client = signed_in("mo")
    client.get("/admin/jobs")
    assert client.post("/admin/jobs", {}).status_code == 404
    verbs = [(entry.verb, entry.data) for entry in entries_of(f"account:{town.people['mo']}")]
    assert verbs[-3][0] == "access.support.granted"
    assert verbs[-3][1]["purpose"] == "fault"
    assert verbs[-2:] == [("access.support.looked", {"page": "admin_jobs"})] * 2
    assert "Try" not in client.get("/admin/jobs?lang=en").content.decode()


def test_it_is_ended_now_and_once(town: Town, post: int, signed_in: SignedIn) -> None:
    session = _grant(town, post)
    assert [one.running for one in support_sessions(later(minutes=1))] == [True]
    keeper = signed_in("beth")
    assert "现在结束" in keeper.get("/admin/support").content.decode()
    assert keeper.post(f"/admin/support/{session}/end").status_code == 302
    assert signed_in("mo").get("/admin/health").status_code == 404
    assert [one.running for one in support_sessions(later(minutes=40))] == [False]
    with pytest.raises(LinliError) as over:
        support_end(session, town.actor("beth"), later(minutes=41))
    assert over.value.code == "access.support_over"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hours": 0}, "access.support_hours"),
        ({"hours": 9}, "access.support_hours"),
        ({"purpose": "curiosity"}, "access.support_purpose"),
        ({"account": 10**9}, "access.missing"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(town: Town, post: int, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(LinliError) as refused:
        _grant(town, post, **changes)
    assert refused.value.code == code
    assert support_sessions(later()) == []


def test_support_is_given_to_nobody_who_holds_a_post_and_in_no_other_post(town: Town, post: int) -> None:
    for who, where, code in (
        ("han", post, "access.support_holds_post"),
        ("adam", post, "access.support_holds_post"),
        ("mo", town.posts["han"], "access.support_post"),
        ("mo", town.posts["carl"], "access.support_post"),
    ):
        with pytest.raises(LinliError) as refused:
            _grant(town, where, account=town.people[who])
        assert refused.value.code == code
    assert support_sessions(later()) == []


@pytest.mark.parametrize("who", ["adam", "carl", "duan", "mo"])
def test_only_the_security_administrator_grants(town: Town, post: int, who: str) -> None:
    draft = SupportDraft(town.people["mo"], post, "fault", 2)
    with pytest.raises(LinliError):
        support_grant(draft, town.actor(who), later())
    assert support_sessions(later()) == []


def test_a_form_that_is_wrong_says_so_at_the_field(town: Town, post: int, signed_in: SignedIn) -> None:
    keeper = signed_in("beth")
    for given, words in (
        ({"account": "nobody", "post": str(post), "purpose": "fault", "hours": "2"}, "没有这个名字的在用账号"),
        ({"account": "town.mo", "post": "x", "purpose": "fault", "hours": "2"}, "请选一个技术支持岗位"),
        ({"account": "town.mo", "post": str(post), "purpose": "fault", "hours": "半天"}, "请写几个小时"),
        ({"account": "town.mo", "post": str(post), "purpose": "", "hours": "2"}, "请选事由"),
        ({"account": "town.mo", "post": str(post), "purpose": "fault", "hours": "99"}, "不超过规定的小时数"),
    ):
        answer = keeper.post("/admin/support", given)
        assert 400 <= answer.status_code < 500
        assert words in answer.content.decode(), words
    assert support_sessions(later()) == []


def test_pages_cost_few_statements(town: Town, post: int, signed_in: SignedIn) -> None:
    for number in range(3):
        session = _grant(town, post, minutes=2 * number)
        support_end(session, town.actor("beth"), later(minutes=2 * number + 1))
    keeper, system = signed_in("beth"), signed_in("adam")
    for client, path in ((keeper, "/admin/support"), (system, "/admin/log")):
        client.get(path)
        with statements() as ran:
            assert client.get(path).status_code == 200
        assert len(ran) <= MOST_STATEMENTS, (path, len(ran))


# one person, one of the posts that keep each other in check


@pytest.mark.parametrize("other", ["adam", "beth", "carl"])
@pytest.mark.parametrize("who", ["adam", "beth", "carl"])
def test_nobody_holds_two_of_the_three_administrations(town: Town, who: str, other: str) -> None:
    if who == other:
        return
    draft = AppointmentDraft(town.posts[other], town.people[who], later(days=400))
    with pytest.raises(LinliError) as refused:
        appoint(draft, system_actor(), later())
    assert refused.value.code == "organisations.administrations"
    assert "security_administrator" in refused.value.data["roles"]  # type: ignore[operator]


def test_nobody_administers_and_is_support(town: Town, post: int) -> None:
    with pytest.raises(LinliError) as refused:
        appoint(AppointmentDraft(post, town.people["carl"], later()), town.actor("beth"), later())
    assert refused.value.code == "organisations.administrations"


def test_the_face_is_walked_by_the_planted_words() -> None:
    assert {"administration", "outside"} <= set(FACES)
    assert Client().get("/admin/support").status_code == 302
