"""How a person is told of messages, as a form: each kind with its pace, and the quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.noticetimes import PACES, Telling
from linli.cases.noticewishes import Wish, telling_of, wish_keep
from linli.kernel.actors import Actor
from linli.kernel.errors import InputError
from linli.web.base.words import titled

PACE_WORDS: Mapping[str, Promise] = {
    "now": gettext_lazy("Now"),
    "hourly": gettext_lazy("Hourly"),
    "daily": gettext_lazy("Daily"),
    "off": gettext_lazy("Off"),
}


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of message with its four paces; `held` is false where quiet hours let it through."""

    key: str
    title: str
    paces: tuple[tuple[str, str, bool], ...]
    held: bool


@dataclass(frozen=True, slots=True)
class HowForm:
    """The form: kinds, hours as HH:MM, what is wrong by field."""

    kinds: tuple[KindRow, ...]
    quiet: bool
    quiet_from: str
    quiet_until: str
    daily_at: str
    wrong: Mapping[str, str]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For the summary of what is wrong."""
        return [(f"f-{name}", words) for name, words in self.wrong.items()]


def how_form(actor: Actor, at: datetime) -> HowForm:
    """The form as it stands for a person."""
    return _form(telling_of(actor, at), {})


def how_keep(actor: Actor, sent: QueryDict, at: datetime) -> HowForm | None:
    """Keep what was sent. None once it is kept; the form with its mistakes else."""
    telling = telling_of(actor, at)
    usual = {kind.key: kind.pace for kind in telling.kinds}
    asked = {key: sent.get(key, "") for key in usual if key in sent}
    paces = {key: pace for key, pace in asked.items() if pace != usual[key]}
    quiet = (sent.get("quiet_from", ""), sent.get("quiet_until", "")) if sent.get("quiet") == "yes" else None
    try:
        wish_keep(actor, Wish(paces, quiet), at)
    except InputError as error:
        fields = error.data.get("fields")
        named = fields if isinstance(fields, Mapping) else {}
        return _form(telling, {str(name): _wrong(str(name), str(why)) for name, why in named.items()}, sent)
    return None


def _wrong(name: str, why: str) -> str:
    if why == "same":
        return _("Begin and end are the same; choose no quiet hours instead.")
    return _("Write an hour, as 22:00.") if name.startswith("quiet") else _("Choose one of the four.")


def _form(telling: Telling, wrong: Mapping[str, str], sent: QueryDict | None = None) -> HowForm:
    quiet = telling.quiet
    since, until = (f"{quiet.since:%H:%M}", f"{quiet.until:%H:%M}") if quiet else ("22:00", "07:00")
    rows = []
    for kind in telling.kinds:
        chosen = (sent.get(kind.key) if sent is not None else None) or telling.pace(kind)
        options = tuple((pace, str(PACE_WORDS[pace]), pace == chosen) for pace in PACES)
        rows.append(KindRow(kind.key, titled(kind.title), options, kind.is_held))
    if sent is not None:
        since, until = sent.get("quiet_from", since), sent.get("quiet_until", until)
    wanted = sent.get("quiet") == "yes" if sent is not None else quiet is not None
    return HowForm(tuple(rows), wanted, since, until, f"{telling.daily_at:%H:%M}", wrong)
