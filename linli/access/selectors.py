"""Reads of accounts: an actor with the posts held at an instant, keys, ties. Never a password."""

from __future__ import annotations

from linli.organisations.selectors import HOLDINGS_SQL

__all__ = ["HOLDINGS_SQL"]
