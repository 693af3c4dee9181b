"""The command in a home of its own: it builds a city, fills it, and leaves every index and key as it found them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.app import databases
from linli.demo.aside import put_back
from linli.demo.loading import ASIDE_FROM
from linli.demo.tests.test_command import Home

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="makes installations with servers of their own"),
]

_INDEXES = """
SELECT i.indrelid::regclass::text, regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\S+ ', ''), i.indisvalid
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public'
"""
_KEYS = (
    "SELECT conrelid::regclass::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE contype = 'f'"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    found = Home(tmp_path_factory.mktemp("load") / "a home")
    assert found.linli("setup").returncode == 0
    yield found
    found.linli("db", "stop")


def shape(home: Home) -> set[tuple[object, ...]]:
    """Every index and foreign key, as the server spells them, and whether it holds."""
    owner = databases.database_for(home.folder, {}, "owner")
    with owner.connect() as connection:
        return {*connection.execute(_INDEXES.encode()).fetchall(), *connection.execute(_KEYS).fetchall()}


def test_a_load_leaves_every_index_as_it_was_and_the_log_verifies(home: Home) -> None:
    before = shape(home)
    done = home.linli("demo", "--load", str(ASIDE_FROM), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["cases"] == ASIDE_FROM
    assert told["entries"] >= 2 * ASIDE_FROM
    after = shape(home)
    made_meanwhile = {one for one in after - before if str(one[0]).startswith("journal_entry_2")}
    assert after - made_meanwhile >= {one for one in before if not str(one[0]).startswith("journal_entry_2")}
    assert all(one[2] for one in after)
    partitions = {one[0] for one in after if str(one[0]).startswith("journal_entry_")}
    indexed = {one[0] for one in after if "(subject, seq)" in str(one[1])}
    assert partitions <= indexed
    assert home.linli("audit", "verify").returncode == 0


def test_the_same_load_again_is_refused_and_a_plain_demo_says_what_is_here(home: Home) -> None:
    again = home.linli("demo", "--load", "100")
    assert again.returncode == 1
    assert "--seed" in again.stderr
    plain = home.linli("demo", "--once")
    assert plain.returncode == 1
    assert "--anew" in plain.stderr
    other = home.linli("demo", "--load", "100", "--seed", "5", "--json")
    assert json.loads(other.stdout)["cases"] == 100


def test_what_a_broken_off_load_laid_aside_is_put_back(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = shape(home)
    owner = databases.database_for(home.folder, {}, "owner")
    with owner.connect() as connection:
        (text,) = connection.execute("SELECT pg_get_indexdef('cases_clock_case'::regclass)").fetchone() or ("",)
        connection.execute("DROP INDEX cases_clock_case")
    kept = home.folder / "run" / "load-aside.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps({"indexes": {"cases_clock_case": text}, "keys": []}), encoding="utf-8")
    monkeypatch.setenv("LINLI_HOME", str(home.folder))
    put_back(lambda line: None, {})
    assert shape(home) == before
    assert not kept.exists()
