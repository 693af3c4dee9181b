"""Words for what narrows a limit: a condition of the place or of the matter, as packs name it by a code."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

_CONDITIONS: Mapping[str, Promise] = {
    "bare_soil": gettext_lazy("bare soil"),
    "blocks_traffic": gettext_lazy("it blocks traffic"),
    "broken": gettext_lazy("it is broken"),
    "danger": gettext_lazy("there is danger"),
    "enquiry": gettext_lazy("it is a question"),
    "live_wire": gettext_lazy("a wire is live"),
    "muck_heap": gettext_lazy("a heap of building waste"),
}
"""A condition that a pack adds is shown by its code."""


def condition_words(code: str) -> str:
    """A condition in the language of the page."""
    return str(_CONDITIONS.get(code, code))
