"""`linli demo`: a demo city and a week of its reports, from an empty installation to a verified log.

Is: the stages in order, and what is printed. Is not: any of the stages. Nothing printed holds a reporter's words.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from linli.cli import output
from linli.demo import fresh
from linli.demo.answers import answers_entered
from linli.demo.city import city_found
from linli.demo.doors import doors_open
from linli.demo.filling import load_command
from linli.demo.histories import histories_of, show_histories
from linli.demo.plan import DemoPlan, last_week
from linli.demo.reports import reports_of
from linli.demo.stages import Stages
from linli.demo.summary import course_of, show_course, show_summary, summary_of
from linli.demo.working import Done, week_work
from linli.journal.sealing import seals_folder
from linli.journal.verifying import verify
from linli.kernel.errors import BrokenError, SetupError

CITY_GRIDS, DISTRICT_GRIDS = 12_400, 1_150


@click.command()
@click.option("--once", is_flag=True, help="End after the summary.")
@click.option("--full", is_flag=True, help="The whole city instead of one district.")
@click.option(
    "--messages",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV with a column text or body (title, sent_at may be): its messages instead of the demo's own.",
)
@click.option("--reports", type=click.IntRange(20, 100_000), default=3000, help="How many of the demo's own reports.")
@click.option("--seed", type=int, default=12345, help="The same seed gives the same week.")
@click.option("--anew", is_flag=True, help="Clear a demo that is there and build it again.")
@click.option(
    "--load",
    "number",
    type=click.IntRange(1, 20_000_000),
    help="So many made-up cases, for measuring; no week, no server.",
)
@output.json_option
def command(  # noqa: PLR0917  (options of a command)
    once: bool,
    full: bool,
    messages: Path | None,
    reports: int,
    seed: int,
    anew: bool,
    number: int | None,
    as_json: bool,
) -> None:
    """Build a demo city in this installation and work a week of reports through it.

    Only an installation that holds nothing else is used. Run again, it shows what is there; --anew begins afresh.
    Then it prints who may sign in and serves the pages on 127.0.0.1:8000, unless --once.

    --load fills the demo that is there, or a city built for it, with that many cases by the bulk path.
    """
    now = output.now()
    plan = DemoPlan(last_week(now), "" if full else "320106", reports, messages, seed=seed,
                    pack="nanjing" if full else "nanjing-gulou", grids=CITY_GRIDS if full else DISTRICT_GRIDS)  # fmt: skip
    found = fresh.look()
    if found.state == "other":
        raise fresh.refuse_other()
    if number is not None:
        load_command(plan, number, now, anew=anew, as_json=as_json)
        return
    if found.state == "loaded" and not anew:
        raise fresh.refuse_loaded()
    if found.state == "done" and not anew:
        _show_again(found, plan, as_json=as_json)
    else:
        _build(plan, now, as_json=as_json)
    if not once and not as_json:
        _serve()


def _serve() -> None:
    """Print who may sign in, then serve the pages until told to stop."""
    from linli.app import serving

    output.table(
        ({"post": door.role, "account": door.account, "password": door.password} for door in doors_open(output.now())),
        title="Accounts; the passwords are made for this run and shown once",
    )
    where = serving.Serving()
    output.line(f"Linli serves on http://{where.host}:{where.port}/ (Ctrl+C ends it). /desk for desks, /w for workers.")
    serving.serve(where)


def _show_again(found: fresh.Found, plan: DemoPlan, *, as_json: bool) -> None:
    """Print the figures of the demo that is there; refuse when another one was asked for."""
    there = fresh.plan_there(found, plan)
    asked, stands = fresh.facts_of(plan), fresh.facts_of(there)
    if any(asked[name] != stands[name] for name in ("district", "reports", "seed", "messages")):
        raise SetupError(
            "This installation holds a demo of another kind.",
            code="demo.another",
            hint="`linli demo --anew …` clears it and builds this one; or give it a home of its own with LINLI_HOME.",
        )
    summary = summary_of(there)
    output.emit({"again": True, "summary": summary}, as_json=as_json, show=lambda: show_summary(there, summary))
    if not as_json:
        output.line("This is the demo built here before; `linli demo --anew` builds it afresh.")


def _build(plan: DemoPlan, now: datetime, *, as_json: bool) -> None:
    stages = Stages(quiet=as_json)
    stages.tell("a fresh database, its rules published")
    fresh.make_anew(plan, now, stages.tell)
    fresh.commit_lazily()
    fresh.mark(fresh.BEGUN, plan, plan.week.founded)
    city = city_found(plan, stages.tell, lambda posts: output.progress(posts, label="staff", total=len(posts)))
    stages.tell("answers for callers")
    answers = answers_entered(plan)
    reports = reports_of(plan)
    stages.tell(f"{len(reports)} reports in the week from {plan.week.monday}")
    done = week_work(plan, reports, lambda ticks: output.progress(ticks, label="the week", total=len(ticks)))
    stages.tell("every chain and seal verified")
    entries = _verify()
    fresh.mark(fresh.DONE, plan, plan.week.last_minute)
    _show(
        plan,
        done,
        {"city": {**city, "answers": answers}, "entries_verified": entries, "seconds": stages.seconds},
        as_json=as_json,
    )


def _verify() -> int:
    """Recompute the whole log.

    Raises:
        BrokenError: an entry or a seal does not fit.
    """
    result = verify([folder for folder in (seals_folder(),) if folder.is_dir()], lambda entries: None)
    if result.found:
        raise BrokenError("The demo's log does not verify.", code="demo.log", hint="`linli audit verify` says where.")
    return result.entries


def _show(plan: DemoPlan, done: Done, told: dict[str, object], *, as_json: bool) -> None:
    summary, course = summary_of(plan), course_of(done)
    histories = histories_of(done, plan.week.end)
    document = {
        **told,
        "summary": summary,
        "course": course,
        "histories": [{"kind": h.kind, "case": h.no, "why": h.why, "course": h.course} for h in histories],
    }

    def show() -> None:
        show_summary(plan, summary)
        show_course(course)
        show_histories(histories)
        output.line("")
        output.line(
            f"Log verified: {told['entries_verified']} entries. {json.dumps(told['city'])}. {told['seconds']} s."
        )
        output.line(
            "Notices wait in the outbox; `linli work --once` delivers them. `linli audit verify` verifies again."
        )

    output.emit(document, as_json=as_json, show=show)
