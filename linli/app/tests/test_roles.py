"""The walls between the three database roles, as the database itself keeps them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from linli.app.wiring import APPEND_ONLY, COLUMNS_HIDDEN_FROM_READER, HIDDEN_FROM_READER


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_app_makes_no_tables(as_app: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run("CREATE TABLE anything (id int)")


@pytest.mark.django_db
def test_reader_changes_nothing_and_sees_no_jobs(as_reader: None) -> None:
    _run("SELECT 1 FROM django_content_type")
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run("SELECT 1 FROM procrastinate_jobs")


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["title", "task_text", "data", "lon"])
def test_reader_counts_cases_without_their_words(as_reader: None, column: str) -> None:
    _run("SELECT count(kind), count(state) FROM cases_case")
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run(f"SELECT {column} FROM cases_case")


@pytest.mark.django_db
def test_reader_does_not_see_who_did_it(as_reader: None) -> None:
    _run("SELECT count(verb) FROM journal_entry")
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run("SELECT actor_account FROM journal_entry")


@pytest.mark.django_db
def test_every_name_in_the_lists_is_a_table_or_a_family_of_tables() -> None:
    tables = connection.introspection.table_names()
    families = set(tables) | {table.split("_")[0] for table in tables}
    missing = {*APPEND_ONLY, *HIDDEN_FROM_READER, *COLUMNS_HIDDEN_FROM_READER} - families - {"django_session"}
    assert missing == set()


@pytest.mark.django_db
def test_columns_that_hold_ciphers_tokens_and_secrets_are_hidden() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name IN ('cipher', 'salt', 'token', 'secret_hash', 'password', 'phone', 'contact')"
        )
        found = [name for (name,) in cursor.fetchall()]
    open_tables = [name for name in found if not any(name == h or name.startswith(h + "_") for h in HIDDEN_FROM_READER)]
    assert open_tables == []
