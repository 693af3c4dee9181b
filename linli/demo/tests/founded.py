"""A small demo city for tests: one district with a grid a community, in a transaction that is taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction

from linli.app.first_steps import make_partitions, publish_pack
from linli.demo.city import city_found
from linli.demo.plan import DemoPlan, Week
from linli.journal.sealing import seals_folder

PLAN = DemoPlan(Week(date(2026, 11, 16)), district="320102", reports=200, pack="nanjing", grids=61)


class _TakenBackError(Exception):
    pass


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is taken back, and the seals' files with it."""
    try:
        with transaction.atomic():
            yield
            raise _TakenBackError
    except _TakenBackError:
        pass
    finally:
        shutil.rmtree(seals_folder(), ignore_errors=True)


@contextmanager
def founded(blocker: Any, plan: DemoPlan = PLAN) -> Iterator[DemoPlan]:
    """The city of a plan, with rules; for a module's tests."""
    shutil.rmtree(seals_folder(), ignore_errors=True)  # of a log that an earlier test took back
    with blocker.unblock(), taken_back():
        make_partitions(pack="", at=plan.week.founded)
        publish_pack(pack=plan.pack, at=plan.week.founded)
        city_found(plan, lambda stage: None)
        yield plan
