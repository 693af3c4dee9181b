"""`linli organisations` and `linli accounts`: what they print, what they refuse, and that the same again changes nothing."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from linli.access import selectors
from linli.access.errors import AccountError
from linli.cli.access import accounts
from linli.cli.organisations import organisations
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import InputError
from linli.packs.services import publish
from linli.rules.compiler import compile_pack

pytestmark = pytest.mark.django_db

PACKS = Path(__file__).parents[3] / "packs"
HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "enter-organisations.md"
LIST = (
    "key,name,kind,place,parent,duties,posts\n"
    "office,街道办事处,street_office,870102001,,duty.street_office,head 主任 = zhao\n"
    'desk,街道分中心,operations_centre,870102001,office,duty.street_desk,"duty_desk 值班员 = wang; crew* 坐席 = wang, zhao"\n'
)


def run(group: click.Command, *words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words], catch_exceptions=False)


def document(group: click.Command, *words: object) -> dict[str, Any]:
    result = run(group, *words, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in ("wang", "zhao"):
        assert run(accounts, "add", name, "--display-name", name.title()).exit_code == 0
    path = tmp_path / "bodies of the town.csv"
    path.write_bytes(LIST.encode("gb18030"))
    return path


def test_list_comes_in_and_again_changes_nothing(source: Path) -> None:
    first = document(organisations, "import", source)
    assert first["counts"] == {"opened": 2, "duties_opened": 2, "posts_opened": 3, "appointed": 4}
    assert first["places_not_in_the_register"] == ["870102001"]
    assert document(organisations, "import", source)["counts"] == {"kept": 2}


def test_bad_rows_are_listed_and_the_rest_is_kept(source: Path) -> None:
    source.write_text(LIST + "x,x,castle,870102001,,,\nshort,row\n", encoding="utf-8")
    found = document(organisations, "import", source)
    assert [(row["line"], row["column"]) for row in found["refused"]] == [(4, "kind"), (5, "kind")]
    assert found["counts"]["opened"] == 2


def test_list_without_one_good_row_is_status_one(source: Path) -> None:
    source.write_text("name,kind,place\nx,castle,870102001\n", encoding="utf-8")
    assert run(organisations, "import", source).exit_code == 1


def test_missing_column_names_the_file(source: Path) -> None:
    source.write_text("name,place\nx,870102001\n", encoding="utf-8")
    with pytest.raises(InputError, match="kind"):
        run(organisations, "import", source)


def test_who_is_responsible_and_in_charge(source: Path) -> None:
    run(organisations, "import", source)
    found = document(organisations, "responsible", "duty.street_desk", "870102001001")
    assert found["organisation"] == "街道分中心"
    assert found["by"] == "870102001"
    assert [(row["post"], row["account"], row["how"]) for row in found["posts"]] == [
        ("duty_desk", "wang", "holder"),
        ("crew", "wang", "holder"),
    ]
    with pytest.raises(InputError, match="Nobody holds"):
        run(organisations, "responsible", "duty.gas", "870102001001")


def test_bodies_are_listed_by_place(source: Path) -> None:
    run(organisations, "import", source)
    assert [row["key"] for row in document(organisations, "list")["organisations"]] == ["office", "desk"]
    assert document(organisations, "list", "--place", "870103")["organisations"] == []
    assert "街道办事处" in run(organisations, "list").output


def test_account_is_added_to_a_post_and_its_password_shown_once(source: Path) -> None:
    run(organisations, "import", source)
    assert run(accounts, "end", "wang", "--organisation", "desk", "--post", "duty_desk").exit_code == 0
    words = ("add", "sun", "--display-name", "Sun", "--organisation", "desk", "--post", "duty_desk", "--password")
    found = document(accounts, *words)
    assert len(found["password"]) >= 20
    listed = {row["name"]: row["posts"] for row in document(accounts, "list")["accounts"]}
    assert listed["sun"] == ["duty_desk · 街道分中心 · 870102001"]
    assert found["password"] not in run(accounts, "list").output


def test_post_that_is_not_there_is_told_with_those_that_are(source: Path) -> None:
    run(organisations, "import", source)
    with pytest.raises(InputError) as caught:
        run(accounts, "appoint", "wang", "--organisation", "desk", "--post", "boss")
    assert "duty_desk" in caught.value.hint
    assert run(accounts, "add", "x.y", "--display-name", "x", "--post", "boss").exit_code == 2
    assert run(accounts, "appoint", "wang", "--organisation", "desk", "--post", "crew", "--from", "soon").exit_code == 2


def test_stand_in_from_a_day_to_a_day(source: Path) -> None:
    run(organisations, "import", source)
    words = ("stand-in", "wang", "zhao", "--organisation", "desk", "--post", "duty_desk", "--to", "2099-01-01")
    assert document(accounts, *words)["stand_in"]
    found = document(organisations, "responsible", "duty.street_desk", "870102001")
    assert found["posts"][0] == {"post": "duty_desk", "title": "值班员", "account": "zhao", "how": "stand_in"}


def test_key_is_printed_once_and_revoked(source: Path) -> None:
    words = ("keys", "add", "wang", "--label", "hotline", "--scope", "intake", "--days", "30")
    key = document(accounts, *words)["key"]
    listed = document(accounts, "keys", "list", "wang")["keys"]
    assert [row["scopes"] for row in listed] == [["intake"]]
    assert key.split("_")[2] not in json.dumps(listed)
    assert run(accounts, "keys", "revoke", listed[0]["prefix"]).exit_code == 0
    assert document(accounts, "keys", "list", "wang")["keys"][0]["revoked_at"]


def test_a_key_holds_no_longer_than_the_published_rules_allow(source: Path) -> None:
    publish(compile_pack(PACKS, "national"), SYSTEM, datetime(2026, 1, 1, tzinfo=UTC))
    words = ("keys", "add", "wang", "--label", "hotline", "--scope", "intake", "--days")
    with pytest.raises(AccountError, match="366 days at most"):
        run(accounts, *words, "367")
    assert document(accounts, *words, "366")["key"]


def test_closed_account_is_shown_as_closed(source: Path) -> None:
    assert run(accounts, "close", "wang").exit_code == 0
    assert [row["open"] for row in document(accounts, "list")["accounts"]] == [False, True]
    assert selectors.account_ids(["wang"]) == {}
    assert document(accounts, "password", "zhao")["password"]


def test_gaps_of_a_place_are_named(source: Path) -> None:
    run(organisations, "import", source)
    publish(compile_pack(PACKS, "national"), SYSTEM, datetime(2026, 1, 1, tzinfo=UTC))
    run(accounts, "end", "wang", "--organisation", "desk", "--post", "duty_desk")
    found = document(organisations, "gaps", "--place", "870102001001")
    assert "duty.sanitation" in found["duties_without_holder"]
    assert "duty.street_desk" not in found["duties_without_holder"]
    assert found["posts_without_holder"] == [{"post": "值班员", "role": "duty_desk", "place": "870102001"}]
    assert found["sealed_reports"] == "nobody"
    assert "值班员" in run(organisations, "gaps", "--place", "870102001001").output


def test_howto_runs_as_it_is_written(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    publish(compile_pack(PACKS, "national"), SYSTEM, datetime(2026, 1, 1, tzinfo=UTC))
    page = HOWTO.read_text(encoding="utf-8")
    name, text = re.findall(r"\*\*(\S+\.csv)\*\*\n\n```csv\n(.*?)```", page, re.DOTALL)[0]
    Path(name).write_text(text, encoding="utf-8")
    commands = [line for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    for line in commands:
        _, group, *words = shlex.split(line)
        result = run({"accounts": accounts, "organisations": organisations}[group], *words)
        assert result.exit_code == 0, (line, result.output)
        assert "Refused" not in result.output
    assert len(commands) == 10
