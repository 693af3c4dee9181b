"""The one place where areas are wired together: protected tables, reactions, checks, periodic jobs.

Everything is named by text (`module:attribute`) and found when it is needed, so that this list can be read at a
glance and imports nothing.
"""

from __future__ import annotations

APPEND_ONLY = ("journal_entry", "journal_seal")
"""Tables whose rows the app role may add and read, never change or remove."""

HIDDEN_FROM_READER = (
    "journal_personal",
    "journal_outbox",
    "journal_receipt",
    "cases_voice",
    "cases_compartment",
    "access_account",
    "access_apikey",
    "procrastinate",
    "django_session",
)
"""Tables (with all that begin with the name and `_`) that hold personal data, keys or words: statistics never see them."""
