"""What a key may be made for. A scope opens operations; what is behind them is still decided by the holder's posts."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One scope an area and a way of using it; none contains another."""

    FILE = "cases:file"
    READ = "cases:read"
    STEP = "cases:step"
    ATTACH = "attachments:write"
    FOLLOW = "cases:follow"
    SPEAK = "cases:speak"
    QUEUES = "queues:read"
    PLACES = "places:read"
    MATTERS = "matters:read"
    RULES = "rules:read"
    ANSWERS = "answers:read"
