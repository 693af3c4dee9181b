"""Refusals in the reader's language. Below the pages they are English sentences with a stable code; here they become words.

Every sentence is a msgid by itself, so that the catalogue translates what `Denied` and errors say; a sentence without a
translation is shown as it stands.
"""

from __future__ import annotations

from django.utils.translation import gettext

from linli.kernel.errors import LinliError


def refusal_words(error: LinliError) -> str:
    """An error's sentence and its hint, translated."""
    words = gettext(error.message)
    return f"{words} {gettext(error.hint)}" if error.hint else words
