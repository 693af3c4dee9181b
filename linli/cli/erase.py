"""`linli erase`: personal parts are erased, or their use ends until the law lets them go; holds keep them for a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast, get_args

import click

from linli.cli import output
from linli.journal.erasing import PartOutcome, Reason, erase_due, erase_part, erase_subject
from linli.journal.services import Ground, hold_place, hold_release
from linli.kernel.actors import SYSTEM


@click.group(invoke_without_command=True)
@click.option("--subject", metavar="KIND:ID", help="Everything personal about a subject, e.g. case:12.")
@click.option("--personal", "part", type=int, metavar="ID", help="One personal part.")
@click.option("--reason", type=click.Choice(get_args(Reason)), default="request", show_default=True)
@output.json_option
@click.pass_context
def erase(ctx: click.Context, subject: str | None, part: int | None, reason: str, as_json: bool) -> None:
    """Erase personal parts; the chain of entries stays whole.

    Where a statutory period still runs or a hold stands, use ends at once and the part is deleted when that is over.
    """
    if ctx.invoked_subcommand:
        return
    if (subject is None) == (part is None):
        raise click.UsageError("Give either --subject or --personal.")
    at, why = output.now(), cast("Reason", reason)
    if subject is not None:
        outcomes = erase_subject(subject, SYSTEM, at, why)
    else:
        outcomes = [erase_part(part or 0, SYSTEM, at, why)]
    _report(outcomes, as_json=as_json)


@erase.command("due")
@output.json_option
def due_command(as_json: bool) -> None:
    """Erase what is due today, and say what was not and why (the daily job does the same)."""
    _report(erase_due(output.now(), SYSTEM), as_json=as_json)


@erase.command("hold")
@click.option("--subject", required=True, metavar="KIND:ID")
@click.option("--ground", type=click.Choice(get_args(Ground)), required=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the hold; without it, until released.")
def hold_command(subject: str, ground: str, until: datetime | None) -> None:
    """Keep a subject's personal parts beyond their day: review, court case, petition."""
    last = until.date() if until else None
    placed = hold_place(subject, cast("Ground", ground), SYSTEM, output.now(), until=last)
    output.line("Held." if placed else "This hold stands already.")


@erase.command("release")
@click.option("--subject", required=True, metavar="KIND:ID")
@click.option("--ground", type=click.Choice(get_args(Ground)), required=True)
def release_command(subject: str, ground: str) -> None:
    """End a hold."""
    released = hold_release(subject, cast("Ground", ground), SYSTEM, output.now())
    output.line("Released." if released else "There was no such hold.")


def _report(outcomes: Sequence[PartOutcome], *, as_json: bool) -> None:
    rows = [asdict(outcome) for outcome in outcomes]
    counts: dict[str, int] = dict(Counter(outcome.outcome for outcome in outcomes))

    def show() -> None:
        if rows:
            output.table(rows)
        output.facts(counts or {"due": 0})

    output.emit({"counts": counts, "parts": rows}, as_json=as_json, show=show)
