"""The walls between the three database roles, as the database itself keeps them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.utils import ProgrammingError


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
