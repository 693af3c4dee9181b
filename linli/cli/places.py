"""`linli places`: the tree from its code lists, outlines, and points to grids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from linli.cli import ground, output
from linli.cli.points import locate_file
from linli.cli.tables import read_table
from linli.kernel.errors import InputError, NotFoundError
from linli.places import selectors
from linli.places.boundaries import boundaries_import
from linli.places.domain import ImportReport
from linli.places.lists import ListRow, read_lists
from linli.places.tree import tree_import

FILE = click.Path(dir_okay=False, path_type=Path)
PROBLEMS = {
    "too_few_cells": "the row has fewer cells than the header",
    "too_many_cells": "the row has more cells than the header; quote names that hold a comma",
    "unreadable": "the row cannot be read; perhaps a quote is left open",
}


@click.group()
def places() -> None:
    """The tree of places: import, look up, locate points."""


@places.command("import")
@click.option("--districts", type=FILE, help="CSV with the columns code (6 digits) and name.")
@click.option("--streets", type=FILE, help="CSV with the columns code (9 digits) and name.")
@click.option("--communities", type=FILE, help="CSV with the columns code (12 digits) and name.")
@click.option("--boundaries", type=FILE, help="GeoJSON with the property code; WGS 84 unless the file says otherwise.")
@click.option("--crs", help="Coordinates of the boundaries: wgs84, cgcs2000, gcj02 or bd09.")
@output.json_option
def import_command(
    districts: Path | None,
    streets: Path | None,
    communities: Path | None,
    boundaries: Path | None,
    crs: str | None,
    as_json: bool,
) -> None:
    """Bring the register to what code lists and outlines say. Run again with a changed file, it loses nothing."""
    lists = [path for path in (districts, streets, communities) if path is not None]
    if len(lists) not in (0, 3) or not (lists or boundaries):
        raise click.UsageError("Give --districts, --streets and --communities together, or --boundaries, or all four.")
    outlines = list(ground.features(boundaries, crs)) if boundaries else []
    reports: dict[str, ImportReport] = {}
    if lists:
        read = read_lists(*(_rows(path) for path in lists))
        hashes = {path.name: ground.file_hash(path) for path in lists}
        reports["places"] = tree_import(read, ground.AT_THE_MACHINE, output.now(), hashes)
    if boundaries:
        source, digest = str(boundaries), ground.file_hash(boundaries)
        reports["outlines"] = boundaries_import(outlines, source, ground.AT_THE_MACHINE, output.now(), digest)
    tiers = dict(reports["places"].by_tier) if lists else {}
    document = {**ground.report_document(reports), "tiers": tiers}
    output.emit(document, as_json=as_json, show=lambda: _show(reports, tiers))


def _show(reports: dict[str, ImportReport], tiers: dict[str, int]) -> None:
    ground.show_reports(reports)
    if tiers:
        output.table([{"tier": tier, "in the lists": number} for tier, number in tiers.items()])


def _rows(path: Path) -> Iterator[ListRow]:
    for row in read_table(path, ["code", "name"], strict=False):
        value = row.values.get
        problem = PROBLEMS.get(row.problem, "") if row.problem != "too_few_cells" or not value("name") else ""
        yield ListRow(str(path), row.line_no, value("code", ""), value("name", ""), problem, value("city_name", ""))


@places.command("locate")
@click.argument("points", type=FILE)
@click.option(
    "--out", type=FILE, required=True, help="CSV that is written: id,grid,community,street,district,distance_m."
)
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="The grids of this day; today if left out.")
@output.json_option
@click.pass_context
def locate_command(ctx: click.Context, points: Path, out: Path, at: object, as_json: bool) -> None:
    """Find the grid of each point of a CSV with the columns id, lon, lat and perhaps crs (wgs84, gcj02, bd09)."""
    if out.resolve() == points.resolve():
        raise InputError("--out is the file of the points itself", hint="write to another file")
    summary = locate_file(points, out, at)
    output.emit(summary.document(), as_json=as_json, show=summary.show)
    if summary.rows and summary.bad_count == summary.rows:
        ctx.exit(1)


@places.command("show")
@click.argument("code")
@output.json_option
def show_command(code: str, as_json: bool) -> None:
    """A place, and what lies directly below it."""
    at = output.now()
    place = selectors.place_at(code, at)
    if place is None:
        raise NotFoundError(f"no place {code} today", hint="`linli places import` brings code lists in")
    below = [p for p in selectors.places_under(code, at) if str(p.code.parent) == code]
    rows = [{"code": str(p.code), "kind": str(p.kind), "name": p.name} for p in below]
    document = {**asdict(place), "below": rows}
    head = {"code": code, "kind": str(place.kind), "name": place.name, "since": place.period.start}
    output.emit(document, as_json=as_json, show=lambda: _show_place(head, rows))


def _show_place(head: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> None:
    output.facts(head)
    if rows:
        output.table(rows)
