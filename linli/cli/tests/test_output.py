"""How commands speak: tables, JSON, errors, exit status."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
import pytest
from click.testing import CliRunner

from linli.app import main
from linli.cli import output
from linli.kernel.errors import InputError


@click.command()
@output.json_option
def shown(as_json: bool) -> None:
    """Show two rows."""
    rows = [{"街道": "湖南路街道", "open": 3}, {"街道": "宁海路街道", "open": 12}]
    output.emit({"rows": rows}, as_json=as_json, show=lambda: output.table(rows))


@click.command()
@output.json_option
def failing(as_json: bool) -> None:
    """Fail as a command does."""
    raise InputError("in.csv:3: The code is wrong.", code="codes.wrong", hint="Write 12 digits.", data={"line": 3})


@click.command()
@output.json_option
def crashing(as_json: bool) -> None:
    """Fail as no command may."""
    raise ValueError("a resident's words")


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for command in (shown, failing, crashing):
        target = f"{__name__}:{command.name}"
        monkeypatch.setitem(main.COMMANDS, str(command.name), main.Command(target, "", needs_setup=False))
        monkeypatch.setattr("linli.app.wiring.find", lambda found: globals()[found.partition(":")[2]])
    return CliRunner()


def test_a_table_for_people(runner: CliRunner) -> None:
    done = runner.invoke(main.cli, ["shown"])
    assert done.exit_code == 0
    assert [line.split() for line in done.stdout.splitlines() if "街道" in line][1:] == [
        ["湖南路街道", "3"],
        ["宁海路街道", "12"],
    ]


def test_one_document_for_machines(runner: CliRunner) -> None:
    done = runner.invoke(main.cli, ["shown", "--json"])
    assert json.loads(done.stdout)["rows"][1] == {"街道": "宁海路街道", "open": 12}


def test_an_error_is_a_sentence_with_the_mend(runner: CliRunner) -> None:
    done = runner.invoke(main.cli, ["failing"])
    assert done.exit_code == 1
    assert done.stderr == "Error: in.csv:3: The code is wrong.\nWrite 12 digits.\n"
    assert done.stdout == ""


def test_an_error_as_document(runner: CliRunner) -> None:
    done = runner.invoke(main.cli, ["failing", "--json"])
    assert done.exit_code == 1
    error = json.loads(done.stdout)["error"]
    assert error == {
        "code": "codes.wrong",
        "message": "in.csv:3: The code is wrong.",
        "hint": "Write 12 digits.",
        "data": {"line": 3},
    }


def test_a_fault_of_ours_is_not_dressed_up(runner: CliRunner) -> None:
    done = runner.invoke(main.cli, ["crashing"])
    assert isinstance(done.exception, ValueError)


def test_help_imports_no_command() -> None:
    done = CliRunner().invoke(main.cli, ["--help"])
    assert done.exit_code == 0
    assert "Take in reports of residents." in done.stdout


def test_progress_says_nothing_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(output.progress(range(3), label="Counting")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_values_are_shown_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    output.facts({"at": datetime(2027, 1, 2, 3, 4, tzinfo=UTC), "fits": True, "none": None, "two": ["a", "b"]})
    said = capsys.readouterr().out
    assert "2027-01-02 03:04" in said
    assert "yes" in said
    assert "a, b" in said
