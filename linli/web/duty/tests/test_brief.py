"""The brief of the morning: seven questions, each with its count, its first cases and its queue; one sheet, few queries."""

from __future__ import annotations

import re
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import in_hand, later, open_one, take
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, opened_no, page
from linli.web.duty.tests.scene import text
from tests.town import GRIDS, Town

MOST_QUERIES = 12


def counts(client: Client) -> dict[str, str]:
    """Each question's count as the page shows it."""
    found = re.findall(r'id="b-(\w+)"><a [^>]*>.*?<span>([^<]*)</span>', text(client, "/desk/brief"), re.DOTALL)
    return dict(found)


def addresses(client: Client) -> dict[str, str]:
    """Each question's queue."""
    found = re.findall(r'id="b-(\w+)"><a class="\w*" href="([^"]+)"', text(client, "/desk/brief"))
    return {what: address.replace("&amp;", "&") for what, address in found}


def queued(client: Client, address: str) -> set[str]:
    """The numbers of a queue."""
    return set(re.findall(r'<li data-no="(\d{12})"', text(client, address)))


def test_each_count_opens_to_the_same_cases(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    town.ground()
    fresh = opened_no()
    lost = opened_no(flags=("to_locate",), located=None, place="870102001")
    back = in_hand(town)
    returned = open_one()
    take(returned.case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.sanitation)
    take(returned.case, "return", town.ref("han"), later(minutes=9), rule="第三条", reason="不归我们")
    take_as_reporter(back.case, link_of(back.token), Said("remind", {}), request_id=uuid4(), at=later(minutes=20))
    client = signed_in("duan")
    found = counts(client)
    assert found["new"] == "4"
    assert (found["unowned"], found["unplaced"], found["reminded"]) == ("2", "1", "1")
    opened = {what: queued(client, address) for what, address in addresses(client).items()}
    assert opened["unowned"] == {fresh, str(returned.no)}
    assert opened["unplaced"] == {lost}
    assert opened["reminded"] == {str(back.no)}
    assert {what: str(len(cases)) for what, cases in opened.items()} == found
    clock.at = later(days=30)
    client = signed_in("duan")
    assert counts(client)["late"] == str(len(queued(client, addresses(client)["late"])))
    assert counts(client)["new"] == "0"


def test_each_desk_reads_its_own_place(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    assert no in text(signed_in("duan"), "/desk/brief")
    assert no not in text(signed_in("deng"), "/desk/brief")


def test_what_was_promised_is_a_question_of_its_own(town: Town, signed_in: SignedIn) -> None:
    promised = open_one()
    opened_no()
    take(promised.case, "promise", town.ref("duan"), later(minutes=5), until="2026-11-26", promised="周四前答复")
    client = signed_in("duan")
    assert counts(client)["promised"] == "1"
    assert queued(client, addresses(client)["promised"]) == {str(promised.no)}
    assert "计时" in page(client, "desk_queue", query="?view=all&clock=promise")


def test_no_person_and_no_closed_case_is_on_it(town: Town, signed_in: SignedIn) -> None:
    opened_no()
    sealed = opened_no(compartment="sealed", title="检举")
    for name in ("duan", "hong", "he"):
        seen = text(signed_in(name), "/desk/brief")
        assert sealed not in seen
        assert not [word for word in (*PLANTED, "检举") if word in seen]
        main = seen.partition("<main")[2]
        assert not [who for who in town.people if f"{who.title()} of the town" in main]


def test_what_it_costs_does_not_grow(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("duan")
    opened_no()
    client.get("/desk/brief")
    costs = []
    for place in (GRIDS[0], GRIDS[1]):
        for _number in range(5):
            opened_no(place=place)
        with CaptureQueriesContext(connection) as run:
            client.get("/desk/brief")
        costs.append(len(run))
    assert costs[0] == costs[1] <= MOST_QUERIES, costs


def test_at_most_four_cases_a_question_so_that_it_prints_on_one_sheet(town: Town, signed_in: SignedIn) -> None:
    for _number in range(7):
        opened_no()
    seen = text(signed_in("duan"), "/desk/brief")
    assert seen.partition('id="b-new"')[2].partition("</section>")[0].count("<li>") == 4


def test_english_is_complete(town: Town, signed_in: SignedIn) -> None:
    seen = text(signed_in("duan"), "/desk/brief?lang=en")
    assert "Morning brief" in seen
    assert "Returned, and nobody&#x27;s" in seen
