"""Who may open the pages of the duty desk: whoever holds a post of a desk today."""

from __future__ import annotations

from linli.web.base.pages import Policy, keeps_a_desk

DUTY = Policy("duty", True, keeps_a_desk)
