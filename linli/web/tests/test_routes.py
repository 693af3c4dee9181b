"""Who may open which page: every address of signing in and of the desk against every kind of person, allowed and denied.

Denied pages answer like a wrong address, and nothing happens: the log of the case is as long as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.tests.desk import open_one
from linli.journal.selectors import entries_of
from linli.web.conftest import SignedIn
from tests.town import Town

FACES = ("linli.web.signin", "linli.web.desk")

# nobody, stranger without a post, handler of the body, desk of the place, desk of another street, supervisor, administrator
PEOPLE = ("", "mo", "han", "duan", "deng", "su", "adam")

TO_SIGN_IN = 302
Row = tuple[int, int, int, int, int, int, int]

TABLE: Mapping[str, Row] = {
    "account_login": (200, 302, 302, 302, 302, 302, 302),
    "account_logout": (302, 200, 200, 200, 200, 200, 200),
    "mfa_authenticate": (302, 302, 302, 302, 302, 302, 302),
    "account_reauthenticate": (302, 200, 200, 200, 200, 200, 200),
    "mfa_reauthenticate": (302, 302, 302, 302, 302, 302, 302),
    "mfa_index": (302, 200, 200, 200, 200, 200, 200),
    "account_change_password": (302, 200, 200, 200, 200, 200, 200),
    "mfa_activate_totp": (302, 302, 302, 302, 302, 302, 302),
    "mfa_deactivate_totp": (302, 404, 404, 404, 404, 404, 404),
    "mfa_list_webauthn": (302, 200, 200, 200, 200, 200, 200),
    "mfa_add_webauthn": (302, 302, 302, 302, 302, 302, 302),
    "mfa_remove_webauthn": (302, 302, 302, 302, 302, 302, 302),
    "mfa_reauthenticate_webauthn": (302, 302, 302, 302, 302, 302, 302),
    "mfa_view_recovery_codes": (302, 404, 404, 404, 404, 404, 404),
    "mfa_generate_recovery_codes": (302, 302, 302, 302, 302, 302, 302),
    "mfa_download_recovery_codes": (302, 404, 404, 404, 404, 404, 404),
    "desk": (302, 404, 302, 302, 302, 302, 404),
    "desk_queue": (302, 404, 200, 200, 200, 200, 404),
    "desk_queue_file": (302, 404, 200, 200, 200, 200, 404),
    "desk_newer": (302, 404, 204, 204, 204, 204, 404),
    "desk_look": (302, 404, 404, 200, 404, 200, 404),
    "desk_bulk": (302, 404, 200, 200, 200, 200, 404),
    "desk_bulk_bar": (302, 404, 200, 200, 200, 200, 404),
    "desk_bulk_result": (302, 404, 404, 404, 404, 404, 404),
    "desk_views": (302, 404, 200, 200, 200, 200, 404),
    "desk_view": (302, 404, 404, 404, 404, 404, 404),
    "desk_view_edit": (302, 404, 404, 404, 404, 404, 404),
    "desk_keys": (302, 200, 200, 200, 200, 200, 200),
    "desk_me": (302, 200, 200, 200, 200, 200, 200),
    "desk_search": (302, 404, 200, 200, 200, 200, 404),
    "desk_case": (302, 404, 404, 200, 404, 200, 404),
    "desk_print": (302, 404, 404, 200, 404, 200, 404),
    "desk_beside": (302, 404, 404, 404, 404, 404, 404),
    "desk_photo": (302, 404, 404, 404, 404, 404, 404),
    "desk_step": (302, 404, 404, 200, 404, 404, 404),
    "desk_preview": (405, 405, 405, 405, 405, 405, 405),
    "why": (302, 404, 404, 200, 404, 200, 404),
}


def test_every_address_of_these_faces_is_in_the_table() -> None:
    named = {pattern.name for face in FACES for pattern in import_module(f"{face}.urls").urlpatterns}
    assert named == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_person_gets_what_the_table_says(town: Town, signed_in: SignedIn, name: str) -> None:
    opened = open_one()
    address = reverse(name, kwargs=_arguments(name, str(opened.no)))
    before = len(entries_of(f"case:{opened.case}"))
    found = tuple((signed_in(who) if who else Client()).get(address).status_code for who in PEOPLE)
    assert dict(zip(PEOPLE, found, strict=True)) == dict(zip(PEOPLE, TABLE[name], strict=True))
    assert len(entries_of(f"case:{opened.case}")) == before


def _arguments(name: str, no: str) -> dict[str, object]:
    known: dict[str, dict[str, object]] = {
        "mfa_remove_webauthn": {"pk": 1},
        "desk_case": {"no": no},
        "desk_look": {"no": no},
        "desk_print": {"no": no},
        "desk_beside": {"no": no, "other": no},
        "desk_bulk_result": {"number": "0d1f6f5c-28b3-4c41-9f56-2f1cb1b3f3aa"},
        "desk_view": {"key": "none"},
        "desk_view_edit": {"key": "none"},
        "desk_photo": {"no": no, "photo": 1},
        "desk_step": {"no": no, "step": "dispatch"},
        "desk_preview": {"no": no, "step": "dispatch"},
        "why": {"no": no, "what": "deadline"},
    }
    return known.get(name, {})
