"""Answers that desks give to callers: found by a question's words at a place. Read only; desks write them on their pages."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Query

from linli.api import shapes
from linli.api.keys import asked
from linli.api.matters import PLACE
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.kernel.actors import Denied
from linli.kernel.errors import RefusedError
from linli.knowledge.policies import may_read
from linli.knowledge.selectors import LONGEST_ASKED, entries_for

router = Router(tags=["answers"])

ASKED = Query(description="The question, as somebody asks it. It is not kept.", min_length=1, max_length=LONGEST_ASKED)
MOST = Query(10, description="Most answers.", ge=1, le=50)


@offer(router, "GET", "", Scope.ANSWERS, shapes.Answers)
def answer_list(request: HttpRequest, q: str = ASKED, place: str = PLACE, limit: int = MOST) -> object:
    """What holds now for a question at a place, the best first; for holders of posts that work on cases."""
    who = asked(request)
    verdict = may_read(who.actor)
    if isinstance(verdict, Denied):
        raise RefusedError(verdict.reason, code=verdict.code)
    return {"answers": list(entries_for(q, place, who.at, limit=limit))}
