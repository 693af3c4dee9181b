"""The keys of the desk in words, for the page that lists them. What presses them is `frontend/keys.js`; each has a link or a button."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def key_groups() -> Groups:
    """Groups of keys: where they work, then each key with what it does."""
    return (
        (
            _("Everywhere"),
            (
                ("/", _("Search")),
                ("g q", _("Queue")),
                ("g c", _("Take a call")),
                ("g m", _("Map")),
                ("n", _("New case")),
                ("?", _("These keys")),
                ("Esc", _("Close, then back")),
                ("Ctrl+Enter", _("Send the form")),
            ),
        ),
        (
            _("In the queue"),
            (
                ("j", _("Down")),
                ("k", _("Up")),
                ("Enter", _("Open the case")),
                ("o", _("Preview beside the list, on wide screens")),
                ("x", _("Select")),
                ("Shift+x", _("Select up to here")),
                ("f", _("Filter")),
                ("v", _("Saved views")),
                ("e", _("Export Excel")),
            ),
        ),
        (
            _("On a case"),
            (
                ("s", _("The step that leads")),
                (".", _("All steps")),
                ("r", _("Reply to the resident")),
                ("t", _("What happened")),
                ("w", _("Why the limit")),
                ("d", _("Alike cases, side by side")),
                ("[", _("The case before, in the queue")),
                ("]", _("The next case, in the queue")),
            ),
        ),
    )
