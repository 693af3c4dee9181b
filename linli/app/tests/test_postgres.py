"""A kept connection: asked for nothing while it stands, made anew when the server has ended it."""

from __future__ import annotations

import time

import pytest
from django.db import ProgrammingError, close_old_connections, connection, connections, transaction

pytestmark = pytest.mark.django_db(transaction=True)


def one() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_standing_connection_costs_no_statement() -> None:
    before = one()
    assert connection.is_usable()
    assert one() == before


def test_a_failed_transaction_is_no_standing_connection() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor, pytest.raises(ProgrammingError):
            cursor.execute("SELECT nothing")
        assert not connection.is_usable()
        transaction.set_rollback(True)
    assert connection.is_usable()


def test_what_the_server_ended_is_noticed_and_made_anew() -> None:
    before = one()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [before])
    other.close()
    until = time.monotonic() + 10
    while connection.is_usable() and time.monotonic() < until:
        time.sleep(0.01)
    close_old_connections()
    assert one() != before
