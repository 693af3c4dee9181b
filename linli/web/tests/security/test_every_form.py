"""Every form of every face, as somebody would send it who means harm. Found by walking, so that new forms are attacked too."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from linli.cases.models import Evidence
from linli.cases.tests.test_evidence import bomb
from linli.web.conftest import Clock, SignedIn
from linli.web.tests.security.forms import Form, forms_of, raw_script
from linli.web.tests.walk.crawl import HOST, Walked, walk
from linli.web.tests.walk.filling import fill
from tests.town import Town

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)><svg/onload=alert(1)>{{7*7}}"
STRANGER = "/f/" + "A" * 32
Browser = Callable[[str], Client]


@pytest.fixture
def browser(town: Town, signed_in: SignedIn) -> Browser:
    return lambda who: signed_in(who) if who else Client(HTTP_HOST=HOST)


@pytest.fixture
def walked(town: Town, browser: Browser, clock: Clock) -> Walked:
    town.ground()
    return walk(browser, fill(town, clock.at).starts)


def entries() -> int:
    """How long the log is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry")
        return int(cursor.fetchone()[0])


def test_no_form_acts_without_its_token_and_no_lying_file_is_kept(walked: Walked, browser: Browser) -> None:
    forms = forms_of(walked)
    assert len(forms) >= 60
    before, photos = entries(), Evidence.objects.count()
    wrong = []
    for form in forms:
        client = browser(form.who)
        client.handler.enforce_csrf_checks = True
        answer = client.post(form.action, form.with_words("路灯不亮"), HTTP_HOST=HOST)
        if answer.status_code != 403:
            wrong.append(f"{form.page} -> {form.action}: {answer.status_code} without a token")
    for form in forms:
        wrong += [f"{form.page} -> {form.action}: {said}" for said in (*_lied_to(form, browser), *_nul(form, browser))]
    assert not wrong, "\n".join(wrong)
    assert entries() == before
    assert Evidence.objects.count() == photos


LIES = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.jpg", "image/jpeg"),
    "html": (b"<html><script>alert(1)</script>", "../../a.png", "image/png"),
    "bomb": (bomb(60_000, 60_000), "a.png", "image/png"),
    "cut": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.xlsx", "image/jpeg"),
}


def zip_bomb() -> bytes:
    """A workbook that unfolds to two hundred megabytes."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    return into.getvalue()


def _lied_to(form: Form, browser: Browser) -> list[str]:
    """Send files that lie to each field for files; what went wrong. Nothing stays."""
    takers = [name for name, kind in form.kinds.items() if kind == "file"]
    wrong = []
    for name in takers:
        for lie, (content, file, kind) in {**LIES, "zip": (zip_bomb(), "a.xlsx", "application/zip")}.items():
            with transaction.atomic():
                kept = Evidence.objects.count()
                sent = {**form.with_words("路灯不亮"), name: SimpleUploadedFile(file, content, kind)}
                answer = browser(form.who).post(form.action, sent, HTTP_HOST=HOST)
                if answer.status_code >= 500:
                    wrong.append(f"{name} takes {lie}: {answer.status_code}")
                if Evidence.objects.count() != kept:
                    wrong.append(f"{name} takes {lie}: kept")
                transaction.set_rollback(True)
    return wrong


def _nul(form: Form, browser: Browser) -> list[str]:
    """Send a sign that no database keeps in each field for words. Nothing stays."""
    with transaction.atomic():
        answer = browser(form.who).post(form.action, form.with_words("路灯\x00不亮，三天了"), HTTP_HOST=HOST)
        transaction.set_rollback(True)
    return [f"{answer.status_code} for a sign without a letter"] if answer.status_code >= 500 else []


def test_a_body_that_says_it_is_huge_is_refused_before_it_is_read(walked: Walked, browser: Browser) -> None:
    wrong = []
    for form in forms_of(walked):
        with transaction.atomic():
            sent = form.with_words("路灯不亮")
            answer = browser(form.who).post(form.action, sent, HTTP_HOST=HOST, CONTENT_LENGTH="9999999999")
            transaction.set_rollback(True)
        if answer.status_code not in (400, 413):
            wrong.append(f"{form.page} -> {form.action}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_script_in_every_field_stays_words_where_it_is_sent_and_wherever_it_is_read(
    walked: Walked, browser: Browser
) -> None:
    wrong, taken = [], 0
    for form in forms_of(walked):
        answer = browser(form.who).post(form.action, form.with_words(SCRIPT), HTTP_HOST=HOST)
        taken += answer.status_code in (200, 201, 302)
        if answer.status_code >= 500:
            wrong.append(f"{form.page} -> {form.action}: {answer.status_code}")
        if answer.get("Content-Type", "").startswith("text/html"):
            text = b"".join(answer).decode(errors="replace")
            wrong += [f"{form.page} -> {form.action}: {sign}" for sign in raw_script(text)]
    assert taken >= 20
    again = walk(browser, [one.path for one in walked.found.values()])
    for (route, _), text in again.texts.items():
        wrong += [f"{route}: {sign}" for sign in raw_script(text)]
    assert not wrong, "\n".join(wrong)
    assert again.wrong == []


@pytest.mark.parametrize(
    "odd",
    [
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%2e%2e",
        "A" * 300,
        "1%27%20OR%201=1",
        "-1",
        "99999999999999999999",
        "%E2%80%AE",
    ],
)
def test_odd_arguments_of_every_address_are_not_found(town: Town, browser: Browser, odd: str) -> None:
    from linli.web.tests.walk.crawl import routes

    wrong = []
    for who in ("", "duan", "beth"):
        client = browser(who)
        for name, (_face, pattern) in routes().items():
            path = "/" + str(pattern.pattern)
            asked = "/".join(odd if part.startswith("<") else part for part in path.split("/"))
            if "<" not in path:
                asked += f"?q={odd}&no={odd}&after={odd}&place={odd}&on={odd}&view={odd}"
            answer = client.get(asked, HTTP_HOST=HOST)
            if (answer.status_code == 200 and "<" in path) or answer.status_code >= 500:
                wrong.append(f"{name} for {who or 'nobody'}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
