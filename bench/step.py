"""`take_step` against a script of psycopg that makes the same reads and writes, a prepared statement each.

Both take the step `sign` of a dispatched request (an entry, the body, its clock, the case, the head, the receipt), in
turns, on cases of their own; once with one worker and once with two. The script decides nothing: its rows are ready.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from statistics import median
from types import ModuleType
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import psycopg

from bench._cases import AT, Ground, ground, opened

STEPS, ROUNDS = 150, 6
WHEN = AT + timedelta(minutes=20)


def run() -> dict[str, float]:
    """Measure, print a line a figure, return the figures."""
    made = ground()
    figures = {**_compare(made, 1), **_compare(made, 2), **_own_python(made), "step.statements": _statements(made)}
    for name, figure in figures.items():
        print(f"{name:42} {figure:>14,.2f}")
    return figures


def _dispatched(made: Ground, number: int) -> list[int]:
    from linli.cases.engine import take_step

    cases = opened(made, number)
    desk, body = made.town.ref("duan"), {"organisation": made.town.sanitation}
    for case in cases:
        take_step(case, "dispatch", desk, body, request_id=uuid4(), at=AT + timedelta(minutes=5))
    return cases


def _compare(made: Ground, workers: int) -> dict[str, float]:
    """Steps a second of both, alternating; each worker is a process of its own."""
    cases = _dispatched(made, 2 * STEPS * ROUNDS * workers)
    speeds: dict[str, list[float]] = {"engine": [], "script": []}
    for round_ in range(2 * ROUNDS):
        way = "engine" if round_ % 2 == 0 else "script"
        mine = [cases.pop() for _ in range(STEPS * workers)]
        speeds[way].append(_round(made, way, [mine[n::workers] for n in range(workers)]))
    engine, script = median(speeds["engine"]), median(speeds["script"])
    return {
        f"step.engine_per_second_{workers}": round(engine),
        f"step.script_per_second_{workers}": round(script),
        f"step.ratio_{workers}": round(engine / script, 2),
    }


def _round(made: Ground, way: str, shares: list[list[int]]) -> float:
    """Start the workers, let them warm up, and let them go together; steps a second of all."""
    account = made.town.people["han"]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.step", way, str(account), json.dumps(share)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ,
        )
        for share in shares
    ]  # fmt: skip
    for one in started:
        assert one.stdout is not None
        one.stdout.readline()
    start = time.perf_counter()
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in started:
        assert one.stdout is not None
        one.stdout.readline()
    seconds = time.perf_counter() - start
    for one in started:
        one.communicate()
    return sum(map(len, shares)) / seconds


def work(way: str, account: int, cases: list[int]) -> None:
    """One worker: warm up, say so, wait, take the steps, say so."""
    import django

    django.setup()
    take = _engine(account) if way == "engine" else _script(account)
    warm, rest = cases[:8], cases[8:]
    for case in warm:
        take(case)
    print("ready", flush=True)
    sys.stdin.readline()
    for case in rest:
        take(case)
    print("done", flush=True)


def _engine(account: int) -> Any:
    from linli.cases.engine import take_step
    from linli.kernel.actors import ActorRef

    actor = ActorRef("person", account=account)
    return lambda case: take_step(case, "sign", actor, {}, request_id=uuid4(), at=WHEN)


READS = (
    "SELECT * FROM cases_case WHERE id = %(case)s FOR UPDATE",
    "SELECT * FROM cases_clock WHERE case_id = %(case)s AND state <> 'stopped' ORDER BY id",
    "SELECT * FROM cases_assignment WHERE case_id = %(case)s AND ended_at IS NULL ORDER BY id",
    "SELECT seq, hash FROM journal_head WHERE subject = %(subject)s FOR UPDATE",
    "SELECT * FROM journal_receipt WHERE actor_key = %(key)s AND request_id = %(request)s",
)
WRITES = (
    (
        "UPDATE cases_clock SET state = 'stopped', work = %(work)s::jsonb, next_at = NULL, stopped_at = %(at)s,"
        " outcome = 'in_time' WHERE id = %(clock)s"
    ),
    "UPDATE cases_assignment SET state = 'signed', signed_at = %(at)s WHERE id = %(body)s",
    (
        "UPDATE cases_case SET state = 'signed', seq = seq + 1, next_due_at = %(due)s, counts = %(none)s::jsonb,"
        " marks = %(none)s::jsonb, doers = '[]'::jsonb WHERE id = %(case)s"
    ),
    (
        "INSERT INTO journal_entry (subject, seq, verb, actor_kind, actor_account, actor_voice, post, organisation, at,"
        " recorded_at, data, version, personal, commitment, prev, hash) VALUES (%(subject)s, %(seq)s, %(verb)s, 'person',"
        " %(account)s, NULL, 1, 1, %(at)s, %(at)s, %(data)s::jsonb, 1::smallint, NULL, NULL, %(hash)s, %(hash)s)"
    ),
    "UPDATE journal_head SET seq = %(seq)s, hash = %(hash)s WHERE subject = %(subject)s",
    (
        "INSERT INTO journal_receipt (actor_key, request_id, subject, step, form_hash, result, at) VALUES (%(key)s,"
        " %(request)s, %(subject)s, 'sign', %(hash)s, %(result)s::jsonb, %(at)s)"
    ),
)
DATA = json.dumps(
    {"as": "owner", "bodies": [{"organisation": 8, "role": "lead", "state": "signed"}],
     "clocks": [{"clock": "sign", "do": "stop", "due": "2026-11-25T01:05:00.000000Z", "organisation": 8,
                 "outcome": "in_time"}], "from": "dispatched", "step": "sign", "to": "signed"}
)  # fmt: skip


def _script(account: int) -> Any:
    import psycopg
    from django.db import connection

    from linli.organisations.selectors import HOLDINGS_SQL

    connection.ensure_connection()
    raw = connection.connection
    raw.autocommit = True
    cursor = psycopg.Cursor(raw)

    def take(case: int) -> None:
        values: dict[str, Any] = {
            "case": case, "subject": f"case:{case}", "key": f"account:{account}", "request": uuid4(),
            "account": account, "at": WHEN, "none": "{}", "data": DATA, "result": '{"seq": 3}', "verb": "bench.step.signed",
        }  # fmt: skip
        with raw.transaction():
            rows = [cursor.execute(query, values, prepare=True).fetchall() for query in (*READS, HOLDINGS_SQL)]
            clocks, bodies, (head,) = rows[1], rows[2], rows[3]
            signing = next(clock for clock in clocks if "sign" in clock)
            values |= {"clock": signing[0], "work": json.dumps({"start": 1}), "body": bodies[0][0]}
            values |= {"seq": head[0] + 1, "hash": bytes(head[1]), "due": WHEN + timedelta(hours=3)}
            for query in WRITES:
                cursor.execute(query, values, prepare=True)

    return take


class _Answer:
    """A cursor whose server answers at once."""

    rowcount = 1

    def __init__(self, row: Any) -> None:
        self._row = row

    def fetchone(self) -> Any:
        """The row that the server gave once."""
        return self._row


def _run_by(module: ModuleType, run: Callable[[str, Any], Any]) -> AbstractContextManager[object]:
    """Let a module's statements be run by something else for a while."""
    return patch.object(module, "run", run)


def _own_python(made: Ground) -> dict[str, float]:
    """The engine's own time: the same step over and over, with a server that answers at once and forgets."""
    from linli.cases import reading, writing

    cases = _dispatched(made, STEPS + 1)
    take = _engine(made.town.people["han"])
    asked, run = [], reading.run

    def recording(query: str, values: Any) -> Any:
        cursor = run(query, values)
        asked.append(_Answer(cursor.fetchone() if cursor.description else None))
        return asked[-1]

    whole = []
    for case in cases[1:]:
        start = time.perf_counter()
        take(case)
        whole.append(time.perf_counter() - start)
    with _run_by(reading, recording), _run_by(writing, recording):
        take(cases[0])
    read, write = asked
    own = []
    with _run_by(reading, lambda _query, _values: read), _run_by(writing, lambda _query, _values: write):
        for _ in range(2_000):
            start = time.perf_counter()
            take(cases[0])
            own.append(time.perf_counter() - start)
    return {
        "step.whole_microseconds": round(median(whole) * 1e6),
        "step.own_python_microseconds": round(median(own) * 1e6),
        "step.own_python_share_percent": round(100 * median(own) / median(whole), 1),
    }


def _statements(made: Ground) -> float:
    """Statements of one step beside begin and commit, as the server counts them."""
    (case,) = _dispatched(made, 1)
    counted: list[str] = []
    execute = psycopg.Cursor.execute

    def counting(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        counted.append(str(query))
        return execute(self, query, *args, **kwargs)

    with patch.object(psycopg.Cursor, "execute", counting):
        _engine(made.town.people["han"])(case)
    return float(len(counted))


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]))
