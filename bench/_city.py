"""A city with very many cases, its server started as `linli serve`, and people with sessions and keys, for measurements.

`LINLI_BENCH_CASES` says how many cases (a million); `LINLI_BENCH_HOME` names an installation that was loaded before and is
kept, otherwise one is made and removed.
"""

from __future__ import annotations

import atexit
import csv
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from bench._asked import Plan, Request

CASES = int(os.environ.get("LINLI_BENCH_CASES", "1000000"))
KEPT = os.environ.get("LINLI_BENCH_HOME", "")
PROJECT = Path(__file__).resolve().parents[1]
MESSAGES = PROJECT / "linli" / "demo" / "messages.csv"
PROCESSES = 2
_LINLI = [sys.executable, "-c", "from linli.app.main import main; main()"]
_READY_SECONDS = 90
_CASES_OF_A_DESK = 300


def loaded_home() -> tuple[Path, dict[str, float]]:
    """An installation with so many cases, and what loading them took."""
    home = Path(KEPT or tempfile.mkdtemp(prefix="linli-bench-"))
    os.environ |= {"LINLI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "linli.app.settings"}
    if not KEPT:
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(_linli, "db", "stop")
    if KEPT and (home / "postgres").exists():
        _linli("db", "start")
        return home, {}
    _linli("setup")
    told = json.loads(_linli("demo", "--load", str(CASES), "--json"))
    return home, {f"load.{name}": float(figure) for name, figure in told.items()}


def _linli(*words: str) -> str:
    done = subprocess.run([*_LINLI, *words], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"linli {' '.join(words)}: {done.stderr}")
    return done.stdout


def calm() -> None:
    """Let the workers take what is due, so that measurements do not meet a backlog of the load."""
    _linli("work", "--once")


@dataclass(slots=True)
class City:
    """The server's address, who asks, and what they ask for.

    Attributes:
        heads: who -> head of a request; `page:7` is the session of account 7, `key:7` its key.
        desks: accounts of street desks, with their place; `wide` those of districts.
    """

    port: int
    desks: dict[str, int]
    wide: dict[str, int]
    heads: dict[str, str] = field(default_factory=dict)
    dice: random.Random = field(default_factory=lambda: random.Random(20))

    def plan(self, requests: list[Request], connections: int, rate: float = 0.0) -> Plan:
        """A plan for the client, with the heads that its requests need."""
        who = {one.who for one in requests}
        return Plan("127.0.0.1", self.port, connections, {w: self.head(w) for w in who}, requests, rate)

    def head(self, who: str) -> str:
        """The head of somebody's requests; a session or a key is made at the first call."""
        if who not in self.heads:
            sort, _, account = who.partition(":")
            self.heads[who] = _session(int(account)) if sort == "page" else _key(int(account))
        return self.heads[who]


def served(home: Path) -> City:
    """Start the server on a free port and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "LINLI_API_A_MINUTE": "100000000"}
    command = [*_LINLI, "serve", "--port", str(port), "--processes", str(PROCESSES)]
    with (home / "serve.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=log, stderr=log)
    atexit.register(_stop, server)
    until = time.monotonic() + _READY_SECONDS
    while not _answers(port):
        if time.monotonic() > until or server.poll() is not None:
            sys.exit(f"The server did not start: {home / 'serve.log'}")
        time.sleep(0.3)
    from linli.demo.staff import staff_at

    staff = staff_at(datetime.now(UTC))
    held = {place: found[0] for (role, place), found in staff.by_place.items() if role == "duty_desk"}
    return City(port, {p: a for p, a in held.items() if len(p) == 9}, {p: a for p, a in held.items() if len(p) < 9})


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(30)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _session(account: int) -> str:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from linli.web.signin.middleware import ENROLLED

    client = Client()
    users = get_user_model().objects.filter(pk=account)
    users.filter(password__startswith="!").update(password="pbkdf2_sha256$1$salt$hash")
    client.force_login(users.get())
    session = client.session
    session[ENROLLED] = True
    session.save()
    return f"Cookie: sessionid={client.cookies['sessionid'].value}\r\nAccept-Language: zh\r\n"


def _key(account: int) -> str:
    from linli.access.selectors import system_actor
    from linli.access.services import KeyDraft, key_add
    from linli.api.scopes import Scope

    now = datetime.now(UTC)
    scopes = [str(scope) for scope in Scope]
    key = key_add(KeyDraft(account, "bench", scopes, now + timedelta(days=30)), system_actor(), now)
    return f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"


def pages(city: City, number: int) -> list[Request]:
    """So many of each page, in any order: by street desks, every sixth by the desk of the whole district."""
    from linli.cases.reading import run

    found: list[Request] = []
    streets = sorted(city.desks)
    for count in range(number):
        street = city.dice.choice(streets)
        wide = city.dice.choice(sorted(city.wide)) if count % 6 == 0 else ""
        who = f"page:{city.wide[wide] if wide else city.desks[street]}"
        cases = run(_SOME, {"place": f"{street}%", "open": count % 3 != 0, "most": _CASES_OF_A_DESK}).fetchall()
        no, text = city.dice.choice(cases)
        found += [
            Request(
                "queue", "GET", city.dice.choice(("/desk/queue", "/desk/queue?view=all", "/desk/queue?view=late")), who
            ),
            Request("filter", "GET", f"/desk/queue?view=all&place={street}&{city.dice.choice(_FILTERS)}", who),
            Request("case", "GET", f"/desk/case/{no}", who),
            Request("search_rare", "GET", f"/desk/search?q={text.rpartition('，')[2]}".removesuffix("附近"), who),
            Request("search_common", "GET", f"/desk/search?q={city.dice.choice(_COMMON)}", who),
            Request("map", "GET", f"/desk/map?place={street}" if not wide else "/desk/map", who),
        ]
    city.dice.shuffle(found)
    return [one._replace(path=_escaped(one.path)) for one in found]


_SOME = (
    "SELECT c.no, c.task_text FROM cases_case c WHERE c.place LIKE %(place)s::text AND c.compartment = 'open'"
    " AND (c.closed_at IS NULL) = %(open)s::boolean AND c.external_id LIKE 'load-%%' LIMIT %(most)s"
)
_FILTERS = ("state=signed&due=soon", "state=in_hand&due=late", "state=in_hand&state=signed&due=today", "due=soon")
_COMMON = ("垃圾", "停车", "路灯", "噪音", "井盖", "占道")


def _escaped(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/?&=")


def reports(city: City, number: int) -> Iterator[Request]:
    """Reports as a hotline hands them in, in the words of the demo's messages, at points of the ground; half are unclassed."""
    from linli.cases.reading import run

    spots = run("SELECT lon, lat FROM cases_case WHERE lon IS NOT NULL ORDER BY id DESC LIMIT 20000", {}).fetchall()
    with MESSAGES.open(encoding="utf-8", newline="") as lines:
        messages = list(csv.DictReader(lines))
    desk = next(iter(city.wide.values()))
    for count in range(number):
        message, (lon, lat) = city.dice.choice(messages), city.dice.choice(spots)
        body = {
            "request_id": str(uuid4()), "channel": "hotline", "title": message["title"],
            "text": message["text"], "point": {"lon": lon + city.dice.uniform(-1e-4, 1e-4), "lat": lat},
            "matter": message["matter"] if count % 2 else "",
            "contact": {"name": "一二三", "phone": "13900000000", "address": "某小区一栋一单元"},
        }  # fmt: skip
        yield Request("report", "POST", "/api/v1/cases", f"key:{desk}", json.dumps(body, ensure_ascii=False))


def steps(city: City) -> Iterator[Request]:
    """One step in each open case that waits for its body: signed, contacted, begun, answered, by the body's handler."""
    from linli.cases.reading import run
    from linli.demo.staff import staff_at

    staff = staff_at(datetime.now(UTC))
    rows = run(_WAITING, {}).fetchall()
    city.dice.shuffle(rows)
    for no, kind, state, owner in rows:
        account = staff.worker_of(owner)
        if account is None:
            continue
        step, form = _next(kind, state)
        body = json.dumps({"request_id": str(uuid4()), "form": form}, ensure_ascii=False)
        yield Request("step", "POST", f"/api/v1/cases/{no}/steps/{step}", f"key:{account}", body)


_WAITING = (
    "SELECT c.no, c.kind, c.state, c.owner FROM cases_case c WHERE c.closed_at IS NULL AND c.owner IS NOT NULL"
    " AND c.state IN ('dispatched', 'signed', 'contacted', 'in_hand') AND c.external_id LIKE 'load-%%'"
)


def _next(kind: str, state: str) -> tuple[str, dict[str, str]]:
    if state == "dispatched":
        return "sign", {}
    if state == "signed":
        return ("begin", {}) if kind == "event" else ("contact", {"way": "phone"})
    if state == "contacted":
        return "begin", {}
    said = {"result": "solved", "words": "已处理完毕，请核实。"}
    return ("feed_back", said) if kind == "event" else ("reply", said)
