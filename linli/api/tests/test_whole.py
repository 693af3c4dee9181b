"""The whole description tried with whatever fits it and whatever does not: no crash, nothing undeclared, no open door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linli.api.tests.conftest import Keyed
from linli.cases.tests.desk import in_hand, open_one
from tests.town import GRIDS, STREET, Town

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DOCUMENT = "/api/v1/openapi.json"
OPERATIONS = 26
TRIES = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)


@pytest.fixture
def held() -> Iterator[None]:
    """The connection of the test's transaction stays open between requests, as Django's own test client keeps it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def operations(town: Town, held: None, settings: Any) -> list[Any]:
    import schemathesis
    from django.core.wsgi import get_wsgi_application

    settings.API_REQUESTS_A_MINUTE = 10**9
    town.ground()
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())
    found: list[Any] = [one.ok() for one in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(found) == OPERATIONS
    return found


@pytest.fixture
def known(keyed: Keyed, town: Town) -> dict[str, list[str]]:
    """Things that are there, by the name of the parameter that asks for them."""
    steps = [
        "dispatch", "note", "reply", "classify", "locate", "split", "seal", "void", "bring_in", "say", "open_part", "join",
    ]  # fmt: skip
    return {
        "no": [open_one().no, in_hand(town).no],
        "step": steps,
        "code": [STREET, GRIDS[0]],
        "matter": ["event.01.002"],
        "key": ["request.sign_within"],
        "queue": ["place", "body", "named"],
    }


def _modes() -> Iterator[Any]:
    from schemathesis.generation import GenerationMode

    yield from (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def _try(operation: Any, mode: Any, check: Callable[[Any, Any], None]) -> None:
    """Let `check` look at cases of an operation; what cannot be made wrong at all is left out."""
    from schemathesis.core.errors import InvalidSchema

    @TRIES
    @given(st.data())
    def tried(data: Any) -> None:
        check(data.draw(strategy), data)

    try:
        strategy = operation.as_strategy(generation_mode=mode)
        tried()
    except InvalidSchema as error:
        raise AssertionError(operation.label) from error


def test_whatever_comes_nothing_breaks_and_nothing_is_undeclared(operations: list[Any], keyed: Keyed) -> None:
    headers = {"Authorization": f"Bearer {keyed.duan.key}"}
    # Rules may refuse what the schema allows.
    others = _checks("positive_data_acceptance")
    # A name with no value at all is not sent, so nothing in such an address can be refused.
    unsent = _checks("positive_data_acceptance", "negative_data_rejection")

    def check(case: Any, _: Any) -> None:
        is_sent = all(value not in ([], {}) for value in (case.query or {}).values())
        case.call_and_validate(headers=headers, excluded_checks=others if is_sent else unsent)

    for operation in operations:
        for mode in _modes():
            _try(operation, mode, check)


def test_on_things_that_are_there_nothing_breaks_either(
    operations: list[Any], keyed: Keyed, known: dict[str, list[str]]
) -> None:
    link = in_hand(keyed.town).token
    # These speak of the case as it was made, which is not the one sent here.
    others = _checks("negative_data_rejection", "positive_data_acceptance", "ignored_auth")

    def check(case: Any, data: Any) -> None:
        for name in case.path_parameters or {}:
            if name in known:
                case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
        if case.headers is not None and "Linli-Link" in case.headers:
            case.headers["Linli-Link"] = link
        caller = data.draw(st.sampled_from([keyed.duan, keyed.han, keyed.fang]))
        answer = case.call(headers={"Authorization": f"Bearer {caller.key}"})
        assert answer.status_code < 500, answer.text
        case.validate_response(answer, excluded_checks=others)

    for operation in operations:
        _try(operation, next(_modes()), check)


def _checks(*names: str) -> list[Any]:
    from schemathesis.checks import CHECKS

    found: list[Any] = CHECKS.get_by_names(list(names))
    return found


def test_without_a_key_every_operation_refuses(operations: list[Any]) -> None:
    def check(case: Any, data: Any) -> None:
        key = f"Bearer lk_{uuid4().hex[:8]}_{uuid4().hex}"
        header = data.draw(st.sampled_from([None, "Bearer", "Basic dTpw", key]))
        answer = case.call(headers={"Authorization": header} if header else {})
        assert answer.status_code == 401, answer.text
        assert answer.headers["content-type"] == ["application/problem+json"]

    for operation in operations:
        _try(operation, next(_modes()), check)
