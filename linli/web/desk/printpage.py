"""A case on paper: A4, black on white, with the code of its link and who printed it when. The reporter is not on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from linli.cases.deskcase import CaseFile
from linli.kernel.actors import Actor
from linli.web.base.posts import OwnPost, own_post
from linli.web.base.qr import qr_drawing
from linli.web.base.words import on_paper, when_exact
from linli.web.desk.casepage import CasePage, case_page
from linli.web.desk.happened import Happening

CONFIDENTIAL = "confidential"
_ON_PAPER = ("public", "internal")
"""Readers of what is printed; what desks or the sealed desk alone read may hold a reporter's words."""


@dataclass(frozen=True, slots=True)
class PrintPage:
    """What the template of the paper shows.

    Attributes:
        happened: without what was said for desks or the sealed desk alone, where a reporter's words may stand.
        internal: it is confidential: the mark stands on each page.
        qr: the link as an inline drawing.
    """

    page: CasePage
    happened: Sequence[Happening]
    internal: bool
    qr: str
    link: str
    post: OwnPost | None
    printed: str


def print_page(file: CaseFile, actor: Actor, at: datetime, link: str) -> PrintPage:
    """The paper of a case, for this person.

    Args:
        file: as this person sees it.
        actor: who prints; their post stands on it.
        at: aware UTC.
        link: whole address of the case's page.
    """
    with on_paper():
        page = case_page(file, at)
    page = replace(page, clocks=(*page.clocks, *page.ended))
    return PrintPage(
        page=page,
        happened=[_for_paper(one) for one in reversed(page.happened)],
        internal=page.compartment != "open" or any(CONFIDENTIAL in voice.wishes for voice in file.voices),
        qr=qr_drawing(link),
        link=link,
        post=own_post(actor, at),
        printed=when_exact(at, at),
    )


def _for_paper(one: Happening) -> Happening:
    return replace(one, said=tuple(said for said in one.said if said.reader in _ON_PAPER), kept=None)
