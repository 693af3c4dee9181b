"""Who gets what: every operation, every kind of caller, the status expected. Reviewed like a decision, because it is one.

    none     no key            narrow   a key of the desk, made for something else
    mo       no post           fang     grid worker there       han    the body at work     duan   desk there
    deng     desk elsewhere    tan      receiver of sealed reports     beth   an administrator     shen   auditor there

`{no}` is an open case in the sanitation team's hands, `{sealed}` one that accuses the street's enforcement team, which its
receiver has opened with a reason. Behind a
private link stands its reporter, whoever brings it.
"""

from __future__ import annotations

CALLERS = ("none", "narrow", "mo", "fang", "han", "duan", "deng", "tan", "beth", "shen")

_EACH_KEY = (401, 403, 200, 200, 200, 200, 200, 200, 200, 200)
_IN_SIGHT = (401, 403, 404, 200, 200, 200, 404, 404, 404, 200)
_DESKS = (401, 403, 404, 404, 404, 200, 404, 404, 404, 404)
_RECEIVER = (401, 403, 404, 404, 404, 404, 404, 200, 404, 404)
_WORKERS = (401, 403, 403, 200, 200, 200, 200, 200, 403, 200)
_NOBODY = (401, 403, 404, 404, 404, 404, 404, 404, 404, 404)

Row = tuple[str, str, tuple[int, ...]]

READS: tuple[Row, ...] = (
    ("GET", "/cases/{no}", _IN_SIGHT),
    ("GET", "/cases/{no}/desk", _DESKS),
    ("GET", "/cases/{no}/history", _IN_SIGHT),
    ("GET", "/cases/{no}/why", _IN_SIGHT),
    ("GET", "/cases/{no}/steps", _IN_SIGHT),
    ("GET", "/cases/{no}/attachments", _IN_SIGHT),
    ("GET", "/cases/{no}/attachments/{photo}", _IN_SIGHT),
    ("GET", "/cases/{sealed}", _RECEIVER),
    ("GET", "/cases/{sealed}/desk", _RECEIVER),
    ("GET", "/cases/{sealed}/history", _RECEIVER),
    ("GET", "/cases/{sealed}/why", _RECEIVER),
    ("GET", "/cases/{sealed}/steps", _RECEIVER),
    ("GET", "/cases/{sealed}/attachments", _RECEIVER),
    ("GET", "/cases/{sealed}/attachments/{photo}", _NOBODY),
    ("GET", "/follow", _EACH_KEY),
    ("GET", "/queues/{queue}", _EACH_KEY),
    ("GET", "/places", _EACH_KEY),
    ("GET", "/places/locate", _EACH_KEY),
    ("GET", "/places/{code}", _EACH_KEY),
    ("GET", "/matters", _EACH_KEY),
    ("GET", "/matters/{matter}", _EACH_KEY),
    ("GET", "/rules", _EACH_KEY),
    ("GET", "/rules/kinds", _EACH_KEY),
    ("GET", "/rules/{key}", _EACH_KEY),
    ("GET", "/answers", _WORKERS),
)

WRITES: tuple[Row, ...] = (
    ("POST", "/cases", (401, 403, 201, 201, 201, 201, 201, 201, 201, 201)),
    ("POST", "/attachments", (401, 403, 201, 201, 201, 201, 201, 201, 201, 201)),
    ("POST", "/follow/remind", _EACH_KEY),
    ("POST", "/follow/add", _EACH_KEY),
    ("POST", "/follow/correct", _EACH_KEY),
    ("POST", "/follow/withdraw", _EACH_KEY),
    ("POST", "/follow/rate", _EACH_KEY),
    ("POST", "/cases/{no}/steps/note", (401, 403, 404, 200, 200, 200, 404, 404, 404, 403)),
    ("POST", "/cases/{sealed}/steps/note", _RECEIVER),
)
