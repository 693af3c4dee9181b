"""Who may take calls and see what was promised: posts that run the queue of a place."""

from __future__ import annotations

from linli.web.base.pages import Policy, keeps_a_desk

TAKES_CALLS = Policy("takes_calls", True, keeps_a_desk)
