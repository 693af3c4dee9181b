"""What a walk cannot find out by itself. A new page needs a line here only when nothing links to it.

Is: reasons, kinds of arguments, forms to be sent empty, names of mocks. Is not: a list of pages; `crawl.py` finds those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EVERYBODY = (
    "",
    "duan",
    "fang",
    "han",
    "mei",
    "he",
    "su",
    "tan",
    "hu",
    "zhong",
    "ji",
    "fu",
    "adam",
    "beth",
    "carl",
    "shen",
)
"""People of the small town in whose eyes pages are looked for; "" is nobody. The first who gets a page is its reader."""

FIRST: Mapping[str, tuple[str, ...]] = {
    "worker": ("fang", "han"),
    "administration": ("adam", "beth", "carl"),
    "sealed": ("tan",),
}
"""Whom a face is for, before anybody else."""

NO_PAGE: Mapping[str, str] = {
    "desk": "leads to the last view",
    "mfa_authenticate": "stands between password and page: test_signing_in",
    "mfa_reauthenticate": "stands between password and page: test_signing_in",
    "mfa_deactivate_totp": "needs an app that was enrolled: test_signing_in",
    "mfa_view_recovery_codes": "needs an app that was enrolled: test_signing_in",
    "mfa_generate_recovery_codes": "needs an app that was enrolled: test_signing_in",
    "mfa_download_recovery_codes": "needs an app that was enrolled: test_signing_in",
    "desk_look": "a part of the queue's page, drawn in it where the address asks for it: test_course",
    "desk_newer": "a part of the queue's page: test_course",
    "desk_view": "leads to the queue under a filter that was kept: test_views",
    "desk_bulk_result": "follows a step for several cases, and is one session's: test_bulk",
    "messages_new": "a word beside a row of the side bar: test_messages",
    "sealed_receive": "stands while nobody can receive a case: test_sealed",
    "desk_photo": "a photo, shown once it was opened with a reason: test_photos",
    "report_photo": "a photo of a form that is not sent yet: test_reporting",
    "work_photo": "a photo of work done, no page: test_worker_journeys",
    "work_sent": "follows sending an event: test_worker_journeys",
    "mfa_add_webauthn": "asks for the password again: test_order_journeys makes a passkey",
    "mfa_reauthenticate_webauthn": "needs a passkey: test_order_journeys",
    "mfa_remove_webauthn": "needs a passkey: test_order_journeys",
    "mfa_activate_totp": "the session of a walk has shown its second factor: test_journeys",
}
"""Addresses without a page to look at, each with why."""

VARYING = ("step", "what", "kind", "subject", "catalogue", "act")
"""Arguments each value of which makes a page of its own; of all others one example is enough."""

MORE: tuple[str, ...] = (
    "/desk/queue?view=all&state=received",
    "/desk/queue?view=all&q=独角兽&due=late",
    "/desk/views?view=late&channel=hotline",
    "/desk/search?q=垃圾",
    "/desk/search?q=独角兽",
    "/desk/sealed?state=closed",
    "/rules?q=时限",
    "/rules?subject=matters",
    "/rules?subject=procedures",
    "/rules/changes?on=2023-03-16",
    "/places/870102001001001",
    "/places/870102001001?on=2026-06-01",
    "/w/messages",
)
"""Looks of a page that differ from its plain one."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that is sent as it stands, so that its errors are looked at.

    Attributes:
        press: what is clicked.
        told: what then says what is wrong.
    """

    path: str
    press: str = "main form .btn.primary"
    told: str = "[data-error-summary]"


EMPTY: tuple[Sent, ...] = (
    Sent("/report"),
    Sent("/find"),
    Sent("/my"),
    Sent("/w/new", ".thumb .btn.primary", "[data-saved-now]:not([hidden])"),
)

MOCKS: Mapping[str, str] = {
    "resident-report": "report",
    "resident-follow": "follow",
    "resident-follow-en": "follow",
    "resident-report-error": "report:empty",
    "resident-report-large": "report",
    "worker-inbox": "work",
    "desk-queue": "desk_queue",
    "desk-case": "desk_case",
    "desk-case-dark": "desk_case",
    "why": "why",
}
"""The page that a mock shows, by the name of the mock's picture."""
