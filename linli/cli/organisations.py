"""`linli organisations`: import the bodies that work, and look at who is responsible, in charge and on duty."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from linli.access.selectors import account_ids, accounts, system_actor
from linli.cli import output
from linli.cli.tables import read_table
from linli.kernel.errors import InputError
from linli.organisations import selectors
from linli.organisations.imports import ImportReport, organisations_import
from linli.organisations.listing import REQUIRED, Fault, Listing, read_listing, unknown_places
from linli.places.selectors import place_names
from linli.routing.gaps import gaps_at

_PROBLEMS = {
    "too_many_cells": "the row has more cells than the header",
    "unreadable": "the row cannot be read; perhaps a quote is left open",
}


@click.group()
def organisations() -> None:
    """Organisations, their duties and posts, and who sits there."""


@organisations.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--whole", is_flag=True, help="The list names every organisation: those it does not name are closed.")
@output.json_option
def import_command(source: Path, whole: bool, as_json: bool) -> None:
    """Bring organisations, duties, posts and holders to what a CSV list says.

    Columns name, kind, place; optional key, line, parent, from, duties ("duty.sanitation; duty.lighting@320106003"),
    posts ("head 主任 = wang; handler* 经办人 = li, zhao"). Bad rows are reported, the rest is kept; the same list again
    changes nothing. A column that is absent leaves what it is about untouched.
    """
    at = output.now()
    known = {body.key for body in selectors.organisations_at(at).values()}
    listing = _listing(source, known)
    if not listing.bodies and not listing.keys_named:
        raise InputError(f"{source} has no rows.", code="organisations.empty", hint="Columns: " + ", ".join(REQUIRED))
    named = {name for body in listing.bodies for post in body.posts or () for name in post.holders or ()}
    report = organisations_import(listing, account_ids(named), system_actor(), at, whole=whole)
    places = sorted({body.place for body in listing.bodies})
    unknown = unknown_places(listing.bodies, set(place_names(places, at)) | set(place_names(_served(listing), at)))
    _show(report, unknown, as_json=as_json)
    if not listing.bodies:
        raise click.exceptions.Exit(1)


@organisations.command("list")
@click.option("--place", default="", help="Only bodies whose place begins with this code.")
@output.json_option
def list_command(place: str, as_json: bool) -> None:
    """Show the organisations that stand today."""
    at = output.now()
    bodies = selectors.organisations_at(at)
    rows: list[Mapping[str, object]] = [
        {
            "id": body.id,
            "key": body.key,
            "name": body.name,
            "kind": body.kind,
            "place": body.place,
            "parent": bodies[body.parent].name if body.parent in bodies else "",
        }
        for body in sorted(bodies.values(), key=lambda b: (b.place, b.id))
        if body.place.startswith(place)
    ]
    output.emit({"organisations": rows}, as_json=as_json, show=lambda: output.table(rows))


@organisations.command("responsible")
@click.argument("duty")
@click.argument("place")
@output.json_option
def responsible_command(duty: str, place: str, as_json: bool) -> None:
    """Show who holds a duty at a place today, and who is in charge there."""
    at = output.now()
    table = selectors.duty_table(at)
    holder = table.holder(duty, place)
    if holder is None:
        raise InputError(
            f"Nobody holds {duty} at {place}.",
            code="organisations.no_holder",
            hint="Give it to a body: the column duties of `linli organisations import`.",
            data={"duty": duty, "place": place},
        )
    posts = selectors.posts_of(holder.organisation, at)
    acting = {key: selectors.in_charge(post.id, at) for key, post in posts.items()}
    people = accounts([found.account for found in acting.values() if found.account is not None])
    rows: list[Mapping[str, object]] = [
        {
            "post": key,
            "title": posts[key].title,
            "account": people[found.account].name if found.account in people else "",
            "how": found.how,
        }
        for key, found in acting.items()
    ]
    document = {"organisation": table.names.get(holder.organisation, ""), "by": holder.place, "posts": rows}

    def show() -> None:
        output.facts({"organisation": document["organisation"], "by the link for": holder.place or "everywhere"})
        output.table(rows)

    output.emit(document, as_json=as_json, show=show)


@organisations.command("gaps")
@click.option("--place", required=True, help="Code of a community or street.")
@output.json_option
def gaps_command(place: str, as_json: bool) -> None:
    """Show what is missing at a place: duties that nobody holds, posts without a holder, receivers of sealed reports."""
    at = output.now()
    found = gaps_at(place, at)
    document = {
        "duties_without_holder": list(found.duties),
        "posts_without_holder": [{"post": post.title, "role": post.role, "place": post.place} for post in found.posts],
        "sealed_reports": found.sealed,
    }

    def show() -> None:
        output.facts({"duties without a holder": found.duties, "sealed reports go to": found.sealed})
        output.table(document["posts_without_holder"], title="Posts without a holder")  # type: ignore[arg-type]

    output.emit(document, as_json=as_json, show=show)


def _listing(source: Path, known: set[str]) -> Listing:
    rows, faults = [], []
    for row in read_table(source, REQUIRED, strict=False):
        if row.problem in _PROBLEMS:
            faults.append(Fault(row.line_no, "", _PROBLEMS[row.problem]))
        else:
            rows.append((row.line_no, row.values))
    listing = read_listing(rows, known)
    listing.faults += faults
    return listing


def _served(listing: Listing) -> list[str]:
    found = {place for body in listing.bodies for _, place in body.duties or ()}
    return sorted(found | {post.place for body in listing.bodies for post in body.posts or ()})


def _show(report: ImportReport, unknown: list[str], *, as_json: bool) -> None:
    faults: list[Mapping[str, object]] = [
        {"line": fault.line, "column": fault.column, "what": fault.message} for fault in report.faults
    ]
    document = {"counts": dict(report.counts), "refused": faults, "places_not_in_the_register": unknown}

    def show() -> None:
        output.facts(report.counts or {"kept": 0})
        if faults:
            output.table(faults, title=f"Refused: {len(faults)}")
        if unknown:
            output.note(f"Not in the register of places: {', '.join(unknown[:20])}. Import them: linli places import")

    output.emit(document, as_json=as_json, show=show)
