"""Attacks on residents' pages: script in every field, forged and repeated posts, guessed links, lying and bursting uploads, floods."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.models import Case, Evidence
from linli.cases.tests.desk import later
from linli.cases.tests.test_evidence import bomb, with_exif
from linli.web.base.pages import PUBLIC
from linli.web.conftest import Clock
from linli.web.resident import urls
from linli.web.resident.tests.conftest import WORDS, case_of, jpeg, reported, send, token_in
from tests.town import Town

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
MARKERS = {
    "words": "标记甲路灯不亮",
    "where": "标记乙路口",
    "phone": "13977776666",
    "helper": "标记丙",
    "relation": "标记丁",
}


def test_every_page_says_who_may_open_it() -> None:
    for one in urls.urlpatterns:
        assert getattr(one.callback, "policy", None) is PUBLIC, one.name


@pytest.mark.parametrize(
    "field", ["words", "where", "phone", "helper", "relation", "matter", "tell", "lon", "lat", "name"]
)
def test_script_in_a_field_is_shown_as_text(browser: Client, field: Any) -> None:
    fields = {"words": "", "where": "", "for_other": "yes", field: SCRIPT}
    text = send(browser, **fields).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "7*7" not in text.replace("{{7*7}}", "")


def test_script_in_words_is_text_on_every_page_behind_the_link(browser: Client) -> None:
    token = reported(
        browser,
        words=f"路灯不亮{SCRIPT}",
        where=f"路口{SCRIPT}",
        for_other="yes",
        helper=SCRIPT[:60],
        relation="邻居",
        consent="yes",
    )
    send(browser, f"/f/{token}/add", words=SCRIPT)
    for path in (
        f"/f/{token}",
        f"/report/done/{token}",
        f"/f/{token}/correct",
        f"/my/{token}",
        f"/f/{token}/rate",
        "/around",
    ):
        text = browser.get(path).content.decode()
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path


def test_a_post_from_elsewhere_is_refused_on_every_form(browser: Client) -> None:
    token = reported(browser)
    before = Case.objects.get(pk=case_of(token)).seq
    paths = ["/report", "/report/guess", "/find", "/my"]
    paths += [f"/f/{token}/{one}" for one in ("add", "correct", "withdraw", "leave", "remind", "rate")]
    paths += [f"/my/{token}/correct", f"/my/{token}/erase"]
    stranger = Client(enforce_csrf_checks=True)
    for path in paths:
        assert stranger.post(path, {"words": WORDS, "sure": "yes", "solved": "yes"}).status_code == 403, path
    assert Case.objects.get(pk=case_of(token)).seq == before


def test_a_replayed_step_acts_once(browser: Client) -> None:
    token = reported(browser)
    form = {**token_in(browser, f"/f/{token}/add"), "words": "补一句"}
    assert [browser.post(f"/f/{token}/add", form).status_code for _ in range(3)] == [302, 302, 302]
    from linli.journal.selectors import entries_of

    assert len([e for e in entries_of(f"case:{case_of(token)}") if e.verb.endswith(".add")]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/f/{}",
        "/f/{}/add",
        "/f/{}/rate",
        "/f/{}/correct",
        "/f/{}/withdraw",
        "/report/done/{}",
        "/my/{}",
        "/my/{}/download",
    ],
)
def test_a_guessed_link_is_nothing(browser: Client, path: Any) -> None:
    for guess in ("A" * 32, "a" * 31 + "_", "0" * 32):
        assert browser.get(path.format(guess)).status_code == 404
    for odd in ("../../etc/passwd", "%2e%2e", "1", "A" * 200):
        assert browser.get(path.format(odd)).status_code == 404


def test_somebody_elses_photo_cannot_be_sent_along_or_seen(browser: Client) -> None:
    other = Client(enforce_csrf_checks=True)
    send(other, words="", where="", photos=jpeg())
    photo = Evidence.objects.get()
    form = token_in(browser)
    assert browser.get(f"/report/{form['draft']}/photo/{photo.pk}").status_code == 404
    reported(browser, drop=str(photo.pk))
    assert Evidence.objects.get().case_id is None


LIES = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.jpg", "image/jpeg"),
    "html": (b"<html><script>alert(1)</script>", "a.png", "image/png"),
    "php": (b"<?php phpinfo(); ?>", "../../a.php.jpg", "image/jpeg"),
    "bomb": (bomb(60_000, 60_000), "a.png", "image/png"),
    "cut": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.jpg", "image/jpeg"),
    "zip": (b"PK\x03\x04" + b"\0" * 100, "a.webp", "image/webp"),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_upload_that_lies_is_refused_in_words_and_nothing_is_kept(browser: Client, lie: Any) -> None:
    content, name, declared = LIES[lie]
    response = send(browser, words=WORDS, where="桂花路口", photos=SimpleUploadedFile(name, content, declared))
    text = response.content.decode()
    assert response.status_code == 422
    assert "这个文件不是照片" in text or "像素太多" in text
    assert Evidence.objects.count() == 0
    assert Case.objects.count() == 0


def test_a_big_photo_is_refused_with_its_size(browser: Client) -> None:
    response = send(
        browser, words=WORDS, where="桂花路口", photos=SimpleUploadedFile("a.jpg", b"\xff" * 23_000_000, "image/jpeg")
    )
    assert response.status_code == 422
    assert "这张照片 23\u00a0MB，太大了。请选 10\u00a0MB 以内的。" in response.content.decode()


def test_an_oversized_body_is_refused_before_it_is_read(browser: Client) -> None:
    form = token_in(browser)
    response = browser.post("/report", {**form, "words": WORDS}, CONTENT_LENGTH="999999999")
    assert response.status_code == 413
    assert response["Connection"] == "close"


def test_too_many_photos_and_too_many_fields_are_refused(browser: Client) -> None:
    response = send(browser, words=WORDS, where="桂花路口", photos=[jpeg() for _ in range(6)])
    assert response.status_code == 422
    assert "一次最多 4 张照片" in response.content.decode()
    assert Evidence.objects.count() == 4
    many = {f"x{n}": "1" for n in range(1200)}
    assert browser.post("/report", {**token_in(browser), **many}).status_code == 400


def test_a_photo_keeps_no_trace_of_the_telephone_it_came_from(browser: Client) -> None:
    token = reported(browser, photos=SimpleUploadedFile("secret name.jpg", with_exif(), "image/jpeg"))
    (photo,) = Evidence.objects.filter(case=case_of(token))
    got = browser.get(f"/f/{token}/photo/{photo.pk}")
    assert b"secret-owner" not in got.content
    assert b"Exif" not in got.content
    assert "secret name" not in str(vars(photo))
    assert got["X-Content-Type-Options"] == "nosniff"


def test_long_words_are_refused_not_cut(browser: Client) -> None:
    assert send(browser, words="路灯" * 1500, where="桂花路口").status_code == 422
    assert send(browser, words="\x00\u202e路灯不亮", where="桂花路口").status_code == 302


def test_a_flood_from_one_browser_is_stopped_and_neighbours_behind_the_same_address_are_not(
    browser: Client, place: Town
) -> None:
    for _ in range(8):
        reported(browser)
    stopped = send(browser, words=WORDS, where="桂花路口")
    assert stopped.status_code == 429
    assert "打 12345" in stopped.content.decode()
    assert WORDS in stopped.content.decode()
    for _ in range(12):
        reported(Client(enforce_csrf_checks=True))


def test_a_machine_that_throws_its_cookies_away_is_stopped_by_its_connection(
    place: Town, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    from linli.access.counting import counter
    from linli.journal.keyring import key_ring

    for _ in range(200):
        counter().count(key_ring().fingerprint(b"resident.report|127.0.0.1").hex(), 600, clock.at)
    fresh = Client(enforce_csrf_checks=True)
    assert send(fresh, words=WORDS, where="桂花路口").status_code == 429
    elsewhere = Client(enforce_csrf_checks=True, REMOTE_ADDR="10.9.8.7")
    assert send(elsewhere, words=WORDS, where="桂花路口").status_code == 302


def test_nothing_that_one_resident_told_is_on_any_page_of_another(browser: Client, place: Town, clock: Clock) -> None:
    told = Client(enforce_csrf_checks=True)
    mine = reported(told, for_other="yes", consent="yes", tell="message", **MARKERS, photos=jpeg())
    send(told, f"/f/{mine}/add", words="标记戊")
    other = reported(browser)
    clock.at = later(hours=4)
    paths = ["/", "/report", "/around", "/find", "/my", "/privacy", "/around/ground", f"/f/{other}", f"/my/{other}",
             f"/report/done/{other}", f"/f/{other}/rate", f"/my/{other}/download"]  # fmt: skip
    marks = [*MARKERS.values(), "标记戊", mine, str(Case.objects.get(pk=case_of(mine)).no)]
    for path in paths:
        text = browser.get(path).content.decode()
        assert not [mark for mark in marks if mark in text], path
    shown = told.get(f"/my/{mine}").content.decode()
    assert all(mark in shown for mark in MARKERS.values())


def test_private_pages_are_kept_nowhere_on_the_way(browser: Client) -> None:
    token = reported(browser, photos=jpeg())
    (photo,) = Evidence.objects.all()
    for path in (
        f"/f/{token}",
        f"/report/done/{token}",
        f"/my/{token}",
        f"/f/{token}/photo/{photo.pk}",
        f"/my/{token}/download",
    ):
        response = browser.get(path)
        assert "no-store" in response["Cache-Control"], path
        assert response["Referrer-Policy"] == "same-origin"
