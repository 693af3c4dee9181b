"""What happened to a case, newest first, in words: who, in which post, did what; then what was said, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.cases.deskcase import CaseFile
from linli.cases.following import RELEASE
from linli.cases.forms import personal_fields
from linli.cases.registry import kind_code
from linli.cases.views import Moment
from linli.web.base.fieldwords import field_words, option_words
from linli.web.base.words import role_title, titled, when


@dataclass(frozen=True, slots=True)
class Said:
    """Words that belong to an entry, and for whom they are: `public`, `internal`, `desk`."""

    label: str
    words: str
    reader: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry. `by_person` fills the dot; `who` is body and post; `tag` says whether the resident reads it.

    `kept` is the voice whose own words lie behind it, to be opened with a reason.
    """

    seq: int
    time: str
    what: str
    who: str
    post: str
    to: tuple[str, ...]
    said: tuple[Said, ...]
    facts: tuple[str, ...]
    photos: tuple[int, ...]
    by_person: bool
    reader: str
    kept: int | None = None


def happened(
    file: CaseFile, bodies: Mapping[int, str], roles: Mapping[int, str], at: datetime, show: str
) -> Iterator[Happening]:
    """The entries of a case in words, newest first.

    Args:
        file: the case.
        bodies: names of bodies by id.
        roles: roles of posts by id.
        at: now.
        show: `all`, `public` (what the resident reads), `internal` (the rest).
    """
    for moment in reversed(file.moments):
        one = _entry(moment, file, (bodies, roles), at)
        if show == "all" or (show == "public") == (one.reader == "public"):
            yield one


def _entry(
    moment: Moment, file: CaseFile, names: tuple[Mapping[int, str], Mapping[int, str]], at: datetime
) -> Happening:
    bodies, roles = names
    said = tuple(_said(moment, file))
    readers = {one.reader for one in said}
    return Happening(
        seq=moment.seq,
        time=when(moment.at, at),
        what=_what(moment, file),
        who=_who(moment, bodies),
        post=role_title(roles[moment.post]) if moment.post is not None and moment.post in roles else "",
        to=_sent_to(moment, bodies),
        said=said,
        facts=tuple(_facts(moment)),
        photos=_photos(moment, file),
        by_person=moment.by != "system",
        kept=moment.kept,
        reader="public" if "public" in readers else "internal" if readers else "",
    )


def _what(moment: Moment, file: CaseFile) -> str:
    if moment.step == "open":
        return _("Reported")
    title = file.seen.procedure.titles.get(f"step.{moment.step}")
    return titled(title) if title else moment.step


def _who(moment: Moment, bodies: Mapping[int, str]) -> str:
    if moment.by == "system":
        return _("System")
    if moment.by == "reporter":
        return _("Resident")
    body = bodies.get(moment.organisation or 0, "")
    return _("{body}, by its order").format(body=body) if moment.by == "order" else body


def _sent_to(moment: Moment, bodies: Mapping[int, str]) -> tuple[str, ...]:
    sent = moment.data.get("bodies")
    rows = sent if isinstance(sent, list) else []
    fresh = [row for row in rows if isinstance(row, Mapping) and row.get("state") == "sent"]
    return tuple(bodies[row["organisation"]] for row in fresh if row.get("organisation") in bodies)


def _said(moment: Moment, file: CaseFile) -> Iterator[Said]:
    spec = file.seen.procedure.steps.get(moment.step)
    readers = personal_fields(kind_code(file.facts.kind).form(spec.form)) if spec else {}
    for name, words in moment.words.items():
        reader = readers.get(name, "internal")
        text = option_words(name, str(words)) if isinstance(words, str) and len(words) < 20 else str(words)
        yield Said(field_words(name, "", reader), text, reader)


def _facts(moment: Moment) -> Iterator[str]:
    """Plain fields of the form that have words: a result, a way, days."""
    form = moment.data.get("form")
    for name, value in (form if isinstance(form, Mapping) else {}).items():
        if isinstance(value, bool):
            yield f"{field_words(name)} {_('Yes') if value else _('No')}"
        elif isinstance(value, str) and option_words(name, value) != value:
            yield option_words(name, value)
        elif name in ("workdays", "service", "until"):
            yield f"{field_words(name)} {value}"


def _photos(moment: Moment, file: CaseFile) -> tuple[int, ...]:
    """Photos that a body named in its step, and a reporter's where a desk lets them be seen; no others are in the log."""
    form = moment.data.get("form")
    if not isinstance(form, Mapping):
        return ()
    shown = [one for one in form.get("photos", ()) if one in file.released] if moment.step == RELEASE else []
    return tuple(one for one in (*form.get("evidence", ()), *shown) if isinstance(one, int))
