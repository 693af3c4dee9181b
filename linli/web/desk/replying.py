"""The template picker of a step that writes to residents: which templates fit, and one of them put into the form.

Is: facts of the case in words, for the white list of placeholders. Is not: a form; `stepform` draws it. Nothing about who
reported is among the facts, so no template can say it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.deskcase import VoiceLine
from linli.cases.forms import Form, personal_fields
from linli.cases.numbers import spoken
from linli.cases.placeholders import PLACEHOLDERS, Language, filled, holes, known
from linli.cases.procedures.procedure import StepSpec
from linli.cases.replies import BODY_PHONES, HOTLINE, Situation, Template, phones, template, templates
from linli.cases.rules import local_date, rules_for
from linli.cases.seeing import Seen
from linli.kernel.actors import Actor
from linli.organisations.selectors import organisation_names
from linli.packs.selectors import snapshot_for
from linli.places.selectors import place_names
from linli.rules.snapshot import Snapshot
from linli.web.base.stepform import Option, Replies, Sent
from linli.web.base.words import english, plain_day, when_exact

PICKED, USE, USED = "reply_template", "use_reply", "reply_used"
"""Names in the form: the choice, its button, and the one that was put in before."""
_LANGUAGES: Mapping[Language, tuple[str, str]] = {"zh": ("zh-hans", "中文"), "en": ("en", "English")}
_STREET, _COMMUNITY = 9, 12
_ANSWER = "answer"


def public_field(model: type[Form]) -> str:
    """The field of a form that the resident will read; "" where there is none."""
    return next((name for name, reader in personal_fields(model).items() if reader == "public"), "")


def replies_for(seen: Seen, step: StepSpec, sent: Sent, at: datetime) -> Replies | None:
    """The templates that a step offers, the page's language first; None where none fits.

    Args:
        seen: the case; a sealed or protected one has no templates.
        step: the step that is being filled in.
        sent: what was typed before.
        at: now, aware UTC.
    """
    if seen.bundle.case.compartment != "open":
        return None
    rules = _live(seen, at)
    found = templates(rules, _situation(seen, step), local_date(at))
    if not found:
        return None
    used = (sent.values.get(USED) or [""])[0]
    order: Sequence[Language] = ("en", "zh") if english() else ("zh", "en")
    groups = tuple((_LANGUAGES[lang][1], lang, tuple(_option(one, lang, used) for one in found)) for lang in order)
    return Replies(groups, used, any(f"{one.key}:" in used and one.unsure for one in found))


def _option(one: Template, lang: Language, used: str) -> Option:
    value = f"{one.key}:{lang}"
    return Option(value, one.title[lang], value == used)


def with_reply(seen: Seen, step: StepSpec, model: type[Form], sent: Sent, asked: tuple[Actor, datetime]) -> Sent:
    """What was typed, with the chosen template, filled from the case, in the words for the resident.

    Words that were typed stay, the template comes below them; words that are a template picked before are replaced.

    Args:
        seen: the case.
        step: the step.
        model: its form.
        sent: what was typed, and which template was chosen.
        asked: who writes, and when.
    """
    actor, at = asked

    def said(one: Template, language: Language) -> str:
        return filled(one.words[language], language, facts_of(seen, actor, at, language)).words

    return _put(_Picking(seen, step, at, said), public_field(model), sent)


def put_bare(seen: Seen, step: StepSpec, model: type[Form], sent: Sent, at: datetime) -> Sent:
    """The same for several cases at once: with everything left open, for each case to fill in later."""
    return _put(_Picking(seen, step, at, lambda one, language: one.words[language]), public_field(model), sent)


@dataclass(frozen=True, slots=True)
class _Picking:
    """A case, the step, now, and how a template is said."""

    seen: Seen
    step: StepSpec
    at: datetime
    said: Callable[[Template, Language], str]

    def find(self, sent: Sent, name: str) -> tuple[Template, Language] | None:
        """The template that a field of the form names, with the language; None for none that fits."""
        key, _colon, lang = (sent.values.get(name) or [""])[0].rpartition(":")
        if lang not in _LANGUAGES:
            return None
        one = template(_live(self.seen, self.at), _situation(self.seen, self.step), key, local_date(self.at))
        return (one, "en" if lang == "en" else "zh") if one else None


def _put(picking: _Picking, field: str, sent: Sent) -> Sent:
    chosen = picking.find(sent, PICKED) if field else None
    if chosen is None:
        return sent
    before = picking.find(sent, USED)
    typed = (sent.values.get(field) or [""])[0].strip().replace("\r\n", "\n")
    kept = "" if not typed or (before and typed == picking.said(*before)) else f"{typed}\n"
    one, language = chosen
    values = {**sent.values, field: [kept + picking.said(one, language)], USED: [f"{one.key}:{language}"]}
    # What a template brings along gives way to what somebody chose beside words of their own.
    values |= {name: [value] for name, value in one.fills.items() if not kept or not sent.values.get(name)}
    return replace(sent, values=values)


def fill_holes(words: str, facts: Callable[[Language], Mapping[str, str]]) -> str:
    """Words that hold placeholders of either language, filled as far as the case knows them; for several cases at once.

    Args:
        words: as typed.
        facts: of one case, by language; asked for only where something is open.
    """
    for language in _LANGUAGES:
        if any((one := known(hole, language)) and one.from_case for hole in holes(words)):
            words = filled(words, language, facts(language)).words
    return words


def facts_of(seen: Seen, actor: Actor, at: datetime, language: Language) -> dict[str, str]:
    """What the case knows for the placeholders, in words of a language; what it does not know is left out.

    Args:
        seen: the case.
        actor: who writes; their body stands in where the case has no owner.
        at: now, aware UTC.
        language: of the template.
    """
    case, rules = seen.bundle.case, _live(seen, at)
    day = local_date(at)
    owner = _owner(seen, actor, at)
    places = place_names({case.place[:_STREET], case.place[:_COMMUNITY]} - {""}, at) if case.place else {}
    numbers = rules.at(rules.place, day)
    with translation.override(_LANGUAGES[language][0]):
        found = {
            "matter": _matter(seen, language, at),
            "place": "".join(places[code] for code in sorted(places)),
            "owner": owner,
            "number": spoken(case.no),
            "limit": _limit(seen, at),
            "today": _day_words(at, language),
            "phone": dict(phones(numbers[BODY_PHONES])).get(owner, ""),
            "hotline": numbers[HOTLINE],
        }
    assert found.keys() == {one.name for one in PLACEHOLDERS if one.from_case}
    return {name: words for name, words in found.items() if words}


def _matter(seen: Seen, language: Language, at: datetime) -> str:
    case = seen.bundle.case
    matter = rules_for(seen.snapshot, case.place, at).matter(case.matter)
    if matter is None:
        return ""
    return matter.title_en if language == "en" else matter.title_zh


def _owner(seen: Seen, actor: Actor, at: datetime) -> str:
    own = seen.bundle.case.owner or next((one.organisation for one in actor.holdings), None)
    return organisation_names([own], at).get(own, "") if own is not None else ""


def _limit(seen: Seen, at: datetime) -> str:
    running = [(clock.name != _ANSWER, clock.due_at) for clock in seen.bundle.clocks if clock.due_at is not None]
    return when_exact(min(running)[1], at) if running else ""


def _day_words(at: datetime, language: Language) -> str:
    day = local_date(at)
    return plain_day(day, day) if language == "en" else f"{day.month} 月 {day.day} 日"


def _situation(seen: Seen, step: StepSpec) -> Situation:
    case = seen.bundle.case
    return Situation(step.id, case.state, case.matter or "")


def _live(seen: Seen, at: datetime) -> Snapshot:
    """The rules that hold now: a template that was mended reaches open cases too. A case without a place keeps its own."""
    place = seen.bundle.case.place
    return snapshot_for(place, at) if place else seen.snapshot


def told_words(voices: Sequence[VoiceLine], count: int) -> str:
    """Who reads it and how, in sums alone; how somebody is told is said to desks, which see the voices.

    Args:
        voices: of the case; none for whoever is no desk.
        count: how many reporters there are.
    """
    if not voices:
        words = ngettext(
            "{n} resident reads it on the follow page.", "{n} residents read it on the follow page.", count
        )
        return words.format(n=count)
    sums = dict.fromkeys(("by_message", "by_call", "page", "none"), 0)
    for voice in voices:
        sums[_way(voice)] += 1
    none = sums["none"]
    parts = (
        (sums["by_message"], _("{n} by message")),
        (sums["by_call"], _("{n} by a call")),
        (sums["page"], _("{n} on the follow page alone, as wished")),
        (none, ngettext("{n} left no phone and sees it on the follow page only",
                        "{n} left no phone and see it on the follow page only", none)),
    )  # fmt: skip
    return _("; ").join(words.format(n=n) for n, words in parts if n) + _(".")


def _way(voice: VoiceLine) -> str:
    if not voice.has_identity:
        return "none"
    return next((wish for wish in ("by_message", "by_call") if wish in voice.wishes), "page")
