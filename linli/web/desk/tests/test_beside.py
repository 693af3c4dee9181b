"""Two cases side by side, joined and taken apart; and a case on paper, without the reporter."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from linli.cases.models import Case
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import VOICE, in_grid, later, open_one, rules, take
from linli.web.conftest import SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page
from tests.town import GRIDS, Town

JOINABLE = next(code for code, row in rules().matters().items() if row["joinable"] and not row["protected"])
MOST_QUERIES = {"beside": 40, "print": 24}


def press(client: Client, text: str, address: str, **fields: str) -> str:
    """Press a button of the page whose form goes to that address."""
    assert f'action="{address}"' in text
    answer = client.post(address, {"request_id": str(uuid4()), **fields}, follow=True)
    return str(answer.content.decode())


def test_alike_cases_are_joined_and_taken_apart_side_by_side(town: Town, signed_in: SignedIn) -> None:
    older = open_one(matter=JOINABLE)
    newer = open_one(matter=JOINABLE, candidates=(older.case,), at=later(minutes=2))
    desk = signed_in("duan")
    assert f'href="/desk/case/{newer.no}/beside/{older.no}" data-key="d"' in page(desk, "desk_case", newer.no)
    text = page(desk, "desk_beside", newer.no, older.no)
    assert "同一事项。" in text
    assert text.count('class="btn primary"') == 1
    assert text.index(f"/desk/case/{newer.no}/join") < text.index(f"/desk/case/{older.no}/join")
    assert not [word for word in PLANTED if word in text]
    press(desk, text, f"/desk/case/{newer.no}/join", into=str(older.no))
    assert Case.objects.get(pk=newer.case).joined_to == older.case
    carried = page(desk, "desk_case", older.no)
    assert f'href="/desk/case/{older.no}/beside/{newer.no}"' in carried
    apart = page(desk, "desk_beside", older.no, newer.no)
    assert "撤销并案" in apart
    press(desk, apart, f"/desk/case/{newer.no}/unjoin")
    assert Case.objects.get(pk=newer.case).joined_to is None


def test_what_may_not_be_joined_is_refused_with_the_reason(town: Town, signed_in: SignedIn) -> None:
    first, second = open_one(matter=JOINABLE), open_one(matter="event.04.008")
    desk = signed_in("duan")
    text = page(desk, "desk_beside", first.no, second.no)
    assert "事项不同。" in text
    assert 'class="btn primary"' not in text
    assert text.count("只有同一事项才能并案。") == 2
    told = press(desk, text, f"/desk/case/{second.no}/join", into=str(first.no))
    assert "同一" in told
    assert Case.objects.get(pk=second.case).joined_to is None


def test_both_must_be_seen(town: Town, signed_in: SignedIn) -> None:
    here, there = opened_no(), opened_no(located=in_grid(GRIDS[4]))
    hidden = opened_no(compartment="sealed", title="检举")
    desk = signed_in("duan")
    for pair in ((here, there), (there, here), (here, hidden), (hidden, here), (here, here), (here, "123456789012")):
        assert desk.get(f"/desk/case/{pair[0]}/beside/{pair[1]}").status_code == 404, pair


def test_a_case_on_paper_names_who_printed_it_and_no_reporter(town: Town, signed_in: SignedIn) -> None:
    opened = open_one()
    take_as_reporter(
        opened.case,
        link_of(opened.token),
        Said("add", {"words": "西门也有一处"}),
        request_id=uuid4(),
        at=later(minutes=5),
    )
    take(opened.case, "note", town.ref("duan"), later(minutes=6), note="已请物业核对。")
    text = page(signed_in("duan"), "desk_print", opened.no)
    for words in ("路口垃圾堆积，请清理。", "已请物业核对。", "打印于", "桂花街道", "纸上没有反映人。", "<svg"):
        assert words in text, words
    assert f"/desk/case/{opened.no}" in text
    assert not [word for word in (*PLANTED, "西门也有一处", VOICE.phone) if word in text]
    assert not [word for word in ("昨天", "今天", "明天") if word in text]
    assert "paper-internal" not in text
    assert signed_in("deng").get(f"/desk/case/{opened.no}/print").status_code == 404


def test_a_confidential_case_on_paper_says_so_on_each_page(town: Town, signed_in: SignedIn) -> None:
    opened = open_one(voice=replace(VOICE, wishes=("confidential",)))
    assert '<p class="paper-internal">内部</p>' in page(signed_in("duan"), "desk_print", opened.no)


def test_what_the_desk_alone_may_read_is_not_on_paper(town: Town, signed_in: SignedIn) -> None:
    opened = open_one()
    desk = signed_in("duan")
    voice = desk.get(f"/desk/case/{opened.no}").context["page"].voices[0].id
    form = {"request_id": str(uuid4()), "voice": voice, "what": "identity", "reason": "回电核实地址"}
    assert "赵明月" in desk.post(f"/desk/case/{opened.no}/open_part", form).content.decode()
    assert "回电核实地址" in page(desk, "desk_case", opened.no)
    assert "回电核实地址" not in page(desk, "desk_print", opened.no)


def test_what_they_cost(town: Town, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    town.ground()
    no, other = in_hand_no(town), opened_no()
    desk = signed_in("duan")
    for name, address in {"beside": f"/desk/case/{no}/beside/{other}", "print": f"/desk/case/{no}/print"}.items():
        desk.get(address)
        with django_assert_max_num_queries(MOST_QUERIES[name]):
            desk.get(address)
