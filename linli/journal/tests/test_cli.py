"""The commands: what they print, how they end, and that nothing personal is printed."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from linli.cli import output
from linli.cli.audit import audit
from linli.cli.erase import erase
from linli.cli.keys import keys
from linli.journal.outbox import OutboxDraft, add_outbox
from linli.journal.sealing import seals_folder
from linli.journal.selectors import open_parts, parts_of
from linli.journal.tests.town import AFTER, DAY_ONE, small_log, sql, tampering
from linli.kernel.errors import LinliError

pytestmark = pytest.mark.django_db


def run(command: click.Command, *words: str, **extra: object) -> Result:
    result = CliRunner().invoke(command, list(words), **extra)  # type: ignore[arg-type]
    assert "13800138000" not in result.output
    if result.exception is not None and not isinstance(result.exception, (SystemExit, LinliError)):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "now", lambda: AFTER)
    small_log()


def test_verify_says_that_all_fits_and_with_what_it_compared(tmp_path: Path) -> None:
    assert run(audit, "seals", "--to", str(tmp_path / "copies")).exit_code == 0
    result = run(audit, "verify", "--seals", str(tmp_path / "copies"), "--json")
    said = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (said["fits"], said["entries"], said["first"], said["compared_with_outside"]) == (True, 12, None, True)
    assert said["seals"] * 2 == said["seal_files"] > 0
    assert "--seals DIR" in run(audit, "verify").stderr
    (tmp_path / "empty").mkdir()
    result = run(audit, "verify", "--seals", str(tmp_path / "empty"), "--json")
    assert json.loads(result.stdout)["compared_with_outside"] is False


def test_verify_names_the_first_that_does_not_fit() -> None:
    with tampering():
        sql("UPDATE journal_entry SET version = 3 WHERE subject = 'case:2' AND seq = 2")
        sql("UPDATE journal_entry SET version = 3 WHERE subject = 'case:1' AND seq = 3")
    result = run(audit, "verify")
    assert result.exit_code == 1
    assert "first that does not fit: case:2 entry 2" in result.stdout
    said = json.loads(run(audit, "verify", "--json").stdout)
    assert (said["found"], said["first"]["subject"], said["first"]["seq"]) == (2, "case:2", 2)


def test_verify_finds_a_day_that_only_the_copies_know(tmp_path: Path) -> None:
    run(audit, "seals", "--to", str(tmp_path))
    with tampering():
        sql("DELETE FROM journal_seal WHERE day = (SELECT max(day) FROM journal_seal)")
    assert run(audit, "verify", "--seals", str(tmp_path)).exit_code == 1


def test_a_folder_that_is_not_there_is_wrong_use() -> None:
    assert run(audit, "verify", "--seals", "/nowhere").exit_code == 2


def test_seals_are_listed_and_written_once(tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    said = json.loads(run(audit, "seals", "--to", str(copies), "--json").stdout)
    assert said["written"] == len(said["seals"]) == len(list(copies.iterdir())) == len(list(seals_folder().iterdir()))
    assert json.loads(run(audit, "seals", "--to", str(copies), "--json").stdout)["written"] == 0


def test_the_outbox_shows_what_was_given_up_and_tries_it_again() -> None:
    add_outbox([OutboxDraft("sms"), OutboxDraft("mail")], DAY_ONE)
    sql("UPDATE journal_outbox SET state = 'dead', last_error = 'OSError'")
    said = json.loads(run(audit, "outbox", "--json").stdout)
    assert (said["dead"], [row["kind"] for row in said["given_up"]]) == (2, ["sms", "mail"])
    assert "OSError" in run(audit, "outbox").stdout
    assert json.loads(run(audit, "outbox", "--retry-all", "--json").stdout)["tried_again"] == 2


def test_erase_a_subject_and_a_part() -> None:
    (part,) = (row.id for row in parts_of("case:1"))
    said = json.loads(run(erase, "--subject", "case:1", "--reason", "unlawful", "--json").stdout)
    assert (said["counts"], said["parts"][0]["part"]) == ({"erased": 1}, part)
    other = parts_of("case:2")[0].id
    assert "erased" in run(erase, "--personal", str(other)).stdout
    assert open_parts([part, other]) == {part: None, other: None}
    assert run(audit, "verify").exit_code == 0


@pytest.mark.parametrize(
    "words", [[], ["--subject", "case:1", "--personal", "1"], ["--subject", "case:1", "--reason", "x"]]
)
def test_erase_wants_one_thing_and_a_ground(words: list[str]) -> None:
    assert run(erase, *words).exit_code == 2


def test_erase_says_when_there_is_nothing() -> None:
    assert isinstance(run(erase, "--subject", "case:404").exception, LinliError)


def test_holds_are_placed_and_released() -> None:
    hold = ["--subject", "case:1", "--ground", "court"]
    assert "Held" in run(erase, "hold", *hold, "--until", "2099-01-01").stdout
    assert "already" in run(erase, "hold", *hold).stdout
    sql("UPDATE journal_personal SET erase_after = '2020-01-01'")
    said = json.loads(run(erase, "due", "--json").stdout)
    assert said["counts"] == {"erased": 2, "held": 1}
    assert "Released" in run(erase, "release", *hold).stdout
    assert "no such hold" in run(erase, "release", *hold).stdout
    assert "erased" in run(erase, "due").stdout


def test_keys_rotate_and_list() -> None:
    said = json.loads(run(keys, "rotate", "--json").stdout)
    assert (said["parts"], said["resumed"]) == (3, False)
    listed = json.loads(run(keys, "list", "--json").stdout)["keys"]
    assert {row["key"]: (row["active"], row["parts"]) for row in listed}[said["key"]] == (True, 3)
    assert len(listed) == 2


def test_keys_travel_under_a_passphrase_that_is_no_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "ring.json"
    assert isinstance(run(keys, "export", str(out)).exception, LinliError)
    monkeypatch.setenv("LINLI_KEYS_PASSPHRASE", "four words on a card")
    assert run(keys, "export", str(out)).exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    monkeypatch.delenv("LINLI_KEYS_PASSPHRASE")
    (tmp_path / "card").write_text("four words on a card\n")
    result = run(keys, "import", str(out), "--passphrase-file", str(tmp_path / "card"))
    assert "0 keys added" in result.stdout
    assert not [
        option for command in keys.commands.values() for option in command.params if option.name == "passphrase"
    ]
