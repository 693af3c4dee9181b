"""Carrying out a decided step on values: bodies and clocks move, the case follows, the entry's data is written down.

The builder behind `decide.plan`; it lives for one step and makes no query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from linli.cases import clocks as moves
from linli.cases.domain import OPEN_BODY, Body, Bundle, CaseFacts, ClockFact, Effects, Longer, Mark, Send
from linli.cases.procedures.procedure import ClockMoves, Procedure
from linli.cases.rules import CaseRules
from linli.journal.domain import instant_text
from linli.kernel.worktime import Limit

DEGREE = 10_000_000
"""Parts of a degree in which the log holds a point."""
_NOT_LOGGED = frozenset({"title", "task_text", "lon", "lat", "why", "doers"})


class Work:
    """Bodies, clocks and facts while a step is carried out."""

    __slots__ = (
        "_at", "_bodies", "_bundle", "_clocks", "_log", "_new_bodies", "_procedure", "_received", "_replaced",
        "_rules", "_sent", "_who",
    )  # fmt: skip

    def __init__(
        self, bundle: Bundle, procedure: Procedure, rules: CaseRules, at: datetime, *, received: datetime | None = None
    ) -> None:
        """Begin. `received`: at opening, when the reporter's clock began to run."""
        self._bundle = bundle
        self._procedure = procedure
        self._rules = rules
        self._at = at
        self._received = received
        self._clocks = {(c.name, c.organisation): c for c in bundle.clocks}
        self._bodies: list[Body] = list(bundle.bodies)
        self._replaced: list[ClockFact] = []
        self._log: list[dict[str, object]] = []
        self._new_bodies: list[dict[str, object]] = []
        self._sent: list[int] = []
        self._who: list[tuple[int | None, int | None]] = list(bundle.case.doers)

    # bodies

    def bodies_move(self, effects: Effects, account: int | None) -> None:
        """Who leaves goes first, then who is newly sent comes, then the others move on."""
        for mark in effects.mark:
            if mark.state in ("ended", "returned"):
                self._mark(mark, account)
        for send in effects.send:
            self._send(send)
        for mark in effects.mark:
            if mark.state not in ("ended", "returned"):
                self._mark(mark, account)

    def staying(self) -> frozenset[int]:
        """Bodies whose part began before the step and is still open."""
        return frozenset(
            b.organisation for b in self._bodies if b.id is not None and b.role != "receiver" and b.state in OPEN_BODY
        )

    def _mark(self, mark: Mark, account: int | None) -> None:
        for index, body in enumerate(self._bodies):
            if body.organisation == mark.organisation and body.ended_at is None and self._fits(body, mark):
                self._bodies[index] = self._moved(body, mark)
                self._note(self._bodies[index])
                if mark.state == "done":
                    self._who.append((account, mark.organisation))
                elif mark.state in ("returned", "ended") and body.role != "receiver":
                    self._stop_of(mark.organisation)

    @staticmethod
    def _fits(body: Body, mark: Mark) -> bool:
        if mark.receiver is not None:
            named = (mark.receiver.account, mark.receiver.post)
            return body.role == "receiver" and (body.account, body.post) == named
        return mark.state == "ended" or body.role != "receiver"

    def _moved(self, body: Body, mark: Mark) -> Body:
        at = self._at
        if mark.state == "signed":
            return replace(body, state="signed", signed_at=at, deemed=mark.deemed)
        if mark.state == "done":
            return replace(body, state="done", done_at=at)
        if mark.state == "sent":
            return replace(body, state="sent", done_at=None)
        return replace(body, state=mark.state, ended_at=at)

    def _send(self, send: Send) -> None:
        if send.role != "receiver":
            self._make_room(send)
        body = Body(None, send.organisation, send.post, send.account, send.role, "sent", send.by, self._at)
        self._bodies.append(body)
        self._note(body)
        if send.role != "receiver":
            self._sent.append(send.organisation)

    def _make_room(self, send: Send) -> None:
        """There is one lead, and no body works twice on a case."""
        for body in tuple(self._bodies):
            leads = send.role == "lead" and body.role == "lead"
            if (
                body.role != "receiver"
                and body.state in OPEN_BODY
                and (leads or body.organisation == send.organisation)
            ):
                self._mark(Mark(body.organisation, "ended"), None)

    def _note(self, body: Body) -> None:
        note: dict[str, object] = {"organisation": body.organisation, "role": body.role, "state": body.state}
        if body.deemed:
            note["deemed"] = True
        if body.by == "machine":
            note["by"] = "machine"
        if body.post is not None:
            note["post"] = body.post
        if body.account is not None:
            note["account"] = body.account
        self._new_bodies.append(note)

    def _stop_of(self, organisation: int) -> None:
        for key, clock in self._clocks.items():
            if key[1] == organisation and clock.state != "stopped":
                self._put(moves.halt(clock, self._at), "stop")

    # clocks

    def alarm_rang(self, rang: ClockFact) -> None:
        """The clock that rang moves on to its next alarm, whatever the step does."""
        spec = self._procedure.clocks[rang.name]
        self._clocks[rang.name, rang.organisation] = moves.rung(rang, spec, self._rules)

    def clocks_move(self, step: ClockMoves, effects: Effects, organisation: int | None) -> None:
        """Stops, pauses, resumes, longer limits, then starts."""
        at, rules = self._at, self._rules
        for clock in self._named((*step.stop, *effects.stop), organisation):
            self._put(moves.halt(clock, at), "stop")
        for clock in self._named(step.pause, organisation):
            self._put(moves.hold(clock, rules, at), "pause")
        for clock in self._named(step.resume, organisation):
            self._put(moves.carry_on(clock, self._procedure.clocks[clock.name], rules, at), "resume")
        for longer in effects.longer:
            self._lengthen(longer)
        self._starts(step, effects, organisation)

    def _lengthen(self, longer: Longer) -> None:
        for clock in self._named(longer.names, longer.organisation):
            spec = self._procedure.clocks[clock.name]
            self._put(moves.lengthen(clock, spec, longer.limit, self._rules, self._at), "extend")

    def _starts(self, step: ClockMoves, effects: Effects, organisation: int | None) -> None:
        for name in (*step.start, *effects.start):
            # Shared handlers name clocks that not every kind has.
            if name.rstrip("*") in self._procedure.clocks:
                self._start(name.rstrip("*"), organisation)
        for until in effects.until:
            spec = self._procedure.clocks[until.name]
            self._put(moves.until_day(spec, until.day, self._rules, self._at), "start")

    def stop_all(self) -> None:
        """An end was reached: nothing runs any more."""
        for clock in list(self._clocks.values()):
            if clock.state != "stopped":
                self._put(moves.halt(clock, self._at), "stop")

    def _named(self, names: Iterable[str], organisation: int | None) -> list[ClockFact]:
        found = []
        for name in names:
            bare = name.rstrip("*")
            if bare not in self._procedure.clocks:
                continue
            body = self._procedure.clocks[bare].whose == "body"
            wanted = organisation if organisation is not None or not body else self._lead()
            found += [
                clock
                for clock in self._clocks.values()
                if clock.name == bare
                and clock.state != "stopped"
                and (not body or name.endswith("*") or clock.organisation == wanted)
            ]
        return found

    def _lead(self) -> int | None:
        return next((b.organisation for b in self._bodies if b.role == "lead" and b.state in OPEN_BODY), None)

    def _start(self, name: str, organisation: int | None) -> None:
        spec = self._procedure.clocks[name]
        whose: list[int | None] = [None]
        if spec.whose == "body":
            whose = [*self._sent] or [organisation if organisation is not None else self._lead()]
        timed = self._limit(spec.limit)
        since = self._received if self._received is not None and spec.whose == "reporter" else self._at
        for one in whose:
            known = self._clocks.get((name, one))
            if timed is not None and (known is None or known.state == "stopped"):
                if known is not None:
                    self._replaced.append(known)
                self._put(moves.begin(spec, one, timed, self._rules, since), "start")

    def _limit(self, keys: tuple[str, ...]) -> tuple[Limit, str] | None:
        return self._rules.clock_limit(keys, self._bundle.case.matter)

    def _put(self, clock: ClockFact, what: str) -> None:
        key = (clock.name, clock.organisation)
        if self._clocks.get(key) is clock:
            return
        self._clocks[key] = clock
        note: dict[str, object] = {"clock": clock.name, "do": what}
        if clock.organisation is not None:
            note["organisation"] = clock.organisation
        if clock.due_at is not None:
            note["due"] = instant_text(clock.due_at)
        if what == "start":
            note |= {"limit": f"{clock.work.limit.amount} {clock.work.limit.unit}", "rule": clock.rule}
        if clock.outcome:
            note["outcome"] = clock.outcome
        self._log.append(note)

    # what comes out

    def case_after(self, state: str, effects: Effects) -> CaseFacts:
        """The case's columns after the step."""
        case = self._bundle.case
        ended = state in self._procedure.ends
        lead = self._lead()
        counts = dict(case.counts)
        for name in effects.counts:
            counts[name] = counts.get(name, 0) + 1
        marks = {k: v for k, v in {**case.marks, **effects.marks}.items() if v is not None}
        changed: dict[str, object] = {"counts": counts, "marks": marks, "doers": tuple(self._who), **effects.facts}
        return replace(
            case,
            state=state,
            owner=case.owner if lead is None and ended else lead,
            closed_at=(case.closed_at or self._at) if ended else None,
            next_due_at=self.next_due(state),
            limit_at=self.nearest_limit(state),
            seq=self._bundle.head_seq + 1,
            **changed,  # type: ignore[arg-type]
        )

    def next_due(self, state: str) -> datetime | None:
        """When the next alarm of any clock rings; None where nothing rings."""
        if state in self._procedure.ends or state in self._procedure.rests:
            return None
        return min((c.next_at for c in self._clocks.values() if c.next_at is not None), default=None)

    def nearest_limit(self, state: str) -> datetime | None:
        """The nearest limit of the clocks that are not stopped, also one that has passed; None where the case rests."""
        if state in self._procedure.ends or state in self._procedure.rests:
            return None
        open_ones = (c.due_at for c in self._clocks.values() if c.state != "stopped" and c.due_at is not None)
        return min(open_ones, default=None)

    def changed_clocks(self) -> tuple[ClockFact, ...]:
        """Clocks that are new or other than they were read."""
        known = {id(c) for c in self._bundle.clocks}
        return tuple(c for c in (*self._replaced, *self._clocks.values()) if id(c) not in known)

    def changed_bodies(self) -> tuple[Body, ...]:
        """Bodies that are new or other than they were read."""
        known = {id(b) for b in self._bundle.bodies}
        return tuple(b for b in self._bodies if id(b) not in known)

    def entry_data(
        self, step: str, relation: str, after: CaseFacts, form: Mapping[str, object], effects: Effects
    ) -> dict[str, object]:
        """What the entry says: enough to fold the log back into the case's columns."""
        before = self._bundle.case
        data: dict[str, object] = {"step": step, "as": relation, "from": before.state, "to": after.state}
        parts: dict[str, object] = {
            "form": loggable(form),
            "facts": facts_logged(effects.facts),
            "counts": list(effects.counts),
            "marks": dict(effects.marks),
            "bodies": self._new_bodies,
            "clocks": self._log,
            **effects.data,
        }
        data.update({key: value for key, value in parts.items() if value})
        return data


def text_digest(title: str, task_text: str) -> str:
    """What binds the log to the texts of the case without holding them."""
    return sha256(f"{title}\n{task_text}".encode()).hexdigest()


def facts_logged(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as the log may hold them: no texts, a point as whole ten-millionths of a degree."""
    logged = {key: _plain(value) for key, value in facts.items() if key not in _NOT_LOGGED}
    lon, lat = facts.get("lon"), facts.get("lat")
    if isinstance(lon, float) and isinstance(lat, float):
        logged["point"] = [round(lon * DEGREE), round(lat * DEGREE)]
    return logged


def loggable(form: Mapping[str, object]) -> dict[str, object]:
    """Plain form fields without floats: a number with a point is kept in ten-millionths."""
    return {key: round(value * DEGREE) if isinstance(value, float) else value for key, value in form.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    return list(value) if isinstance(value, tuple) else value
