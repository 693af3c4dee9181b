"""Killed with -9 in the middle of steps: what was answered is there once, what was not is whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from linli.cases.models import Case
from linli.cases.opening import open_cases
from linli.cases.tests.desk import draft, published
from linli.cases.tests.folding import differences
from linli.journal.selectors import entries_of
from linli.journal.verifying import verify
from linli.kernel.actors import SYSTEM
from linli.packs.selectors import snapshot_by_hash
from tests.town import AT, Town, town_of

ROOT = Path(__file__).parents[3]

WORKER = """
import sys
import django
from django.conf import settings
name, host, port, user, password, home = sys.argv[1:7]
settings.LINLI_HOME = home
for alias in ("default", "owner"):
    settings.DATABASES[alias].update(NAME=name, HOST=host, PORT=port, USER=user, PASSWORD=password)
django.setup()
from datetime import datetime, timezone
from uuid import UUID
from linli.cases.engine import take_step
from linli.kernel.actors import ActorRef
actor, at = ActorRef("person", account=int(sys.argv[7])), datetime(2026, 11, 24, 2, tzinfo=timezone.utc)
for line in sys.stdin:
    case = int(line)
    result = take_step(case, "dispatch", actor, {"organisation": int(sys.argv[8])}, request_id=UUID(int=case), at=at)
    print(case, result.seq, result.entry_hash, flush=True)
"""


@pytest.fixture
def town(transactional_db: None) -> Town:
    snapshot_by_hash.cache_clear()
    published()
    return town_of()


def worker(town: Town) -> subprocess.Popen[str]:
    from django.conf import settings

    db = connection.settings_dict
    where = [str(db[key]) for key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")]
    command = [sys.executable, "-c", WORKER, *where, str(settings.LINLI_HOME), str(town.duan), str(town.sanitation)]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "linli.app.settings", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(6))
def test_no_answered_step_is_lost_and_none_is_taken_twice(town: Town, seed: int) -> None:
    cases = [one.case for one in open_cases([draft() for _ in range(300)], SYSTEM, at=AT)]
    first = worker(town)
    assert first.stdin is not None
    assert first.stdout is not None
    first.stdin.write("".join(f"{case}\n" for case in cases))
    first.stdin.flush()
    answered = [first.stdout.readline()]
    time.sleep(random.Random(seed).uniform(0.02, 0.4))
    os.kill(first.pid, signal.SIGKILL)
    answered += first.stdout.readlines()
    first.wait()
    whole = {int(c): digest for c, _, digest in (line.split() for line in answered if line.count(" ") == 2)}

    second = worker(town)
    again, _ = second.communicate("".join(f"{case}\n" for case in cases))
    results = {int(c): digest for c, _, digest in map(str.split, again.splitlines())}
    assert set(results) == set(cases)
    assert all(results[case] == digest for case, digest in whole.items())
    assert set(Case.objects.filter(pk__in=cases).values_list("state", flat=True)) == {"dispatched"}
    for case in cases:
        assert [e.verb for e in entries_of(f"case:{case}")].count("cases.request.dispatch") == 1
    assert all(differences(case) == {} for case in random.Random(seed).sample(cases, 20))
    assert verify().findings == []
