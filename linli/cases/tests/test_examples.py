"""Every kind's examples.yaml, run as it stands; and the table of who may take which step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from linli.access.models import OrderPass
from linli.cases.due import take_due
from linli.cases.models import Case
from linli.cases.selectors import handler_view
from linli.cases.tests.desk import in_hand, later, open_one, route_to, take
from linli.cases.tests.folding import differences
from linli.cases.voices import voice_of_token
from linli.journal.selectors import entries_of
from linli.kernel.actors import ActorRef
from linli.kernel.errors import LinliError, NotFoundError
from tests.town import AT, Town

KINDS = Path(__file__).parents[2] / "kinds"
WHO = {
    "desk": "duan",
    "operator": "hong",
    "duty_head": "he",
    "owner": "han",
    "other_body": "bao",
    "arbiter": "zhong",
    "higher": "su",
    "community": "mei",
    "receiver": "tan",
    "grid_worker": "fang",
}


def stories() -> list[Any]:
    """(kind, story) of every examples.yaml."""
    found = []
    for path in sorted(KINDS.glob("*/examples.yaml")):
        told = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        found += [pytest.param(path.parent.name, one, id=f"{path.parent.name}: {one['story']}") for one in told]
    return found


@pytest.mark.parametrize(("kind", "story"), stories())
def test_the_example_runs_as_it_is_told(town: Town, kind: str, story: dict[str, Any]) -> None:
    opened = open_one(kind=kind, matter=story["matter"], flags=tuple(story.get("flags", ())))
    reporter = ActorRef("reporter", voice=voice_of_token(opened.token))
    for line in story["steps"]:
        at = later(hours=line["at"])
        if line["by"] == "time":
            while take_due(at):
                pass
        else:
            _step(town, opened.case, line, reporter if line["by"] == "reporter" else _who(town, line["by"]))
        if "state" in line:
            assert Case.objects.get(pk=opened.case).state == line["state"], line
    assert differences(opened.case) == {}


def _who(town: Town, by: str) -> ActorRef:
    """Somebody of the town; `order` = whoever has the order that was made last."""
    if by != "order":
        return town.ref(WHO[by])
    return ActorRef("order", order=OrderPass.objects.latest("id").pk)


def _step(town: Town, case: int, line: dict[str, Any], actor: ActorRef) -> None:
    form = dict(line.get("form", {}))
    form |= {name: town.bodies[form[name]] for name in ("organisation", "at_work") if name in form}
    if "refused" not in line:
        take(case, line["step"], actor, later(hours=line["at"]), **form)
        return
    with pytest.raises(LinliError) as refused:
        take(case, line["step"], actor, later(hours=line["at"]), **form)
    assert refused.value.code == line["refused"]


# state -> person -> steps that this person may take; whoever is not named has nothing to do with the case
DESK = {
    "keep_promise", "note", "open_part", "promise", "release_photo", "remind", "seal", "take_back_photo", "transfer", "withdraw",
    "withdraw_order",
}  # fmt: skip
BODY = {"note", "seal"}
FRONT = {"note", "seal"}
HERE = {"arrive", "leave_unsafe"}
TABLE: dict[str, dict[str, set[str]]] = {
    "received": {
        "duan": DESK
        | {"answer_at_once", "classify", "dispatch", "join", "locate", "route_elsewhere", "split", "take_up"},
        "hong": DESK
        | {"answer_at_once", "classify", "dispatch", "join", "locate", "route_elsewhere", "split", "take_up"},
        "he": DESK
        | {"answer_at_once", "classify", "dispatch", "join", "locate", "route_elsewhere", "split", "take_up", "void"},
        "mei": FRONT | {"take_up"},
        "fang": FRONT,
        "su": set(),
        "shen": set(),
    },
    "in_hand": {
        "duan": DESK | {"bring_in", "contact", "give_up", "issue_order", "join", "note_try", "say"},
        "he": DESK
        | {
            "bring_in",
            "contact",
            "give_up",
            "grant_extension",
            "issue_order",
            "join",
            "note_try",
            "refuse_extension",
            "say",
            "void",
        },
        "han": BODY | HERE | {"ask_extension", "ask_shelf", "bring_in", "contact", "note_try", "reply", "say"},
        "mei": FRONT | HERE,
        "fang": FRONT | HERE,
        "wei": BODY | HERE | {"ask_extension", "ask_shelf", "bring_in", "contact", "note_try", "reply", "say"},
        "su": {"approve_shelf", "grant_extension", "refuse_extension", "refuse_shelf"},
        "shen": set(),
    },
}
STRANGERS = ("mo", "deng", "kang", "qin", "yu", "gu", "an", "hu", "liang", "lin", "tan", "adam")


@pytest.mark.parametrize(("state", "person"), [(s, p) for s, people in TABLE.items() for p in people])
def test_who_may_take_which_step(town: Town, state: str, person: str) -> None:
    case = (open_one() if state == "received" else in_hand(town)).case
    may = set(handler_view(town.actor(person), case, AT).steps)
    assert may == TABLE[state][person]


@pytest.mark.parametrize("person", STRANGERS)
def test_who_has_nothing_to_do_with_it_may_nothing_and_changes_nothing(town: Town, person: str) -> None:
    case = in_hand(town).case
    before = len(entries_of(f"case:{case}"))
    for step in ("sign", "reply", "dispatch", "void", "seal", "open_part", "overdue"):
        with pytest.raises(NotFoundError):
            take(case, step, town.ref(person))
    assert len(entries_of(f"case:{case}")) == before
    assert differences(case) == {}


def test_nobody_takes_a_step_of_the_system(town: Town) -> None:
    case = in_hand(town).case
    for person in ("duan", "he", "han", "su"):
        for step in ("overdue", "yellow", "warn", "deem_signed", "close_unchecked"):
            with pytest.raises(LinliError):
                take(case, step, town.ref(person))


def test_an_appointment_that_ended_takes_no_more_steps(town: Town) -> None:
    from linli.access.selectors import system_actor
    from linli.organisations.appointments import appointment_end

    case = in_hand(town).case
    appointment_end(town.appointments["han"], system_actor(), later(hours=1), later(hours=1))
    take(case, "note", town.ref("han"), later(minutes=59), note="还在岗")
    with pytest.raises(NotFoundError):
        take(case, "note", town.ref("han"), later(hours=1), note="已离岗")


def test_the_machine_sends_at_once_on_the_white_list_and_says_so(town: Town) -> None:
    opened = open_one(auto=True, route=route_to(town.sanitation))
    case = Case.objects.get(pk=opened.case)
    assert (opened.state, case.state, case.owner) == ("dispatched", "dispatched", town.sanitation)
    last = entries_of(f"case:{opened.case}")[-1]
    assert (last.verb, last.actor.kind, last.data["bodies"]) == (
        "cases.request.dispatch",
        "system",
        [{"organisation": town.sanitation, "role": "lead", "state": "sent", "by": "machine"}],
    )
    assert differences(opened.case) == {}
    take(opened.case, "sign", town.ref("han"), later(hours=1))


def test_no_card_rests_on_an_uncertain_number(town: Town) -> None:
    from linli.cases.tests.desk import rules, uncertain_rules

    counts = {}
    for name, snapshot in (("sure", rules()), ("unsure", uncertain_rules())):
        opened = open_one(snapshot=snapshot, matter=None)
        take(opened.case, "dispatch", town.ref("duan"), organisation=town.sanitation)
        counts[name] = opened.case
    while take_due(later(days=20)):
        pass
    sure, unsure = (Case.objects.get(pk=counts[name]).counts for name in ("sure", "unsure"))
    assert (sure.get("yellow"), unsure.get("yellow")) == (1, None)
    assert sure["overdue"] == unsure["overdue"]
