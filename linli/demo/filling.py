"""`linli demo --load N`: where a load goes, and what is printed of it.

It fills the demo that is there. An installation that holds nothing else gets a city founded long enough ago for the load's
days; those are not sealed yet. In a demo with sealed days everything older is written down after them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from linli.cases.courses import Written
from linli.cli import output
from linli.demo import fresh
from linli.demo.city import city_found
from linli.demo.load import DAYS, LoadPlan, told
from linli.demo.loading import Loaded, load
from linli.demo.plan import DemoPlan, Week
from linli.demo.stages import Stages
from linli.journal.sealing import stored_seals
from linli.journal.seals import bounds
from linli.journal.tasks import ensure_partitions
from linli.kernel.errors import SetupError

_MONTHS = DAYS // 28 + 2


def load_command(plan: DemoPlan, number: int, now: datetime, *, anew: bool, as_json: bool) -> None:
    """Fill this installation with so many cases, and print how fast.

    Args:
        plan: of the demo; its seed is the load's, its ground is built where there is none.
        number: how many cases.
        now: aware UTC.
        anew: clear what is there first.
        as_json: print one document.

    Raises:
        SetupError: this load is here already; the installation holds something else.
    """
    stages = Stages(quiet=as_json)
    found = fresh.look()
    if anew or found.state in ("empty", "begun"):
        _build(plan, now, stages)
    elif any(load["seed"] == plan.seed for load in found.loads):
        raise SetupError(
            f"A load with the seed {plan.seed} is here already.",
            code="demo.load_again",
            hint="Another --seed adds other cases; --anew clears everything first.",
        )
    wanted = LoadPlan(number, plan.seed, now, _open_since(now))
    ensure_partitions(wanted.recorded_from, _MONTHS)
    stages.tell(f"{number} cases over {DAYS} days")

    def progress(batches: Iterable[Written], total: int) -> Iterable[Written]:
        return output.progress(batches, label="cases", total=total)

    loaded = load(wanted, progress, stages.tell)
    fresh.note(fresh.LOADED, told(wanted), datetime.now(UTC))
    document = _document(loaded, stages.seconds)
    output.emit(document, as_json=as_json, show=lambda: output.facts(document, title="The load"))


def _open_since(now: datetime) -> datetime:
    """From when on days take entries, as far back as the load goes."""
    first = now - timedelta(days=DAYS)
    return max([first, *(bounds(seal.day)[1] for seal in stored_seals())])


def _build(plan: DemoPlan, now: datetime, stages: Stages) -> None:
    """A city without a week, founded before the first of the load's days."""
    monday = plan.week.monday - timedelta(days=DAYS // 7 * 7 + 14)
    founded = replace(plan, week=Week(monday))
    stages.tell("a fresh database, its rules published")
    fresh.make_anew(founded, now, stages.tell)
    fresh.commit_lazily()
    fresh.mark(fresh.BEGUN, founded, founded.week.founded)
    city_found(founded, stages.tell, lambda posts: output.progress(posts, label="staff", total=len(posts)))
    fresh.mark(fresh.BUILT, founded, founded.week.founded)


def _document(loaded: Loaded, seconds: int) -> dict[str, object]:
    return {
        "cases": loaded.cases,
        "entries": loaded.entries,
        "cases_per_second": loaded.per_second,
        "seconds_of_cases": round(loaded.seconds, 1),
        "seconds_of_indexes": round(loaded.beside.get("indexes", 0), 1),
        "seconds_of_search": round(loaded.beside.get("search", 0), 1),
        "seconds_of_statistics": round(loaded.beside.get("analyze", 0), 1),
        "seconds_in_all": seconds,
    }
