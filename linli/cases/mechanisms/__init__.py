"""Forms and handlers that kinds share: what a procedure may name without writing it again.

One module a mechanism. A handler reads its turn and returns effects; it makes no query. States that a handler chooses
are named in the step's `may_reach`.
"""

from linli.cases.mechanisms import (
    bodies,
    calling,
    checking,
    compartments,
    filing,
    joining,
    longer,
    orders,
    receiving,
    releasing,
    reporters,
    residents,
)

MODULES = (
    bodies,
    calling,
    checking,
    compartments,
    filing,
    joining,
    longer,
    orders,
    receiving,
    releasing,
    reporters,
    residents,
)
