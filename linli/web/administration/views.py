"""The first page of the administration: the rows that a person's posts open."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.web.base.pages import (
    ADMINISTERS,
    KEEPS_ACCOUNTS,
    KEEPS_BODIES,
    KEEPS_POSTS,
    READS_LOG,
    READS_RUNNING,
    Asked,
    Policy,
    page,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its words, what it is for, its address, and whose it is."""

    title: Promise
    about: Promise
    address: str
    policy: Policy


ROWS: tuple[Row, ...] = (
    Row(_("Places"), _("The five tiers, grids and where they came from"), "admin_places", KEEPS_BODIES),
    Row(_("Organisations"), _("Bodies, what they were called when, their posts"), "admin_organisations", KEEPS_BODIES),
    Row(_("Gaps"), _("Duties without a body, posts without a person"), "admin_gaps", KEEPS_BODIES),
    Row(_("Posts and appointments"), _("Who holds which post, from when to when"), "admin_posts", KEEPS_POSTS),
    Row(_("Accounts"), _("People who sign in"), "admin_accounts", KEEPS_ACCOUNTS),
    Row(_("API keys"), _("What other systems may do, until when"), "admin_keys", KEEPS_ACCOUNTS),
    Row(_("Support access"), _("Who from outside may look, for what, until when"), "admin_support", KEEPS_ACCOUNTS),
    Row(_("Jobs and outbox"), _("Regular work, and what leaves the system"), "admin_jobs", READS_RUNNING),
    Row(_("Log of the system"), _("What the system did, without any person"), "admin_log", READS_RUNNING),
    Row(_("Audit"), _("Search the log"), "admin_audit", READS_LOG),
    Row(_("Seals"), _("The seal of each day, for another body to keep"), "admin_seals", READS_LOG),
    Row(_("Health"), _("How the system stands, in sentences"), "admin_health", ADMINISTERS),
)


@page(ADMINISTERS)
def home(request: Asked) -> HttpResponse:
    """The rows of one's own administration; the others are not shown."""
    rows = [row for row in ROWS if row.policy.admits(request.actor)]
    return render(request, "administration/home.html", {"rows": rows, "now": request.at})
