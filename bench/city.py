"""A million cases behind the real server: pages, reports and steps over HTTP, and the share of a city's peak hour it holds.

The client runs on the same two cores. Every figure is of one run; a share of the peak is held when the 95th percentile of
every sort of request, timed from when it was to be sent, is at most 150 ms.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator

from bench._asked import Request, Seen, ask
from bench._city import CASES, City, calm, loaded_home, pages, reports, served, steps

OF_EACH_PAGE = int(os.environ.get("LINLI_BENCH_PAGES", "120"))
REPORTS, STEPS = 2_000, 3_000
CLIENTS_OF_REPORTS, CLIENTS_OF_STEPS, CLIENTS_OF_PEAK = 4, 4, 24
PEAK = {"report": 12, "step": 175, "page": 50}
"""A second of a city's peak hour."""
SHARES = (0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
SECONDS, WARM = 20, 4
MOST_MS = 150


def run() -> dict[str, float]:
    """Measure, print a line a figure, return the figures."""
    home, figures = loaded_home()
    from linli.app import ready

    ready.django()
    begun = time.perf_counter()
    calm()
    figures["city.seconds_until_calm"] = round(time.perf_counter() - begun)
    city = served(home)
    figures["city.cases"] = CASES
    waiting = steps(city)
    _warm(city, waiting)
    figures |= _pages(city)
    figures |= _reports(city)
    figures |= _steps(city, waiting)
    figures |= _peak(city, waiting)
    for name, figure in figures.items():
        print(f"{name:50} {figure:>12,.2f}")
    return figures


def _warm(city: City, waiting: Iterator[Request]) -> None:
    """All threads of both processes read their rules, compile their templates and plan their statements."""
    _told(city, [*pages(city, 30), *reports(city, 400), *itertools.islice(waiting, 600)], 8)


def _told(city: City, requests: list[Request], connections: int, rate: float = 0.0) -> Seen:
    seen = ask(city.plan(requests, connections, rate))
    if refused := seen.refused():
        print(f"  refused: {refused}")
    return seen


def _pages(city: City) -> dict[str, float]:
    seen = _told(city, pages(city, OF_EACH_PAGE), 2)
    return {f"pages.{name}_p95_ms": seen.p95(name) for name in sorted(seen.milliseconds)}


def _reports(city: City) -> dict[str, float]:
    seen = _told(city, list(reports(city, REPORTS)), CLIENTS_OF_REPORTS)
    return {
        "http.reports_per_second": round(seen.statuses["report"].get("201", 0) / seen.seconds, 1),
        "http.report_p95_ms": seen.p95(),
    }


def _steps(city: City, waiting: Iterator[Request]) -> dict[str, float]:
    asked = list(itertools.islice(waiting, STEPS))
    seen = _told(city, asked, CLIENTS_OF_STEPS)
    return {
        "http.steps_per_second": round(seen.statuses["step"].get("200", 0) / seen.seconds, 1),
        "http.step_p95_ms": seen.p95(),
    }


def _peak(city: City, waiting: Iterator[Request]) -> dict[str, float]:
    """The largest share that is held; the shares above are left out once one is not."""
    held = {"peak.share_held": 0.0}
    for share in SHARES:
        taken = list(itertools.islice(waiting, round(PEAK["step"] * share * (SECONDS + WARM))))
        if len(taken) < PEAK["step"] * share * SECONDS:
            print(f"  too few open cases are left for {share:.0%} of the peak")
            break
        seen = _share(city, taken, share)
        of_each = {name: seen.p95(name) for name in sorted(seen.milliseconds)}
        worst = max(of_each.values())
        print(f"  {share:.0%} of the peak: p95 {of_each} ms, {seen.seconds:.1f} s", flush=True)
        held[f"peak.p95_ms_at_{round(share * 100)}_percent"] = worst
        if worst > MOST_MS:
            break
        held["peak.share_held"] = share
    return held


def _share(city: City, taken: list[Request], share: float) -> Seen:
    """A stretch of the peak, everything mixed; the first seconds are not timed."""
    numbers = {name: round(number * share * (SECONDS + WARM)) for name, number in PEAK.items()}
    shown = itertools.islice(itertools.cycle(pages(city, 60)), numbers["page"])
    asked = [*shown, *reports(city, numbers["report"]), *taken]
    city.dice.shuffle(asked)
    rate = sum(PEAK.values()) * share
    first = round(rate * WARM)
    asked = [one._replace(what="warm") if n < first else one for n, one in enumerate(asked)]
    seen = _told(city, asked, CLIENTS_OF_PEAK, rate)
    seen.milliseconds.pop("warm", None)
    return seen


if __name__ == "__main__":
    run()
