"""`linli grids`: import, generate, split, merge; layers over them and their public notices."""

from __future__ import annotations

from pathlib import Path

import click
import shapely

from linli.cli import ground, output
from linli.cli.tables import read_table
from linli.kernel.errors import InputError
from linli.places import selectors
from linli.places.domain import ImportReport, Notice
from linli.places.generated import Recipe, grids_generate
from linli.places.grids import grids_import
from linli.places.notices import notices_set
from linli.places.outlines import Feature
from linli.places.services import grid_merge, grid_split, layer_set

FILE = click.Path(dir_okay=False, path_type=Path)
PLACE = click.option("--place", default="", metavar="CODE", help="Only below this code.")


@click.group()
def grids() -> None:
    """Grids: import or generate them, split, merge, layers, public notices."""


def _emit(name: str, report: ImportReport, *, as_json: bool) -> None:
    reports = {name: report}
    output.emit(ground.report_document(reports), as_json=as_json, show=lambda: ground.show_reports(reports))


@grids.command("import")
@click.argument("file", type=FILE)
@click.option("--crs", help="Coordinates of the file: wgs84, cgcs2000, gcj02 or bd09; as the file says if left out.")
@output.json_option
def import_command(file: Path, crs: str | None, as_json: bool) -> None:
    """Bring the grids of the communities that a GeoJSON names to what it says.

    Properties: code (15 digits) or community (12, the grid is numbered), name, kind (base, dedicated, micro), base (of
    a micro-grid), public_name, worker, worker_phone, supervision_phone.
    """
    found = ground.features(file, crs)
    report = grids_import(found, str(file), ground.AT_THE_MACHINE, output.now(), ground.file_hash(file))
    _emit("grids", report, as_json=as_json)


@grids.command("generate")
@click.option("--per-community", type=click.IntRange(1, 999), required=True, help="Grids in each community.")
@click.option("--seed", type=int, required=True, help="The same seed gives the same ground.")
@PLACE
@output.json_option
def generate_command(per_community: int, seed: int, place: str, as_json: bool) -> None:
    """Divide every district that has an outline into streets, communities and grids; imported ground stays."""
    recipe = Recipe(per_community, seed, place[:4] if len(place) == 6 and place.endswith("00") else place)
    report = grids_generate(recipe, ground.AT_THE_MACHINE, output.now(), lambda code: _tell(code, as_json))
    _emit("grids", report, as_json=as_json)


def _tell(code: str, quiet: bool) -> None:
    if not quiet:
        output.note(f"{code} divided")


@grids.command("split")
@click.argument("code")
@click.argument("parts", type=FILE)
@click.option("--crs", help="Coordinates of the file.")
@output.json_option
def split_command(code: str, parts: Path, crs: str | None, as_json: bool) -> None:
    """Split a grid into the outlines of a GeoJSON, which together are the old ground."""
    shapes = [shapely.to_wkb(f.shape) for f in ground.features(parts, crs) if isinstance(f, Feature)]
    after = grid_split(code, shapes, ground.AT_THE_MACHINE, output.now())
    output.emit({"before": [code], "after": after}, as_json=as_json, show=lambda: output.line(" ".join(after)))


@grids.command("merge")
@click.argument("codes", nargs=-1, required=True)
@output.json_option
def merge_command(codes: tuple[str, ...], as_json: bool) -> None:
    """Merge adjacent grids of one community into a new one."""
    after = grid_merge(codes, ground.AT_THE_MACHINE, output.now())
    output.emit({"before": list(codes), "after": [after]}, as_json=as_json, show=lambda: output.line(after))


@grids.command("layer")
@click.argument("layer")
@click.argument("file", type=FILE)
@click.option("--title", default="", help="Name of the layer for people.")
@output.json_option
def layer_command(layer: str, file: Path, title: str, as_json: bool) -> None:
    """Say of which grids a layer's places are made: a CSV with the columns grid and place, the whole layer."""
    rows: dict[str, list[str]] = {}
    for row in read_table(file, ["grid", "place"]):
        rows.setdefault(row.values["grid"].strip(), []).append(row.values["place"].strip())
    report = layer_set((layer, title or layer), rows, ground.AT_THE_MACHINE, output.now())
    _emit("layer", report, as_json=as_json)


@grids.command("notices")
@click.argument("file", type=FILE)
@output.json_option
def notices_command(file: Path, as_json: bool) -> None:
    """Post public notices: a CSV with grid, public_name, worker, worker_phone, supervision_phone."""
    columns = ["grid", "public_name", "worker", "worker_phone", "supervision_phone"]
    notices = [Notice(*(row.values[name].strip() for name in columns)) for row in read_table(file, columns)]
    if not notices:
        raise InputError(f"{file} has no row")
    _emit("notices", notices_set(notices, ground.AT_THE_MACHINE, output.now(), str(file)), as_json=as_json)


@grids.command("incomplete")
@PLACE
@output.json_option
def incomplete_command(place: str, as_json: bool) -> None:
    """List grids whose public notice lacks a name, a worker or a phone line."""
    found = list(selectors.grids_incomplete(place, output.now()))
    rows = [{"grid": i.grid, "missing": list(i.missing)} for i in found]
    output.emit({"count": len(rows), "grids": rows}, as_json=as_json, show=lambda: output.table(rows))
