"""What a reporter is and said is nowhere but in their compartment: a matrix of every post in a demo city and every view.

Markers (a name, a phone, a home, a turn of phrase) are planted in ordinary, protected and sealed reports, in every cell of
the hand-over. A week is worked through. Then every account reads every case through every view, and every table, file,
log, error and command is searched. Only named receivers (and desks, for what is open) find them, after an opening that is
written down first.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection

from linli.cases.engine import take_step
from linli.cases.opening import open_cases
from linli.cases.reading import run
from linli.cases.selectors import access_case, desk_view, explain, handler_view, history, queue_page
from linli.cases.voices import PartRequest, voice_open
from linli.cli.access import accounts as accounts_command
from linli.cli.audit import audit as audit_command
from linli.cli.organisations import organisations as organisations_command
from linli.cli.rules import rules as rules_command
from linli.demo.histories import histories_of, show_histories
from linli.demo.messages import Message, own_messages
from linli.demo.plan import DemoPlan
from linli.demo.reports import DemoReport, reports_of
from linli.demo.staff import Staff, staff_at
from linli.demo.summary import course_of, show_course, show_summary, summary_of
from linli.demo.tests.founded import PLAN, founded
from linli.demo.working import Done, week_work
from linli.kernel.actors import Actor
from linli.kernel.errors import LinliError, NotFoundError

pytestmark = pytest.mark.django_db

NAME, PHONE, HOME, PHRASE = "欧阳翠微", "13777720461", "碧螺苑17幢903室", "响得像拖拉机开进耳朵"
MARKERS = (NAME, PHONE, HOME, PHRASE, PHRASE[2:], HOME[:6])
DESK_ROLES = {"duty_desk", "operator", "duty_head"}
ORDINARY, PROTECTED = 12, 8


@dataclass(frozen=True)
class Planted:
    """The city after its week, with what was printed and logged meanwhile."""

    plan: DemoPlan
    done: Done
    staff: Staff
    told: str

    def cases(self, compartment: str) -> list[tuple[int, str]]:
        query = "SELECT id, no FROM cases_case WHERE compartment = %(c)s AND kind = 'request' ORDER BY id"
        return run(query, {"c": compartment}).fetchall()


def planted_row(row: Any, title: str, text: str) -> dict[str, str]:
    told = f"我叫{NAME}，住{HOME}，电话{PHONE}。{text}晚上{PHRASE}。"
    cells = {"title": f"{title}{NAME}{PHONE}", "text": told, "contact_name": NAME}
    return {**row, **cells, "contact_phone": PHONE, "address": f"江苏省南京市{HOME}"}


def planted(plan: DemoPlan) -> list[DemoReport]:
    base = [report for report in reports_of(plan) if report.kind == "request"]
    accusing = [m for m in own_messages() if "accusation" in m.flags]
    protected = [m for m in own_messages() if "protected" in m.flags][:PROTECTED]
    ordinary = [m for m in own_messages() if not m.flags][:ORDINARY]
    messages: Iterable[Message] = [*ordinary, *protected, *accusing]
    reports = [
        replace(
            report, matter=message.matter, row=planted_row({**report.row, "matter": ""}, message.title, message.text)
        )
        for report, message in zip(base, messages, strict=False)
    ]
    return sorted(reports, key=lambda report: (report.at, report.number))


@pytest.fixture(scope="module")
def week(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with founded(django_db_blocker) as plan, pytest.MonkeyPatch.context() as patch:
        log = tmp_path_factory.mktemp("log") / "said"
        with log.open("w", encoding="utf-8") as file:
            patch.setattr("sys.stdout", file)
            patch.setattr("sys.stderr", file)
            done = week_work(plan, planted(plan), lambda ticks: ticks)
            show_summary(plan, summary_of(plan))
            show_course(course_of(done))
            show_histories(histories_of(done, plan.week.end))
        yield Planted(plan, done, staff_at(plan.week.end), log.read_text(encoding="utf-8"))


def clean(text: str, where: str) -> None:
    found = [number for number, marker in enumerate(MARKERS) if marker in text]
    assert not found, f"markers {found} in {where}"


def all_of(week: Planted) -> list[tuple[int, str]]:
    return [case for compartment in ("open", "protected", "sealed") for case in week.cases(compartment)]


def test_all_three_compartments_are_planted_and_were_worked_on(week: Planted) -> None:
    assert len(week.cases("open")) >= ORDINARY - 2
    assert len(week.cases("protected")) >= 4
    assert len(week.cases("sealed")) >= 3
    assert {"sign", "reply", "open_part"} <= set(week.done.world.steps)


def test_no_view_of_any_post_shows_a_marker(week: Planted) -> None:
    at, seen = week.plan.week.end, 0
    roles = {h.role for actor in week.staff.actors.values() for h in actor.holdings}
    assert {"grid_worker", "handler", "head", "duty_desk", "operator", "arbiter", "seal_receiver", "auditor"} <= roles
    for account, actor in week.staff.actors.items():
        shown: list[object] = [queue_page(actor, scope, limit=200) for scope in ("body", "place", "named")]
        for case, no in all_of(week):
            try:
                shown.append(access_case(actor, no, at))
            except LinliError as error:
                shown.append((error.code, str(error), error.data, error.hint))
                continue
            seen += 1
            shown += _views(actor, case, at)
        clean(repr(shown), f"views of account {account}")
    assert seen > len(all_of(week))


def _views(actor: Actor, case: int, at: Any) -> Iterator[object]:
    yield handler_view(actor, case, at)
    yield list(history(actor, case, at))
    yield list(explain(actor, case, at))
    try:
        yield desk_view(actor, case, at)
    except LinliError as error:
        yield (error.code, str(error), error.data)


def test_no_closed_case_is_seen_by_anybody_but_its_receivers_and_the_bodies_they_sent(week: Planted) -> None:
    at = week.plan.week.end
    for case, _ in [*week.cases("protected"), *week.cases("sealed")]:
        inside = named(case) | bodies_of(case, week.staff)
        for account, actor in week.staff.actors.items():
            try:
                handler_view(actor, case, at)
            except NotFoundError:
                continue
            assert account in inside
    for scope in ("body", "place"):
        queued = {row.case for a in week.staff.actors.values() for row in queue_page(a, scope, limit=200).rows}
        assert not queued & {case for case, _ in [*week.cases("protected"), *week.cases("sealed")]}


def named(case: int) -> set[int]:
    query = "SELECT account, post FROM cases_assignment WHERE case_id = %(case)s AND role = 'receiver'"
    rows = run(query, {"case": case}).fetchall()
    holders = run("SELECT account_id, post_id FROM organisations_appointment WHERE upper_inf(recorded)", {}).fetchall()
    posts = {post for _, post in rows if post is not None}
    return {account for account, _ in rows if account is not None} | {a for a, post in holders if post in posts}


def bodies_of(case: int, staff: Staff) -> set[int]:
    query = (
        "SELECT organisation FROM cases_assignment WHERE case_id = %(case)s AND role <> 'receiver' AND ended_at IS NULL"
    )
    return {account for (body,) in run(query, {"case": case}).fetchall() for account, _ in staff.by_body[body]}


def test_a_part_is_opened_by_receivers_and_desks_alone_and_written_down_first(week: Planted) -> None:
    at = week.plan.week.last_minute
    for case, compartment in ((week.cases(c)[0][0], c) for c in ("open", "protected", "sealed")):
        (voice,) = run("SELECT id FROM cases_voice WHERE home_id = %(case)s", {"case": case}).fetchone() or (0,)
        before, opened = written(case), set()
        for account, actor in week.staff.actors.items():
            try:
                part = voice_open(PartRequest(case, voice, "words", "核实"), actor.ref, request_id=uuid.uuid4(), at=at)
            except LinliError as error:
                clean(f"{error} {error.data} {error.hint}", "a refusal to open")
                continue
            opened.add(account)
            assert PHRASE in part["text"]
        assert opened, compartment
        assert written(case) == before + len(opened)
        if compartment != "open":
            assert opened <= named(case)
            continue
        assert all({h.role for h in week.staff.actors[account].holdings} & DESK_ROLES for account in opened)


def written(case: int) -> int:
    query = "SELECT count(*) FROM journal_entry WHERE subject = %(s)s AND verb = 'cases.request.open_part'"
    (count,) = run(query, {"s": f"case:{case}"}).fetchone() or (0,)
    return int(count)


def test_no_table_holds_a_marker_in_the_clear(week: Planted) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        assert {"cases_case", "journal_outbox", "journal_personal"} <= set(tables)
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            text = "\n".join(row for (row,) in cursor.fetchall())
            clean(text, table)
            assert not any(marker.encode().hex() in text for marker in MARKERS), table


def test_no_file_of_the_home_and_nothing_printed_or_logged_holds_a_marker(week: Planted) -> None:
    assert week.told
    clean(week.told, "what was printed and logged")
    for path in Path(settings.LINLI_HOME).rglob("*"):
        if path.is_file() and "postgres" not in path.parts:
            content = path.read_bytes()
            assert not any(marker.encode() in content for marker in MARKERS), path.name


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("reply", {"result": PHRASE, "words": NAME}),
        ("reply", {"result": "solved", "words": PHRASE * 900}),
        ("return", {"rule": NAME, "reason": [PHRASE]}),
        ("dispatch", {"organisation": PHONE, "note": PHRASE}),
        ("classify", {"matter": PHRASE}),
        ("locate", {"place": HOME}),
        ("call_back", {"solved": PHRASE, "words": NAME}),
        ("join", {"into": PHONE}),
        ("open_part", {"what": "identity", "voice": PHRASE, "reason": NAME}),
        (PHRASE, {}),
    ],
)
def test_no_error_of_a_failed_step_repeats_what_was_typed(
    week: Planted, step: str, form: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    desks = [a for a in week.staff.actors.values() if {h.role for h in a.holdings} & (DESK_ROLES | {"handler"})]
    failed = 0
    for case, _ in all_of(week)[::6]:
        for actor in desks[::5]:
            try:
                take_step(case, step, actor.ref, form, request_id=uuid.uuid4(), at=week.plan.week.last_minute)
            except LinliError as error:
                failed += 1
                if step != PHRASE:
                    clean(f"{error} {error.data} {error.hint} {error!r}", f"the error of {step}")
    assert failed
    if step != PHRASE:
        clean("".join(capfd.readouterr()), "a log")


def test_no_error_of_a_failed_opening_repeats_the_report(week: Planted) -> None:
    from linli.cases.drafts import CaseDraft, VoiceDraft
    from linli.packs.selectors import snapshot_for

    at = week.plan.week.last_minute
    draft = CaseDraft(
        kind="request", title="x", task_text="x", snapshot=snapshot_for("320102", at), received_at=at, channel="web",
        data={"request_type": PHRASE}, voice=VoiceDraft(name=NAME, phone=PHONE, address=HOME, original=PHRASE),
    )  # fmt: skip
    with pytest.raises(LinliError) as caught:
        open_cases([draft], next(iter(week.staff.actors.values())).ref, at=at)
    clean(f"{caught.value} {caught.value.data} {caught.value!r}", "the error of an opening")


def test_no_command_prints_a_marker(week: Planted) -> None:
    numbers = [no for _, no in all_of(week)]
    calls = [
        (audit_command, ["verify", "--json"]),
        (audit_command, ["outbox", "--json"]),
        (audit_command, ["outbox"]),
        (accounts_command, ["list", "--json"]),
        (organisations_command, ["list", "--json"]),
        *((rules_command, ["explain", no, "--json"]) for no in numbers[::4]),
        *((rules_command, ["explain", no]) for no in numbers[::4]),
    ]
    for command, words in calls:
        result = CliRunner().invoke(command, words)
        clean(result.output + repr(result.exception), " ".join(words))
    assert json.loads(CliRunner().invoke(audit_command, ["verify", "--json"]).output)["fits"]


def test_the_plan_of_the_matrix_is_the_small_demo() -> None:
    assert PLAN.district == "320102"
