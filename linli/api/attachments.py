"""Photos: kept first, then named by a step of a case; those of bodies are shown to whoever may see it, no reporter's is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.files import UploadedFile
from ninja.params.functions import File, Path
from ninja.responses import Status

from linli.api import shapes
from linli.api.cases import NO
from linli.api.keys import Asked, asked
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.cases.evidence import Holder, bounds_of, keep_photo, open_work_photo, work_photos
from linli.cases.numbers import heard
from linli.cases.selectors import access_case
from linli.kernel.errors import RefusedError
from linli.packs.selectors import snapshot_for

router = Router(tags=["attachments"])

PHOTO = Path(description="Id of a photo.", ge=1, le=2**63 - 1)
FILE = File(
    description="A photo: JPEG, PNG or WebP. It is made anew, and all that it says of camera and place is dropped."
)


@offer(router, "POST", "/attachments", Scope.ATTACH, shapes.Photo, status=201)
def attachment_keep(request: HttpRequest, photo: UploadedFile = FILE) -> object:
    """Keep a photo; name its id under `evidence` in the form of a step soon after, or it is dropped."""
    who = asked(request)
    holder = holder_of_key(who)
    place = who.actor.holdings[0].place if who.actor.holdings else ""
    bounds = bounds_of(snapshot_for(place, who.at), who.at)
    # One byte more than allowed is enough to know that it is too big.
    kept = keep_photo(photo.read(bounds.bytes + 1), holder, bounds, who.at)
    return Status(201, kept)


@offer(router, "GET", "/cases/{no}/attachments", Scope.READ, shapes.Photos)
def attachment_list(request: HttpRequest, no: str = NO) -> object:
    """The photos of a case that bodies took; a reporter's are not among them."""
    who = asked(request)
    return {"no": heard(no), "photos": work_photos(access_case(who.actor, no, who.at))}


@offer(router, "GET", "/cases/{no}/attachments/{photo}", Scope.READ, "image/jpeg")
def attachment_show(request: HttpRequest, no: str = NO, photo: int = PHOTO) -> object:
    """One photo of a case that a body took, as JPEG."""
    who = asked(request)
    content = open_work_photo(photo, access_case(who.actor, no, who.at))
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def holder_of_key(who: Asked) -> Holder:
    """Who keeps photos by a key: its account. Raises RefusedError: it has none."""
    if who.actor.ref.account is None:
        raise RefusedError("A key without an account keeps no photos.", code="api.no_account")
    return Holder(account=who.actor.ref.account)
