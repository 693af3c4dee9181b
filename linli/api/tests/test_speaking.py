"""A reporter's acts by the private link: steps of the procedure, once a request, within the same limits as on their pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.api.scopes import Scope
from linli.api.tests.conftest import ROOT, Caller, Keyed
from linli.api.tests.reports import ACCUSING, report
from linli.cases.models import Case
from linli.cases.tests.desk import in_hand, later, open_one, take
from linli.cases.tests.test_evidence import photo
from linli.journal.selectors import entries_of
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(keyed: Keyed) -> Caller:
    """An app for residents: no post, keys for its own operations alone."""
    return keyed.caller("mo", [Scope.FILE, Scope.FOLLOW, Scope.SPEAK, Scope.ATTACH])


def _solved(town: Town) -> Any:
    opened = in_hand(town)
    take(opened.case, "reply", town.ref("han"), later(minutes=20), result="solved", words="已清理完毕。")
    take(opened.case, "check_on_site", town.ref("fang"), later(minutes=25), done=True)
    return opened


def _steps(case: int) -> list[str]:
    return [entry.verb.rpartition(".")[2] for entry in entries_of(f"case:{case}")]


def test_each_act_is_a_step_and_shows_where_the_matter_is(app: Caller, town: Town) -> None:
    opened = in_hand(town)
    reminded = app.speak(opened.token, "remind").json()
    assert (reminded["repeated"], reminded["now"]["no"], reminded["now"]["reminders"]) == (False, opened.no, 1)
    assert app.speak(opened.token, "add", words="又堆了一袋").json()["now"]["state"] == "in_hand"
    assert app.speak(opened.token, "withdraw").json()["now"]["state"] == "withdrawn"
    assert _steps(opened.case)[-3:] == ["remind", "add", "withdraw"]


@pytest.mark.parametrize(
    ("act", "said"), [("remind", {}), ("add", {"words": "又一袋"}), ("withdraw", {"words": "好了"})]
)
def test_a_repeated_request_acts_once_and_other_words_under_it_are_refused(
    app: Caller, town: Town, act: str, said: dict[str, str]
) -> None:
    opened, request = in_hand(town), uuid4()
    first = app.speak(opened.token, act, request, **said).json()
    long = _steps(opened.case)
    again = app.speak(opened.token, act, request, **said)
    assert again.json() == {**first, "repeated": True}
    other = app.speak(opened.token, act, request, words="别的话")
    assert (other.status_code, other.json()["code"]) == (409, "journal.request_reused")
    assert _steps(opened.case) == long


def test_words_are_put_right_for_some_minutes(app: Caller, town: Town) -> None:
    town.ground()
    filed = app.post("/cases", report()).json()
    request = uuid4()
    words = "路口的垃圾桶翻倒了，请扶起来"
    assert app.speak(filed["link"], "correct", request, words=words).status_code == 200
    assert app.speak(filed["link"], "correct", request, words=words).json()["repeated"] is True
    assert _steps(Case.objects.get(no=filed["no"]).id).count("correct") == 1
    old = open_one()
    late = app.speak(old.token, "correct", words=words)
    assert (late.status_code, late.json()["code"]) == (403, "case.correct_late")


def test_words_of_another_compartment_are_not_put_into_this_one(app: Caller, town: Town) -> None:
    now = datetime.now(UTC)
    opened = open_one(at=now, received_at=now)
    long = _steps(opened.case)
    refused = app.speak(opened.token, "correct", words=ACCUSING)
    assert (refused.status_code, refused.json()["code"]) == (403, "report.other_matter")
    assert _steps(opened.case) == long


def test_solved_is_said_once(app: Caller, town: Town) -> None:
    opened = _solved(town)
    told = app.speak(opened.token, "rate", solved="yes", satisfied="fairly", words="谢谢").json()
    assert (told["now"]["state"], told["not_reopened"]) == ("closed", "")
    again = app.speak(opened.token, "rate", solved="no")
    assert (again.status_code, again.json()["code"]) == (403, "case.rated")


def test_not_solved_opens_a_closed_matter_again_once_in_either_language(app: Caller, town: Town) -> None:
    opened, request = _solved(town), uuid4()
    given = {"request_id": str(request), "solved": "no"}
    told = app.post("/follow/rate", given, {"Linli-Link": opened.token, "Accept-Language": "en"})
    assert told.json()["now"]["state"] == "received"
    again = app.post("/follow/rate", given, {"Linli-Link": opened.token, "Accept-Language": "zh-hans"})
    assert again.json() == {**told.json(), "repeated": True}
    assert _steps(opened.case)[-2:] == ["rate", "reopen"]


def test_photos_of_the_keys_account_go_with_what_is_added(app: Caller, keyed: Keyed, town: Town) -> None:
    opened = in_hand(town)
    headers = {"Authorization": f"Bearer {app.key}"}
    kept = app.client.post(
        f"{ROOT}/attachments", {"photo": SimpleUploadedFile("p.jpg", photo())}, headers=headers
    ).json()
    assert app.speak(opened.token, "add", evidence=[kept["id"]]).status_code == 200
    for name in ("han", "fang", "duan"):
        assert keyed.caller(name).get(f"/cases/{opened.no}/attachments/{kept['id']}").status_code == 404
    other = app.speak(open_one().token, "add", evidence=[kept["id"]])
    assert (other.status_code, other.json()["code"]) == (422, "evidence.unknown")


@pytest.mark.parametrize(
    ("act", "said", "fields"),
    [
        ("add", {}, ["body.words"]),
        ("add", {"words": "  "}, ["body.words"]),
        ("add", {"words": "长" * 2001}, ["body.words"]),
        ("add", {"words": "好", "evidence": [0]}, ["body.evidence.0"]),
        ("correct", {"words": "……"}, ["body.words"]),
        ("withdraw", {"reason": "好了"}, ["body.reason"]),
        ("rate", {}, ["body.solved"]),
        ("rate", {"solved": "maybe"}, ["body.solved"]),
        ("remind", {"request_id": "1"}, ["body.request_id"]),
    ],
)
def test_what_is_wrong_is_named(app: Caller, town: Town, act: str, said: dict[str, Any], fields: list[str]) -> None:
    opened = in_hand(town)
    long = _steps(opened.case)
    given = {"request_id": str(uuid4()), **said}
    answer = app.post(f"/follow/{act}", given, {"Linli-Link": opened.token})
    assert answer.status_code == 422
    assert list(answer.json()["data"]["fields"]) == fields
    assert _steps(opened.case) == long


@pytest.mark.parametrize("act", ["remind", "add", "correct", "withdraw", "rate"])
def test_a_link_that_is_none_gets_one_answer_and_guesses_are_counted_with_all_requests(
    app: Caller, town: Town, settings: Any, act: str
) -> None:
    token = in_hand(town).token
    said = {"words": "又一袋", **({"solved": "no"} if act == "rate" else {})}
    answers = [app.speak(link, act, **said) for link in (token[::-1], "x", token + "x", "é")]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    assert app.post(f"/follow/{act}", {"request_id": str(uuid4()), **said}).status_code == 422
    settings.API_REQUESTS_A_MINUTE = 1
    paced = [app.speak("x", act, **said).status_code for _ in range(3)]
    assert 429 in paced


def test_following_does_not_open_speaking(keyed: Keyed, town: Town) -> None:
    opened = in_hand(town)
    reader = keyed.caller("mo", [Scope.FOLLOW])
    refused = reader.speak(opened.token, "remind")
    assert (refused.status_code, refused.json()["data"]) == (403, {"scope": "cases:speak"})
