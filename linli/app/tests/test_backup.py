"""A backup made while the installation lives is restored in a new home; what was erased meanwhile stays erased."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.app.tests.installation import environment, linli, new_home

PASSPHRASE = {"LINLI_KEYS_PASSPHRASE": "eleven grey herons stand"}
SCENE = Path(__file__).with_name("scene.py")


def play(home: Path, what: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, str(SCENE), what], env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout) if done.stdout else {}
    return found


def did(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stderr + done.stdout
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def old() -> Iterator[Path]:
    """A home with words and photos of two people, a backup, and then what one of them took back."""
    with new_home() as made:
        assert linli(made, "setup", "--pack", "minimal").returncode == 0
        play(made, "fill")
        assert linli(made, "audit", "seals").returncode == 0
        assert linli(made, "keys", "export", str(made.parent / "ring"), environ=PASSPHRASE).returncode == 0
        did(linli(made, "backup", str(made.parent / "backup"), "--json"))
        play(made, "erase")
        assert linli(made, "work", "--once").returncode == 0
        yield made


@pytest.fixture(scope="module")
def restored(old: Path) -> Iterator[tuple[Path, dict[str, object]]]:
    with new_home() as made:
        words = ("--keys", str(old.parent / "ring"), "--erasures", str(old / "erasures"), "--json")
        yield made, did(linli(made, "restore", str(old.parent / "backup"), *words, environ=PASSPHRASE))


def test_the_backup_holds_no_key(old: Path) -> None:
    file = old.parent / "backup"
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert not [name for name in names if "secret" in name or name.endswith(".key")]
    assert sum("/evidence/" in name for name in names) == 2
    content = file.read_bytes()
    for path in (old / "secrets").rglob("*"):
        if path.is_file() and path.name != "active":
            assert path.read_bytes().strip() not in content, path.name
    assert "一号的话".encode() not in content


def test_what_was_erased_since_stays_erased(restored: tuple[Path, dict[str, object]]) -> None:
    home, said = restored
    assert said["replayed"] == {"lines": 2, "erased": 2, "use_ended": 0, "already": 0, "unknown": 0}
    seen = play(home, "look")
    assert seen["parts"] == {"scene:1": ["一号的话"], "scene:2": [None]}
    assert seen["photos"] == 1
    assert sum(path.is_file() for path in (home / "evidence").rglob("*")) == 1
    assert list((home / "erasures").glob("*.jsonl"))


def test_every_chain_seal_and_table_is_there(old: Path, restored: tuple[Path, dict[str, object]]) -> None:
    home, said = restored
    assert said["found"] == 0
    assert isinstance(said["seals"], int)
    assert said["seals"] > 0
    audit = did(linli(home, "audit", "verify", "--seals", str(old / "seals"), "--json"))
    assert audit["fits"]
    assert audit["compared_with_outside"]
    theirs, ours = play(old, "look")["tables"], play(home, "look")["tables"]
    assert isinstance(theirs, dict)
    assert isinstance(ours, dict)
    assert {name for name in theirs if theirs[name] != ours[name]} <= {"cases_evidence"}


def test_a_restored_home_works_on(restored: tuple[Path, dict[str, object]]) -> None:
    home, _said = restored
    assert linli(home, "setup").returncode == 0
    assert linli(home, "work", "--once").returncode == 0
    second = did(linli(home, "backup", str(home.parent / "again"), "--json"))
    assert isinstance(second["files"], int)
    assert second["files"] >= len(list((home / "seals").glob("*.json")))


def test_nothing_is_overwritten(old: Path, restored: tuple[Path, dict[str, object]]) -> None:
    home, _said = restored
    backup = str(old.parent / "backup")
    assert "exists" in linli(old, "backup", backup).stderr
    done = linli(home, "restore", backup, "--without-erasures")
    assert done.returncode == 1
    assert "holds an installation already" in done.stderr


def test_without_ledger_keys_or_whole_file_it_refuses_before_it_makes_anything(old: Path, tmp_path: Path) -> None:
    backup = old.parent / "backup"
    assert "brings back what people had erased" in linli(tmp_path / "a", "restore", str(backup)).stderr
    assert (
        "keys of this backup are missing" in linli(tmp_path / "b", "restore", str(backup), "--without-erasures").stderr
    )
    other = tmp_path / "other"
    content = bytearray(backup.read_bytes())
    content[4096] ^= 1
    other.write_bytes(content)
    words = ("--without-erasures", "--keys", str(old.parent / "ring"))
    assert "changed or is not whole" in linli(tmp_path / "c", "restore", str(other), *words, environ=PASSPHRASE).stderr
    other.write_bytes(content[: len(content) // 2])
    assert "no backup" in linli(tmp_path / "d", "restore", str(other), "--without-erasures").stderr
    assert not list(tmp_path.rglob("postgres"))


def test_an_upgrade_with_nothing_to_do_changes_nothing(old: Path) -> None:
    said = did(linli(old, "upgrade", "--json"))
    assert isinstance(said["steps"], list)
    assert not [row for row in said["steps"] if row["changed"]]
    assert not (old / "backups").exists()


def test_a_program_older_than_its_data_refuses(old: Path) -> None:
    change = "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_of_tomorrow', now())"
    run_as_owner(old, change)
    done = linli(old, "upgrade")
    run_as_owner(old, "DELETE FROM django_migrations WHERE name = '9999_of_tomorrow'")
    assert done.returncode == 1
    assert "newer than this program" in done.stderr


def run_as_owner(home: Path, statement: str) -> None:
    from linli.app import databases

    with databases.database_for(home, {}, "owner").connect(autocommit=True) as connection:
        connection.execute(statement.encode())
