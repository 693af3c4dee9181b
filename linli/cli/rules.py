"""`linli rules`: check packs, publish them, show a rule, explain a case, compare two sets of rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from linli.cli import output
from linli.cli.ruling import rule_facts, rule_rows, snapshot_named
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import InputError
from linli.packs import selectors, services
from linli.rules.checks import check_pack, packs_in
from linli.rules.diff import differences
from linli.rules.packfiles import PACK_FILE
from linli.rules.problems import Problem
from linli.rules.resolver import rule_day

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@click.group()
def rules() -> None:
    """Rule packs: check, publish, show, explain, diff."""


@rules.command()
@click.argument(
    "folder", required=False, metavar="[DIR]", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@output.json_option
@click.pass_context
def check(ctx: click.Context, folder: Path | None, as_json: bool) -> None:
    """Prove a pack, or each pack in a folder, before it can be published; writes nothing."""
    search = [selectors.packs_folder()]
    packs = packs_in(folder or search[0])
    found = {pack.name: check_pack(pack, search) for pack in output.progress(packs, label="Checking", total=len(packs))}
    problems = sorted({problem for held in found.values() for problem in held})
    document = {
        "packs": [{"pack": name, "problems": len(held)} for name, held in found.items()],
        "problems": [problem.as_dict() for problem in problems],
    }
    output.emit(document, as_json=as_json, show=lambda: _show_checked(document["packs"], problems))
    if problems:
        ctx.exit(1)


def _show_checked(packs: Sequence[dict[str, object]], problems: Sequence[Problem]) -> None:
    for problem in problems:
        output.line(str(problem))
    output.table(packs)


@rules.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--note", default="", help="Why, a sentence for the record.")
@click.option("--replace", "replaces", default="", metavar="NAME", help="The pack that held for the same place.")
@output.json_option
def publish(names: tuple[str, ...], note: str, replaces: str, as_json: bool) -> None:
    """Check packs and let them hold from now on; without NAME, those that hold already, as their files now stand.

    NAME is a pack among those that come with Linli, or a folder. Open cases keep the rules they were opened under.
    """
    at = output.now()
    wanted = names or tuple(p.pack for p in selectors.live_rules(at).publications)
    if not wanted:
        raise InputError(
            "no pack is published yet", code="rules.no_pack", hint="Name one: `linli rules publish national`."
        )
    folders = [_pack_folder(name) for name in wanted]
    done = [services.publish_pack(folder, SYSTEM, output.now(), note=note, replaces=replaces) for folder in folders]
    rows = [{"pack": d.pack, "place": d.place, "hash": d.hash, "changed": d.changed} for d in done]
    output.emit({"published": rows}, as_json=as_json, show=lambda: output.table(rows))


def _pack_folder(name: str) -> Path:
    folder = selectors.packs_folder() / name if _NAME.fullmatch(name) else Path(name)
    if not (folder / PACK_FILE).is_file():
        raise InputError(
            f"there is no pack {name}",
            code="rules.no_pack",
            hint=f"Name a folder with {PACK_FILE}, or a pack in {selectors.packs_folder()}.",
        )
    return folder


@rules.command()
@click.argument("name")
@click.option("--place", default="", metavar="CODE", help="A code of any tier; without it, what holds everywhere.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Day in China Standard Time; today by default.")
@click.option("--in", "where", default="", metavar="RULES", help="A pack, a folder or a hash instead of what holds.")
@output.json_option
def show(name: str, place: str, day: datetime | None, where: str, as_json: bool) -> None:
    """Show one rule for a place and a day: value, source, file and line, confidence, dates.

    NAME is the key of a parameter, a matter's code, a role, a personal field, a word list or a routing row; the
    beginning of a key (`whistle.`) lists what begins so.
    """
    at = output.now()
    snapshot = snapshot_named(where, at) if where else selectors.snapshot_for(place, at)
    on = day.date() if day else rule_day(at)
    if name in snapshot.section("parameters"):
        explained = snapshot.explain(name, place, on)
        output.emit(explained.as_dict(), as_json=as_json, show=lambda: output.facts(rule_facts(explained), title=name))
        return
    rows = rule_rows(snapshot, name, place, on)
    if not rows:
        raise InputError(
            f"the rules of {snapshot.pack} have nothing named {name}",
            code="rules.no_key",
            hint="Give the beginning of a name to list what there is: `linli rules show calendar.`",
        )
    title = f"{snapshot.pack} {snapshot.hash[:12]}, {on}"
    output.emit(
        {"rows": rows, "snapshot": snapshot.hash}, as_json=as_json, show=lambda: output.table(rows, title=title)
    )


@rules.command()
@click.argument("case", metavar="CASE")
@output.json_option
def explain(case: str, as_json: bool) -> None:
    """Say why of a case: place, matter, owner and deadline, each with its rule and source."""
    from linli.cases import selectors as cases

    at = output.now()
    actor = Actor(SYSTEM)
    answers = cases.explain(actor, cases.access_case(actor, case, at), at)
    rows = [{"what": a.what, "value": a.value, "rule": a.rule, "source": a.source} for a in answers]
    details = [row | {"detail": list(a.detail)} for row, a in zip(rows, answers, strict=True)]
    output.emit({"case": case, "why": details}, as_json=as_json, show=lambda: output.table(rows, title=case))


@rules.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Only values that begin to differ from this day on."
)
@output.json_option
def diff(old: str, new: str, on: datetime | None, as_json: bool) -> None:
    """Compare two sets of rules.

    A and B are each a pack (`nanjing`, as its files stand), a folder, what holds now of a pack (`nanjing@live`), or the
    first characters of a published hash.
    """
    at = output.now()
    before, after = snapshot_named(old, at), snapshot_named(new, at)
    found = [d for d in differences(before, after) if on is None or _begins(d.since, on.date())]
    document = {"old": before.hash, "new": after.hash, "differences": [d.as_dict() for d in found]}

    def say() -> None:
        for difference in found:
            output.line(f"{difference.zh}｜{difference.en}" + (f"  ({difference.where})" if difference.where else ""))
        if not found:
            output.line("两套规则相同。｜The rules are the same.")

    output.emit(document, as_json=as_json, show=say)


def _begins(since: date | None, on: date) -> bool:
    return since is not None and since >= on
