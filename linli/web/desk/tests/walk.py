"""What the desk's own pages need to be looked at: a view that somebody keeps, and two cases side by side."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.urls import reverse

from linli.cases.models import Case
from linli.web.desk.saved import ViewDraft, view_save
from tests.town import Town


def fill(town: Town, at: datetime) -> list[str]:
    """Keep a view for the desk. The page that changes it, and that of two cases."""
    draft = ViewDraft("热线待派", town.street_desk, QueryDict("view=send&channel=hotline"))
    key = view_save(draft, town.actor("duan", at), at)
    left, right = (
        Case.objects.filter(compartment="open", kind="request").order_by("-id").values_list("no", flat=True)[:2]
    )
    return [reverse("desk_view_edit", args=[key]), reverse("desk_beside", args=[left, right])]
