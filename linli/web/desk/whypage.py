"""Why: of a deadline stretch by stretch, of an owner rule by rule, of a matter word by word, each with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.deskcase import CaseFile
from linli.cases.domain import ClockFact
from linli.cases.rules import rules_for
from linli.kernel.stretches import Stretch, StretchRule
from linli.kernel.stretches import explain as stretches_of
from linli.web.base.words import clock_time, limit_words, local, plain_day, span_words, titled, weekday, when_exact
from linli.web.desk.rulecard import RuleCard, rule_card

STRIP_WIDTH = 960
_MOST_SEGMENTS = 14
_LEAST_WIDTH = 26

RULES: Mapping[StretchRule, Promise] = {
    StretchRule.CLOCK_HOUR: gettext_lazy("by the clock, day and night"),
    StretchRule.OPEN: gettext_lazy("working hours"),
    StretchRule.WORKDAY: gettext_lazy("workday"),
    StretchRule.MAKEUP: gettext_lazy("workday in exchange for a holiday"),
    StretchRule.DAY: gettext_lazy("calendar day"),
    StretchRule.SAME_DAY: gettext_lazy("same day, counted already"),
    StretchRule.PAUSED: gettext_lazy("paused"),
    StretchRule.START_DAY: gettext_lazy("the day it began does not count"),
    StretchRule.BEFORE_OPENING: gettext_lazy("before working hours"),
    StretchRule.BREAK: gettext_lazy("midday break"),
    StretchRule.AFTER_CLOSING: gettext_lazy("after working hours"),
    StretchRule.REST: gettext_lazy("weekend"),
    StretchRule.HOLIDAY: gettext_lazy("holiday"),
    StretchRule.UNFINISHED: gettext_lazy("the day was not over"),
}


LOST: Mapping[str, Promise] = {
    "outranked": gettext_lazy("It fitted as well; another rule says more about this case."),
    "place": gettext_lazy("It is for another place."),
    "place_class": gettext_lazy("It is for another class of ground."),
    "hours": gettext_lazy("It is for other hours."),
    "channel": gettext_lazy("It is for another channel."),
    "day": gettext_lazy("It does not hold on that day."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of the sum: from, to, whether it counts, why, how much."""

    start: str
    end: str
    counted: bool
    why: str
    amount: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the drawn strip, in pixels; `words` inside it, `below` under it."""

    x: float
    width: float
    counted: bool
    words: str
    below: str

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class ClockWhy:
    """Why a clock is due when it is."""

    anchor: str
    name: str
    lead: str
    due: str
    outcome: str
    late: bool
    lines: tuple[Line, ...]
    total: str
    segments: tuple[Segment, ...]
    card: RuleCard | None
    stands: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One step of a chain of reasons: what, its value, and what it rests on."""

    title: str
    value: str
    rests_on: str = ""


def deadlines(file: CaseFile, at: datetime) -> list[ClockWhy]:
    """Every clock of a case, the one that runs and is nearest first."""
    last = datetime.max.replace(tzinfo=at.tzinfo)
    order = {"running": 0, "paused": 1, "stopped": 2}
    clocks = sorted(file.clocks, key=lambda c: (order[c.state], c.due_at or last, -(c.id or 0)))
    return [_clock(clock, file, at) for clock in clocks]


def _clock(clock: ClockFact, file: CaseFile, at: datetime) -> ClockWhy:
    facts = file.facts
    rules = rules_for(file.seen.snapshot, facts.place, facts.opened_at)
    stretches = stretches_of(rules.counted_on(clock.calendar), clock.work)
    limit = limit_words(" + ".join(f"{one.amount} {one.unit}" for one in (clock.work.limit, *clock.work.extensions)))
    name = titled(file.seen.procedure.titles.get(f"clock.{clock.name}", {"zh": clock.name}))
    since = when_exact(clock.work.started_at, at)
    whole = all(one.counted for one in stretches)
    words = (
        _("{since}: {name} has {limit}, and all time counts; so the latest is ")
        if whole
        else _("{since}: {name} has {limit}. What does not count is shown; so the latest is ")
    )
    lead = words.format(since=since, name=name, limit=limit)
    return ClockWhy(
        anchor=f"c{clock.id}",
        name=name,
        lead=lead,
        due=when_exact(clock.due_at, at) if clock.due_at else _("open: it is paused"),
        outcome=_outcome(clock, at),
        late=clock.outcome == "late" or (clock.state == "running" and clock.due_at is not None and at > clock.due_at),
        lines=tuple(_lines(stretches, at)),
        total=limit,
        segments=tuple(_segments(stretches, at)),
        card=rule_card(clock.rule, clock.name, file),
        stands=clock.state == "paused",
    )


def _outcome(clock: ClockFact, at: datetime) -> str:
    if clock.state != "stopped" or clock.stopped_at is None:
        return ""
    words = _("done {at}, in time") if clock.outcome == "in_time" else _("done {at}, late")
    return words.format(at=when_exact(clock.stopped_at, at))


# the sum


def _lines(stretches: Sequence[Stretch], at: datetime) -> Iterator[Line]:
    """Stretches of one kind that touch are one line."""
    for (counted, rule, name), run in groupby(stretches, key=lambda s: (s.counted, s.rule, s.day_name)):
        group = list(run)
        amount = sum(one.amount for one in group)
        yield Line(
            start=_moment(group[0].start, at),
            end=_moment(group[-1].end, at),
            counted=counted,
            why=f"{RULES[rule]} {name}".strip(),
            amount=_amount(amount, rule) if counted else "0",
            unsure=any(one.provisional for one in group),
        )


def _moment(at: datetime, now: datetime) -> str:
    day = local(at).date()
    return f"{weekday(day)} {plain_day(day, local(now).date())} {clock_time(at)}"


def _amount(amount: int, rule: StretchRule) -> str:
    if rule in (StretchRule.WORKDAY, StretchRule.MAKEUP):
        return limit_words(f"{amount} workday")
    return limit_words(f"{amount} day") if rule is StretchRule.DAY else span_words(amount)


# the strip


def _segments(stretches: Sequence[Stretch], at: datetime) -> list[Segment]:
    """The way from start to deadline as a strip: counted time to scale, uncounted nights and weekends narrower."""
    pieces = [list(run) for _key, run in groupby(stretches, key=lambda s: (s.counted, s.day if s.counted else None))]
    if len(pieces) > _MOST_SEGMENTS:
        pieces = [list(run) for _key, run in groupby(stretches, key=lambda s: s.counted)]
    weights = [_weight(group) for group in pieces]
    room = STRIP_WIDTH - _LEAST_WIDTH * len(pieces)
    scale = max(room, 0) / (sum(weights) or 1)
    found, x = [], 0.0
    for group, weight in zip(pieces, weights, strict=True):
        width = _LEAST_WIDTH + weight * scale
        found.append(_segment(group, (x, width), at))
        x += width
    return found


def _weight(group: Sequence[Stretch]) -> float:
    minutes = (group[-1].end - group[0].start).total_seconds() / 60
    return minutes if group[0].counted else minutes / 4


def _segment(group: Sequence[Stretch], box: tuple[float, float], at: datetime) -> Segment:
    x, width = box
    first = group[0]
    day = local(first.start).date()
    inside = _amount(sum(one.amount for one in group), first.rule) if first.counted else ""
    reasons = dict.fromkeys(str(RULES[one.rule]) for one in group if not one.counted)
    below = f"{weekday(day)} {plain_day(day, local(at).date())}" if first.counted else ", ".join(reasons)
    is_wide, is_very_wide = width > 74, width > 96
    return Segment(
        round(x, 1), round(width, 1), first.counted, inside if is_wide else "", below if is_very_wide else ""
    )


# owner and matter


def owner_chain(file: CaseFile, bodies: Mapping[int, str], places: Mapping[str, str]) -> list[Fact]:
    """From place and matter by the row that won to the body."""
    facts = file.facts
    route = facts.why.get("route")
    trace: Mapping[str, object] = route if isinstance(route, Mapping) else {}
    rules = rules_for(file.seen.snapshot, facts.place, facts.opened_at)
    matter = rules.matter(facts.matter)
    role = str(trace.get("role", ""))
    title = file.seen.snapshot.section("roles").get(role, {}).get("title")
    chain = [
        Fact(_("Place"), " › ".join(places.values()) or _("Still to be located")),
        Fact(
            _("Matter"), titled({"zh": matter.title_zh, "en": matter.title_en}) if matter else _("Still to be classed")
        ),
    ]
    if trace:
        row = str(trace.get("row", "")) or _("no row fitted")
        chain.append(Fact(_("Rule of dispatch"), row, _won_words(file, trace)))
        chain.append(Fact(_("Duty"), titled(title) if isinstance(title, Mapping) else role))
    chain.append(Fact(_("Body"), bodies.get(facts.owner or 0, _("Nobody yet"))))
    return chain


def _won_words(file: CaseFile, trace: Mapping[str, object]) -> str:
    won = trace.get("won")
    cited = str(won.get("source") or "") if isinstance(won, Mapping) else ""
    return "; ".join(f"{one.title} {one.locator}".strip() for one in file.seen.snapshot.source(cited)) if cited else ""


def rows_lost(file: CaseFile) -> list[Fact]:
    """Rows that named the matter and did not win, and why."""
    route = file.facts.why.get("route")
    lost = route.get("lost") if isinstance(route, Mapping) else None
    rows = [one for one in lost if isinstance(one, Mapping)] if isinstance(lost, list) else []
    return [Fact(str(one["row"]), str(LOST.get(str(one["why"]), one["why"]))) for one in rows]


def matter_facts(file: CaseFile) -> list[Fact]:
    """How the matter was found: by whom, how surely, from which words, and what came next."""
    facts = file.facts
    why = facts.why.get("matter")
    told: Mapping[str, object] = why if isinstance(why, Mapping) else {}
    rules = rules_for(file.seen.snapshot, facts.place, facts.opened_at)
    matter = rules.matter(facts.matter)
    found = [
        Fact(
            _("Matter"), titled({"zh": matter.title_zh, "en": matter.title_en}) if matter else _("Still to be classed")
        )
    ]
    by = {"machine": _("Suggested by the system"), "person": _("Chosen by a person"), "given": _("Given by the sender")}
    found.append(Fact(_("By whom"), by.get(facts.matter_by, facts.matter_by)))
    if facts.confidence is not None:
        found.append(Fact(_("How sure"), f"{round(facts.confidence / 10)}%"))
    words = told.get("catalogue_words")
    if isinstance(words, list) and words:
        found.append(Fact(_("Words that decided"), _(", ").join(str(one) for one in words)))
    runner = rules.matter(str(told.get("runner_up", ""))) if told.get("runner_up") else None
    if runner:
        found.append(Fact(_("Next likely"), titled({"zh": runner.title_zh, "en": runner.title_en})))
    if matter:
        found.append(Fact(_("When it is filed"), matter.filing))
        found.append(Fact(_("When it is closed"), matter.closing))
    return [one for one in found if one.value]
