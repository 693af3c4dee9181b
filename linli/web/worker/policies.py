"""Who may open the worker's pages: whoever works on cases outside a desk."""

from __future__ import annotations

from linli.web.base.pages import Policy, holding_any

WORKER_ROLES = ("grid_worker", "community_worker", "handler", "head")

WORKER = Policy("worker", True, holding_any(*WORKER_ROLES))
