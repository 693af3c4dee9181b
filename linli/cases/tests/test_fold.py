"""Any course of steps, by anybody, at any time: the log folds back into the columns, and the chain verifies."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from linli.cases.due import take_due
from linli.cases.models import Case, Clock
from linli.cases.seeing import see
from linli.cases.selectors import steps_now
from linli.cases.tests.desk import open_one, rules, take
from linli.cases.tests.folding import differences
from linli.cases.voices import voice_of_token
from linli.journal.verifying import verify
from linli.kernel.actors import Actor, ActorRef
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from tests.town import AT, Town

PEOPLE = ("duan", "hong", "he", "han", "bao", "lin", "mei", "fang", "liang", "zhong", "su", "tan", "ji", "reporter")
REVIEW = (AT + dt.timedelta(days=20)).date().isoformat()
NOT_HERE = frozenset({"open_part", "join", "split", "seal"})
REFUSALS = (RefusedError, ConflictError, NotFoundError, InputError)


def forms(town: Town) -> dict[str, list[dict[str, Any]]]:
    """A few forms for each step of a request that needs one."""
    bodies = [town.sanitation, town.enforcement, town.lighting]
    words: dict[str, Any] = {"reason": "理由"}
    return {
        "dispatch": [{"organisation": one, "co": [other]} for one in bodies for other in bodies if one != other],
        "return": [{"rule": "第三条", **words}],
        "co_return": [{"rule": "第三条", **words}],
        "arbitrate": [{"organisation": one, **words} for one in bodies],
        "bring_in": [{"organisation": one} for one in bodies],
        "report_back": [{"note": "完成"}],
        "contact": [{"way": "phone"}],
        "note_try": [{"way": "phone"}],
        "give_up": [{"words": "联系不上"}],
        "say": [{"words": "正在办"}],
        "note": [{"note": "记录"}],
        "ask_extension": [{"workdays": 2, **words}],
        "refuse_extension": [words],
        "ask_shelf": [{"category": "funds", "review_on": REVIEW, **words}],
        "refuse_shelf": [words],
        "reply": [{"result": "solved", "words": "好了"}],
        "answer_at_once": [{"result": "explained", "words": "解释"}],
        "call_back": [{"solved": "yes"}, {"solved": "no"}],
        "call_back_withdrawn": [{"solved": "no"}],
        "check_on_site": [{"done": True}, {"done": False}],
        "check_evidence": [{"done": True}, {"done": False}],
        "reopen": [words],
        "void": [words],
        "classify": [{"matter": "event.01.002"}, {"matter": "event.01.003"}],
        "locate": [{"place": "870102001001002"}],
    }


class Course(RuleBasedStateMachine):
    """One case under a rain of steps, most of them refused."""

    town: Town
    case: int

    @initialize(check=st.sampled_from(["site", "desk", "reporter"]))
    def begin(self, check: str) -> None:
        matter = next(code for code, row in rules().matters().items() if row["check"] == check and not row["protected"])
        self.now = AT
        opened = open_one(matter=matter)
        self.case = opened.case
        self.reporter = ActorRef("reporter", voice=voice_of_token(opened.token))
        self.forms = forms(self.town)

    @rule(data=st.data(), minutes=st.integers(0, 300))
    def step(self, data: st.DataObject, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)
        able = self._able()
        anybody = [(who, step) for who in PEOPLE for step in ("dispatch", "reply", "withdraw", "call_back", "begin")]
        who, step = data.draw(st.sampled_from(able * (1 + len(anybody) // max(len(able), 1)) + anybody))
        actor = self.reporter if who == "reporter" else self.town.ref(who)
        form = data.draw(st.sampled_from(self.forms.get(step, [{}])))
        with contextlib.suppress(*REFUSALS):
            take(self.case, step, actor, self.now, **form)

    def _able(self) -> list[tuple[str, str]]:
        found = []
        for who in PEOPLE:
            actor = Actor(self.reporter) if who == "reporter" else self.town.actor(who, self.now)
            with contextlib.suppress(NotFoundError):
                found += [(who, step) for step in steps_now(see(actor, self.case)) if step not in NOT_HERE]
        return found

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        while take_due(self.now):
            pass

    @invariant()
    def the_log_tells_the_columns(self) -> None:
        assert differences(self.case) == {}

    @invariant()
    def what_rings_next_is_the_earliest_clock(self) -> None:
        case = Case.objects.get(pk=self.case)
        found = Clock.objects.filter(case=case, next_at__isnull=False).values_list("next_at", flat=True)
        rings = [ring for ring in found if ring is not None]
        assert case.next_due_at == (min(rings) if rings and case.closed_at is None else None)

    @invariant()
    def the_nearest_limit_is_that_of_the_clocks_that_count(self) -> None:
        case = Case.objects.get(pk=self.case)
        found = Clock.objects.filter(case=case, due_at__isnull=False).exclude(state="stopped")
        limits = [due for due in found.values_list("due_at", flat=True) if due is not None]
        rests = case.closed_at is not None or case.state == "joined"
        assert case.limit_at == (None if rests else min(limits, default=None))

    @invariant()
    def an_end_stops_every_clock(self) -> None:
        case = Case.objects.get(pk=self.case)
        if case.closed_at is not None:
            assert not Clock.objects.filter(case=case).exclude(state="stopped").exists()

    def teardown(self) -> None:
        if hasattr(self, "case"):
            assert verify().findings == []


def test_any_course_of_steps_folds_back(town: Town) -> None:
    machine = type("CourseHere", (Course,), {"town": town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )


@pytest.mark.slow
def test_many_courses_of_steps_fold_back(town: Town) -> None:
    machine = type("CourseHere", (Course,), {"town": town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
