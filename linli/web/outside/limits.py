"""How often: orders that did not open, by connection; steps, by order. Counted like everything residents try.

Only misses count, so that a firm with many orders is never stopped by its own work; who has missed too often finds nothing
for the rest of the stretch, not even what would open.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from linli.access.counting import counter
from linli.journal.keyring import key_ring
from linli.rules.parameters import Integer, Parameter
from linli.rules.snapshot import Rules
from linli.web.resident.limits import connection_of

WINDOW = Parameter("orders.window_minutes", Integer)
MISSES = Parameter("orders.misses_per_connection", Integer)
STEPS = Parameter("orders.steps_per_order", Integer)
_MINUTE = 60


def may_open(request: HttpRequest, rules: Rules, at: datetime) -> bool:
    """Whether this connection may still try to open an order."""
    return counter().counted(_name("miss", connection_of(request)), rules[WINDOW] * _MINUTE, at) < rules[MISSES]


def missed(request: HttpRequest, rules: Rules, at: datetime) -> None:
    """Count an order that did not open."""
    counter().count(_name("miss", connection_of(request)), rules[WINDOW] * _MINUTE, at)


def may_step(order: int, rules: Rules, at: datetime) -> bool:
    """Count a step sent with an order; whether it may still be taken."""
    return counter().count(_name("step", str(order)), rules[WINDOW] * _MINUTE, at) <= rules[STEPS]


def _name(what: str, who: str) -> str:
    # Under the key ring: nobody who has the table can try addresses out on it.
    return key_ring().fingerprint(f"order.{what}|{who}".encode()).hex()
