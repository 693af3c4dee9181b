"""What a reporter says of their own matter, by its private link: remind, add, put right, take back, judge.

Each is a step of the procedure, taken as the pages of residents take it; the link goes into a header. What comes back is what
`GET /follow` tells: nothing of whoever reported, nor a word that they said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, override
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from linli.api import shapes
from linli.api.attachments import holder_of_key
from linli.api.follow import LINK
from linli.api.keys import Asked, asked
from linli.api.offering import offer
from linli.api.problems import field_error
from linli.api.scopes import Scope
from linli.cases.drafts import StepResult
from linli.cases.forms import LONGEST_WORDS
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.selectors import reporter_view
from linli.intake.speaking import judge, put_right
from linli.packs.selectors import installation_rules
from linli.rules.parameters import Integer, Parameter

router = Router(tags=["cases"])

LONGEST = Parameter("resident.longest_words", Integer)
WORDS = Field("", max_length=LONGEST_WORDS, description="The reporter's own; they lie in their compartment.")


class Speaking(Schema):
    """An act of the link's holder."""

    model_config = ConfigDict(extra="forbid")

    request_id: UUID = Field(description="Made by you; the same id with the same words never acts twice.")
    words: str = WORDS


class Adding(Speaking):
    """More about the matter: words, photos, or both."""

    evidence: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(
        default_factory=list, max_length=10, description="Ids of photos that this key's account kept."
    )


class Judging(Speaking):
    """Whether it is solved, and whether one is satisfied."""

    solved: Literal["yes", "partly", "no", "unsure"]
    satisfied: Literal["yes", "fairly", "no"] | None = None


@offer(router, "POST", "/remind", Scope.SPEAK, shapes.Spoken)
def follow_remind(request: HttpRequest, given: Speaking, link: str = LINK) -> object:
    """Remind whoever has it."""
    words = {"words": given.words} if _said(given, asked(request).at) else {}
    return _take(request, link, Said("remind", words), given.request_id)


@offer(router, "POST", "/add", Scope.SPEAK, shapes.Spoken)
def follow_add(request: HttpRequest, given: Adding, link: str = LINK) -> object:
    """Add words or photos."""
    who = asked(request)
    if not _said(given, who.at) and not given.evidence:
        raise field_error({"body.words": "missing"})
    words = {"words": given.words} if given.words.strip() else {}
    holder = holder_of_key(who)
    return _take(request, link, Said("add", words, given.evidence, holder), given.request_id)


@offer(router, "POST", "/correct", Scope.SPEAK, shapes.Spoken)
def follow_correct(request: HttpRequest, given: Speaking, link: str = LINK) -> object:
    """Put the words right, within the minutes of the pack; title and task are made anew."""
    who = asked(request)
    if not _said(given, who.at) or not any(sign.isalnum() for sign in given.words):
        raise field_error({"body.words": "missing"})
    return _told(who, link, put_right(link_of(link), given.words, request_id=given.request_id, at=who.at))


@offer(router, "POST", "/withdraw", Scope.SPEAK, shapes.Spoken)
def follow_withdraw(request: HttpRequest, given: Speaking, link: str = LINK) -> object:
    """Take it back; somebody calls to ask that nobody made the reporter do so."""
    words = {"reason": given.words} if _said(given, asked(request).at) else {}
    return _take(request, link, Said("withdraw", words), given.request_id)


@offer(router, "POST", "/rate", Scope.SPEAK, shapes.Spoken)
def follow_rate(request: HttpRequest, given: Judging, link: str = LINK) -> object:
    """Say whether it is solved; what is closed and not solved is opened again where the procedure lets it."""
    who = asked(request)
    words = given.words if _said(given, who.at) else ""
    parts = (("satisfied", given.satisfied), ("words", words))
    form = {"solved": given.solved, **{name: value for name, value in parts if value}}
    # One wording for every language, so that a repeat says the same.
    with override(settings.LANGUAGE_CODE):
        reason = words or gettext("Not solved.")
    judged = judge(link_of(link), form, reason, request_id=given.request_id, at=who.at)
    return _told(who, link, judged.result, judged.not_reopened.code if judged.not_reopened else "")


def _take(request: HttpRequest, token: str, said: Said, request_id: UUID) -> object:
    who = asked(request)
    link = link_of(token)
    return _told(who, token, take_as_reporter(link.home, link, said, request_id=request_id, at=who.at))


def _told(who: Asked, token: str, result: StepResult, not_reopened: str = "") -> dict[str, object]:
    return {"repeated": result.repeated, "not_reopened": not_reopened, "now": reporter_view(token, who.at)}


def _said(given: Speaking, at: datetime) -> bool:
    """Whether there are words. Raises InputError: more than the pack lets a resident write at a time."""
    if len(given.words) > installation_rules(at)[LONGEST]:
        raise field_error({"body.words": "string_too_long"})
    return bool(given.words.strip())
