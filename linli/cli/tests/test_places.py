"""The commands for places and grids, in a folder with a space in its name, and the how-to whose commands must run."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.cli.grids import grids
from linli.cli.places import places
from linli.places import selectors
from linli.places.tests import cloud_ridge as city
from linli.places.tests.conftest import rules, small_pack

__all__ = ["rules", "small_pack"]

HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "bring-your-own-city.md"
GROUPS = {"places": places, "grids": grids}


def run(*words: object, code: int = 0) -> Result:
    group, *rest = (str(word) for word in words)
    result = CliRunner().invoke(GROUPS[group], rest, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def document(*words: object) -> dict[str, object]:
    return dict(json.loads(run(*words, "--json").stdout))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "my city 城"
    made.mkdir()
    for name, pairs in (("d", city.DISTRICTS), ("s", city.STREETS), ("c", city.COMMUNITIES)):
        text = "code,name\n" + "".join(f"{code},{title}\n" for code, title in pairs)
        (made / f"{name}.csv").write_bytes(gzip.compress(text.encode("gb18030")))
    (made / "b.geojson").write_text(json.dumps(city.boundaries()), encoding="utf-8")
    return made


@pytest.fixture
def imported(rules: None, folder: Path) -> Path:
    run("places", "import", *_lists(folder), "--boundaries", folder / "b.geojson")
    return folder


def _lists(folder: Path) -> list[object]:
    return ["--districts", folder / "d.csv", "--streets", folder / "s.csv", "--communities", folder / "c.csv"]


def test_a_city_in_gb18030_and_gzip(rules: None, folder: Path) -> None:
    found = document("places", "import", *_lists(folder), "--boundaries", folder / "b.geojson")
    assert found["tiers"] == {"city": 1, "district": 2, "street": 3, "community": 5}
    assert found["outlines"]["opened"] == 2  # type: ignore[index]


def test_refused_rows_are_listed_with_file_line_and_mend(rules: None, folder: Path) -> None:
    lines = ["code,name,note", "870102,云东区,", "870103,,", "87010,短,", '870104,"云南, 区"', "870105,x,y,z,"]
    (folder / "d.csv").write_text("\n".join(lines), encoding="utf-8")
    found = document("places", "import", *_lists(folder))
    refused = found["places"]["refused"]  # type: ignore[index]
    mine = [(r["line"], r["field"]) for r in refused if r["source"].endswith("d.csv")]
    assert mine == [(3, "name"), (4, "code"), (6, "")]
    assert "云南, 区" in run("places", "show", "870104").output
    assert "add 870103 to its list" in run("places", "import", *_lists(folder)).output


def test_lists_come_together(folder: Path) -> None:
    assert "together" in run("places", "import", "--districts", folder / "d.csv", code=2).output
    run("places", "import", code=2)


def test_points_in_three_systems_with_bad_rows_kept(imported: Path) -> None:
    run("grids", "generate", "--per-community", 3, "--seed", 1)
    points = "id,lon,lat,crs\na,108.15,26.05,\nb,108.15,26.05,gcj02\nc,x,26,\nd,26.05,108.15,\ne,108,26,mars\nf,,,\n"
    (imported / "p.csv").write_text(points + "g,120.0,30.0,bd09\nh,108.2002,26.05,wgs84\n", encoding="utf-8")
    found = document("places", "locate", imported / "p.csv", "--out", imported / "o.csv")
    assert {k: found[k] for k in ("rows", "inside", "on_edge", "far", "bad")} == {
        "rows": 8, "inside": 2, "on_edge": 1, "far": 1, "bad": 4,
    }  # fmt: skip
    assert [row["line"] for row in found["bad_rows"]] == [4, 5, 6, 7]  # type: ignore[attr-defined]
    with (imported / "o.csv").open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert list(rows) == list("abcdefgh")
    assert list(rows["a"]) == ["id", "grid", "community", "street", "district", "distance_m"]
    assert (len(rows["a"]["grid"]), rows["a"]["distance_m"]) == (15, "0")
    assert set(rows["c"].values()) == {"c", ""}
    assert (rows["g"]["grid"], int(rows["g"]["distance_m"]) > 1_000_000) == ("", True)
    assert (rows["h"]["district"], rows["h"]["distance_m"]) == ("870102", "21")


def test_nothing_readable_is_status_one(imported: Path) -> None:
    (imported / "p.csv").write_text("id,lon,lat\n1,x,y\n", encoding="utf-8")
    run("places", "locate", imported / "p.csv", "--out", imported / "o.csv", code=1)


def test_many_points_inside_grids_go_in_chunks_at_one_query_each(
    imported: Path, django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.cli.points.CHUNK", 100)
    run("grids", "generate", "--per-community", 3, "--seed", 1)
    rows = "".join(f"{n},{108 + n / 5000},26.05\n" for n in range(1000))
    (imported / "p.csv").write_text("id,lon,lat\n" + rows, encoding="utf-8")
    selectors.locate_many([108.1], [26.05], city.LATER)
    document("places", "locate", imported / "p.csv", "--out", imported / "o.csv")
    with django_assert_num_queries(10):  # type: ignore[operator]
        document("places", "locate", imported / "p.csv", "--out", imported / "o.csv")


def test_grids_from_a_file_with_notices(imported: Path) -> None:
    features = [
        city.feature(
            city.square(108.1 + n / 100, 26, 108.11 + n / 100, 26.01),
            code=f"87010200100100{n + 1}",
            **(
                {"public_name": "一号网格", "worker": "示例员", "worker_phone": "1", "supervision_phone": "2"}
                if n
                else {}
            ),
        )
        for n in range(2)
    ]
    (imported / "g.geojson").write_text(json.dumps(city.collection(*features)), encoding="utf-8")
    assert document("grids", "import", imported / "g.geojson")["grids"]["opened"] == 2  # type: ignore[index]
    assert document("grids", "incomplete")["count"] == 1
    (imported / "n.csv").write_text(
        "grid,public_name,worker,worker_phone,supervision_phone\n870102001001001,桥头网格,示例员,1,2\n",
        encoding="utf-8",
    )
    run("grids", "notices", imported / "n.csv")
    assert document("grids", "incomplete")["count"] == 0


def test_no_json_is_said_with_its_line(imported: Path) -> None:
    (imported / "g.geojson").write_text('{"type":\n oops', encoding="utf-8")
    with pytest.raises(Exception, match=r"g\.geojson:2: this is not JSON"):
        run("grids", "import", imported / "g.geojson")


def test_the_commands_of_the_how_to_run(rules: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = HOWTO.read_text(encoding="utf-8")
    for name, content in re.findall(r"\*\*(\S+)\*\*\n\n```\w+\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(lines) == 7
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "linli"
        run(*words)
    with (tmp_path / "located.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [row["district"] for row in found] == ["870102", "870102", ""]
    assert int(found[2]["distance_m"]) > 10_000
