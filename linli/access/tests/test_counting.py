"""Counting over all workers: one statement, stretches that end, nothing that tells who."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from linli.access.counting import counter
from tests.town import AT

pytestmark = pytest.mark.django_db


def test_it_counts_within_a_stretch_and_begins_anew_with_the_next(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        assert [counter().count("key 7", 60, AT) for _ in range(2)] == [1, 2]
    assert counter().count("key 8", 60, AT) == 1
    assert counter().count("key 7", 60, AT + timedelta(seconds=59)) == 3
    assert counter().count("key 7", 60, AT + timedelta(seconds=60)) == 1


def test_what_is_counted_cannot_be_read_from_the_cache() -> None:
    counter().count("13912345678", 60, AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' ') FROM web_cache c")
        assert "13912345678" not in cursor.fetchone()[0]
