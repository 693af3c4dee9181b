"""Refusals in the reader's language. Below the pages they are English sentences with a stable code; here they become words.

Every sentence is a msgid by itself, so that the catalogue translates what `Denied` and errors say; a sentence without a
translation is shown as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from linli.kernel.errors import LinliError

BY_CODE: Mapping[str, Promise] = {
    "case.step_not_from_here": gettext_lazy("The case has moved on: this step no longer fits."),
}
"""Sentences for errors that name things of the procedure in theirs."""

WHOLE: Mapping[str, Promise] = {
    "journal.request_reused": gettext_lazy(
        "This form was sent already, with other words in it. Look at what happened, then send it once more."
    ),
}
"""Sentences for errors whose own, and whose hint, are for machines."""


def refusal_words(error: LinliError) -> str:
    """An error's sentence and its hint, translated."""
    if error.code in WHOLE:
        return str(WHOLE[error.code])
    words = str(BY_CODE.get(error.code) or gettext(error.message))
    return f"{words} {gettext(error.hint)}" if error.hint else words
