"""Two connections on one row, for every lock of the engine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from linli.cases.due import take_due
from linli.cases.engine import take_step
from linli.cases.models import Case, Clock
from linli.cases.opening import open_cases
from linli.cases.tests.desk import draft, later, open_one, published, rules, take
from linli.cases.tests.folding import differences
from linli.journal.selectors import entries_of
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BusyError, ConflictError, LinliError
from tests.town import AT, Town, town_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Any:
    from linli.packs.selectors import snapshot_by_hash

    snapshot_by_hash.cache_clear()
    published()
    return town_of()


def elsewhere(pool: ThreadPoolExecutor, call: Callable[[], Any]) -> Future[Any]:
    """Run on a connection of its own, closed afterwards."""

    def run() -> Any:
        try:
            return call()
        except LinliError as error:
            return error
        finally:
            connection.close()

    return pool.submit(run)


def _at_the_barrier(barrier: threading.Barrier, call: Callable[[], Any]) -> Any:
    barrier.wait()
    return call()


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each on its own connection."""
    barrier = threading.Barrier(len(calls))
    with ThreadPoolExecutor(len(calls)) as pool:
        waiting = [elsewhere(pool, partial(_at_the_barrier, barrier, call)) for call in calls]
        return [one.result() for one in waiting]


def test_one_of_two_steps_at_once_wins(town: Town) -> None:
    case = open_one().case
    results = together(
        lambda: take(case, "dispatch", town.ref("duan"), organisation=town.sanitation),
        lambda: take(case, "dispatch", town.ref("hong"), organisation=town.enforcement),
    )
    assert sorted(isinstance(one, ConflictError) for one in results) == [False, True]
    assert differences(case) == {}


def test_a_step_that_waited_sees_what_it_waited_for(town: Town) -> None:
    case = open_one().case
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            take(case, "dispatch", town.ref("duan"), organisation=town.sanitation)
            waiting = elsewhere(pool, lambda: take(case, "sign", town.ref("han"), later(minutes=1)))
            time.sleep(0.4)
            assert not waiting.done()
        result = waiting.result()
    assert result.state == "signed"
    assert Clock.objects.get(case=case, name="sign").state == "stopped"
    assert differences(case) == {}


def test_the_same_request_at_once_acts_once(town: Town) -> None:
    case, request = open_one().case, uuid4()
    form = {"organisation": town.sanitation}

    def ask() -> Any:
        return take_step(case, "dispatch", town.ref("duan"), form, request_id=request, at=AT)

    results = together(ask, ask, ask)
    assert sorted(one.repeated for one in results) == [False, True, True]
    assert len({one.entry_hash for one in results}) == 1


def test_workers_share_due_cases_and_take_none_twice(town: Town) -> None:
    cases = [one.case for one in open_cases([draft() for _ in range(60)], SYSTEM, at=AT)]

    def work() -> int:
        taken = 0
        while got := take_due(later(hours=9), batch=7):
            taken += got
        return taken

    assert sum(together(work, work)) == 60
    for case in cases:
        assert [e.verb for e in entries_of(f"case:{case}")].count("cases.request.overdue") == 1


def test_a_worker_passes_over_a_case_that_somebody_holds(town: Town) -> None:
    held, free = open_one().case, open_one().case
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        take(held, "note", town.ref("duan"), note="在看")
        assert elsewhere(pool, lambda: take_due(later(hours=9))).result(timeout=10) == 1
    assert Case.objects.get(pk=held).counts == {}
    assert Case.objects.get(pk=free).counts == {"overdue": 1}


def test_the_same_external_number_opens_once(town: Town) -> None:
    def hand_in() -> Any:
        return open_cases([draft(external_id="A1"), draft(external_id=str(uuid4()))], SYSTEM, at=AT)

    results = together(hand_in, hand_in)
    opened = [one for one in results if not isinstance(one, BusyError)]
    assert opened
    assert Case.objects.filter(channel="hotline", external_id="A1").count() == 1
    again = hand_in()
    assert again[0].known
    assert again[0].case == opened[0][0].case


def test_two_cases_joined_crosswise_do_not_deadlock(town: Town) -> None:
    matter = next(code for code, row in rules().matters().items() if row["joinable"])
    first, second = open_one(matter=matter), open_one(matter=matter)
    results = together(
        lambda: take(first.case, "join", town.ref("duan"), into=second.no),
        lambda: take(second.case, "join", town.ref("hong"), into=first.no),
    )
    assert sorted(isinstance(one, LinliError) for one in results) == [False, True]
    assert Case.objects.filter(state="joined").count() == 1


def test_a_known_number_twice_in_one_batch_opens_once(town: Town) -> None:
    one, two, three = open_cases([draft(external_id="B1"), draft(), draft(external_id="B1")], SYSTEM, at=AT)
    assert (one.case, one.known, three.case, three.known, three.token) == (three.case, False, one.case, True, "")
    assert two.case != one.case
