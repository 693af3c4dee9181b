"""What a reply template may leave open: the white list of placeholders, each with its meaning, and how they are filled. Pure.

Is: the one list. A template of a pack that names another is refused by `rules check`. Is not, and never becomes: anything
about a reporter; a template is read by every reporter of a joined case, and by whoever works on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]

HOLE = re.compile(r"\{([^\W\d][\w ]{0,19})\}")
"""A name in braces: what is still to be filled in."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One thing that a template leaves open.

    Attributes:
        zh, en: as it stands in the braces, by the language of the template.
        about: what it means, for whoever writes templates.
        from_case: the page fills it, where the case knows it; others a person fills in.
    """

    name: str
    zh: str
    en: str
    about: str
    from_case: bool = False

    def written(self, language: Language) -> str:
        """As it stands in a template of that language, with its braces."""
        return f"{{{self.zh if language == 'zh' else self.en}}}"


PLACEHOLDERS: tuple[Placeholder, ...] = (
    Placeholder("matter", "事项", "matter", "the title of the matter in the catalogue", True),
    Placeholder("place", "地点", "place", "names of street and community of the matter, never an address", True),
    Placeholder("owner", "承办单位", "owner", "the body that has the case; the writer's own where nobody has it", True),
    Placeholder("number", "编号", "number", "the case's public number, as it is said", True),
    Placeholder("limit", "办理时限", "limit", "day and time of the limit to the resident, or of the nearest one", True),
    Placeholder("today", "今天", "today", "the day of writing", True),
    Placeholder("phone", "单位电话", "phone", "public telephone of the body, where the pack lists it", True),
    Placeholder("hotline", "热线电话", "hotline", "the hotline of the city, from the pack", True),
    Placeholder("done_on", "完成日期", "done on", "the day on which the work was finished"),
    Placeholder("planned_on", "计划日期", "planned day", "the day by which something is planned"),
    Placeholder("review_on", "复核日期", "review day", "the day on which a shelved matter is looked at again"),
    Placeholder("measures", "采取措施", "measures", "what was done, in one sentence"),
    Placeholder("rest", "未完成部分", "what is left", "what could not be done yet"),
    Placeholder("reason", "具体原因", "reason", "why, in one sentence that a resident understands"),
    Placeholder("ground", "依据条款", "ground", "law or rule with its article"),
    Placeholder("other_body", "受理单位", "other body", "the body that can deal with it instead"),
    Placeholder("other_phone", "受理电话", "other phone", "the public telephone of that body"),
    Placeholder("earlier_number", "原编号", "earlier number", "number of the case in which it was answered before"),
    Placeholder("workdays", "延长天数", "more workdays", "by how many workdays the limit moves"),
)
"""Every placeholder there is. Adding one is a decision about what residents are told: never about who reported."""

_BY_WRITTEN: Mapping[Language, Mapping[str, Placeholder]] = {
    "zh": {one.zh: one for one in PLACEHOLDERS},
    "en": {one.en: one for one in PLACEHOLDERS},
}


def holes(words: str) -> tuple[str, ...]:
    """Names in braces that stand in some words, each once, in their order."""
    return tuple(dict.fromkeys(HOLE.findall(words)))


def known(hole: str, language: Language) -> Placeholder | None:
    """The placeholder that is written so in a language; None for a name that is not on the list."""
    return _BY_WRITTEN[language].get(hole)


@dataclass(frozen=True, slots=True)
class Written:
    """Words of a template after filling, and the names that are still open, in their order."""

    words: str
    left: tuple[str, ...]


def filled(words: str, language: Language, facts: Mapping[str, str]) -> Written:
    """Put what is known into a template.

    Args:
        words: of the template.
        language: in which it is written.
        facts: placeholder's name -> words; what is missing or empty stays open.
    """

    def put(found: re.Match[str]) -> str:
        one = known(found[1], language)
        said = facts.get(one.name, "") if one else ""
        # A fact is data: braces in it are no placeholder.
        return said.replace("{", "（").replace("}", "）") or found[0]

    done = HOLE.sub(put, words)
    return Written(done, holes(done))


def nearest(hole: str, language: Language) -> str:
    """For whoever misspelt one: the names that there are, those that begin alike first."""
    names: Sequence[str] = sorted(_BY_WRITTEN[language], key=lambda name: (name[:1] != hole[:1], name))
    return "、".join(names) if language == "zh" else ", ".join(names)
