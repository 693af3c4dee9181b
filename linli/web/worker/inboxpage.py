"""The inbox as a page: work by its limit in four groups, each row with when, what, where and the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.inbox import BY_LIMIT, Nights, WorkLine, work_counts, work_page
from linli.cases.nextstep import asked_first, onward, place_relations
from linli.cases.rules import procedure_for
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, cursor_of
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import place_names
from linli.web.base.marks import Mark, state_mark
from linli.web.base.words import clock_time, english, left_words, local, plain_day, titled, weekday
from linli.web.desk.live import live_for, warned_at
from linli.web.desk.rows import place_words
from linli.web.worker.shell import codes_of

GROUPS: Mapping[str, object] = {
    "late": gettext_lazy("Late"),
    "today": gettext_lazy("Today"),
    "tomorrow": gettext_lazy("Tomorrow"),
    "later": gettext_lazy("Later"),
}
_PART_RELATIONS = {"lead": frozenset({"owner"}), "co": frozenset({"co_owner"})}


@dataclass(frozen=True, slots=True)
class Item:
    """One row. `time` and `left` stand at the left, in the colour of `tone`; `next` is the step that is asked for."""

    no: str
    title: str
    time: str
    left: str
    tone: str
    place: str
    voices: int
    mark: Mark
    next: str


@dataclass(frozen=True, slots=True)
class Group:
    """Work due by then, with how much there is of it in all."""

    name: str
    title: str
    count: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class InboxView:
    """What the template shows. `next` is the cursor of the page after this one."""

    groups: tuple[Group, ...]
    day: str
    next: str
    first: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits at all."""
        return not any(group.count for group in self.groups)


def inbox_page(actor: Actor, at: datetime, *, after: After | None, limit: int) -> InboxView:
    """The inbox of a person; four queries, however long it is.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
        after: where the page before ended.
        limit: most rows.
    """
    live, nights = live_for(actor, at), nights_of(at)
    page = work_page(actor, live.procedures, after=after, limit=limit)
    counts = work_counts(actor, live.procedures, nights)
    names = place_names({code for line in page.rows for code in codes_of(line.place)[2:]}, at)
    grouped: dict[str, list[Item]] = {name: [] for name in GROUPS}
    for line in page.rows:
        grouped[_group(line.due, nights)].append(_item(line, actor, names, nights))
    groups = tuple(
        Group(name, str(title), getattr(counts, name), tuple(grouped[name])) for name, title in GROUPS.items()
    )
    return InboxView(groups, today_words(at), cursor_of(BY_LIMIT, page.after) if page.after else "", after is None)


def nights_of(at: datetime) -> Nights:
    """Where today and tomorrow end in China."""
    tonight = local(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Nights(at, tonight, tonight + timedelta(days=1))


def today_words(at: datetime) -> str:
    """Today and the time, as the head of a page says them."""
    here = local(at)
    day = plain_day(here.date(), here.date()) if english() else f"{here.month} 月 {here.day} 日"
    return f"{day}\u3000{weekday(here.date())} {clock_time(at)}"


def _group(due: datetime | None, nights: Nights) -> str:
    if due is None or due >= nights.next_night:
        return "later"
    if due < nights.at:
        return "late"
    return "today" if due < nights.tonight else "tomorrow"


def _item(line: WorkLine, actor: Actor, names: Mapping[str, str], nights: Nights) -> Item:
    procedure = procedure_for(snapshot_by_hash(line.snapshot), line.kind)
    mark = state_mark(procedure, line.state, redone=line.again > 0)
    step = asked_first(list(onward(procedure, line.state)), _relations(line, actor), line.clock)
    time, left, tone = _when(line, nights)
    return Item(
        no=line.no,
        title=line.title,
        time=time,
        left=left,
        tone=tone,
        place=place_line(line.place, names),
        voices=line.voices,
        mark=mark,
        next=titled(procedure.titles[f"step.{step.id}"]) if step else mark.word,
    )


def place_line(place: str, names: Mapping[str, str]) -> str:
    """The two narrowest names of a place, as far as they are known."""
    return place_words(codes_of(place)[-2:], names)


def _relations(line: WorkLine, actor: Actor) -> frozenset[str]:
    """In which relations one stands to a piece of work, as far as its row tells."""
    if line.part:
        return _PART_RELATIONS[line.part]
    found: Sequence[frozenset[str]] = [
        place_relations(holding) for holding in actor.holdings if line.place.startswith(holding.place)
    ]
    return frozenset().union(*found)


def _when(line: WorkLine, nights: Nights) -> tuple[str, str, str]:
    """The time of the limit, the word under it, and its colour."""
    due, at = line.due, nights.at
    if due is None:
        return _("No limit"), "", ""
    today = local(at).date()
    near = due < nights.next_night and local(due).date() >= today
    time = clock_time(due) if near else plain_day(local(due).date(), today)
    if due < at:
        return time, left_words(due, at), "late"
    if at >= warned_at(line.snapshot, line.place, line.opened_at, due):
        return time, _("Soon"), "warn"
    return time, "" if near else f"{weekday(local(due).date())} {clock_time(due)}", ""
