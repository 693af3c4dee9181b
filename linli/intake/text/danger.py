"""Words of danger and of protected matters: both are flagged at once, and neither keeps a report from being taken in.

Is: the finds, by list. Is not: a diagnosis; a named receiver decides, and the pack says which list speaks of which
matter. A find is on the safe side: one word is enough, set phrases that only look like one are left out.
"""

from __future__ import annotations

from linli.intake.text.lists import Found, WordLists

DANGER = "danger"
PROTECTED = "protected"


def dangers(text: str, lists: WordLists) -> tuple[Found, ...]:
    """Lists of danger of which the text contains words.

    Args:
        text: title and words of a report.
        lists: of the pack.

    Source: Beijing 12345 Regulation art 11: urgent and dangerous matters go to 110, 119, 120, 122 at once.
    """
    return lists.found(DANGER, text)


def protections(text: str, lists: WordLists) -> tuple[Found, ...]:
    """Lists of protected matters of which the text contains words."""
    return lists.found(PROTECTED, text)
