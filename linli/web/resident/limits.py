"""How often: counted by browser first, so that a neighbour behind the same address is never hurt; by connection only far above.

Is: counts in the database cache, over all workers, under hashes that end with their stretch. Is not: a list of anybody.
There is no captcha.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

from linli.access.counting import counter
from linli.journal.keyring import key_ring
from linli.rules.parameters import Integer, Parameter
from linli.rules.snapshot import Rules

WINDOW = Parameter("resident.window_minutes", Integer)
PER_BROWSER = Parameter("resident.reports_per_browser", Integer)
PER_CONNECTION = Parameter("resident.reports_per_connection", Integer)
GUESSES = Parameter("resident.guesses_per_connection", Integer)
FINDS = Parameter("resident.finds_per_connection", Integer)
FIND_TRIES = Parameter("resident.find_tries", Integer)
FIND_LOCK = Parameter("resident.find_lock_minutes", Integer)

_MINUTE = 60
_HOUSE_BITS = 64


def connection_of(request: HttpRequest) -> str:
    """The network address that asks; of IPv6 the part that a household has.

    Behind `settings.PROXIES` proxies of our own it is the address that the outermost of them saw.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = int(getattr(settings, "PROXIES", 0))
    passed = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if proxies and len(passed) >= proxies:
        address = passed[-proxies]
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        return str(int(known) >> _HOUSE_BITS)
    return str(known)


def browser_of(request: HttpRequest) -> str:
    """What tells one browser from another: its token against forged forms, which every form needs anyway."""
    return request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")


def may_report(request: HttpRequest, rules: Rules, at: datetime) -> bool:
    """Count a report; whether it may still be taken."""
    seconds = rules[WINDOW] * _MINUTE
    by_connection = _count("report", connection_of(request), seconds, at)
    browser = browser_of(request)
    by_browser = _count("report.browser", browser, seconds, at) if browser else 0
    return by_connection <= rules[PER_CONNECTION] and by_browser <= rules[PER_BROWSER]


def may_guess(request: HttpRequest, rules: Rules, at: datetime) -> bool:
    """Count a look at words being typed; whether it may still be had."""
    return _count("guess", connection_of(request), rules[WINDOW] * _MINUTE, at) <= rules[GUESSES]


def may_find(request: HttpRequest, number: str, rules: Rules, at: datetime) -> bool:
    """Count a try to find a number, whether there is one or not; whether it may still be tried."""
    by_connection = _count("find", connection_of(request), rules[WINDOW] * _MINUTE, at)
    by_number = _count("find.number", number, rules[FIND_LOCK] * _MINUTE, at)
    return by_number <= rules[FIND_TRIES] and by_connection <= rules[FINDS]


def _count(what: str, who: str, seconds: int, at: datetime) -> int:
    # Under the key ring: nobody who has the table can try addresses or numbers out on it.
    return counter().count(key_ring().fingerprint(f"resident.{what}|{who}".encode()).hex(), seconds, at)
