"""The lock of the register: two writers at once take turns, and the second sees what the first wrote."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from linli.places.models import Place, Register
from linli.places.register import changing, open_from
from linli.places.tests import cloud_ridge as city
from linli.places.tree import tree_import


@pytest.mark.django_db(transaction=True)
def test_the_second_writer_waits_for_the_first() -> None:
    waiting, done = threading.Event(), threading.Event()
    reports = []

    def second() -> None:
        waiting.set()
        reports.append(tree_import(city.lists(), city.KEEPER, city.AT + timedelta(seconds=1)))
        connection.close()
        done.set()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        tree_import(city.lists(), city.KEEPER, city.AT)
        thread.start()
        assert waiting.wait(10)
        assert not done.wait(0.3)
    thread.join(10)
    assert done.is_set()
    assert (reports[0].opened, reports[0].kept) == (0, 11)
    assert Place.objects.count() == 11


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_fails_leaves_nothing() -> None:
    def failing() -> None:
        with changing("places.tree.imported", city.KEEPER, city.AT) as writing:
            writing.open([Place(code="870102", name="云东区", kind="district", period=open_from(None))])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert not Place.objects.exists()
    assert not Register.objects.exists()
