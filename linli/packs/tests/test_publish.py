"""Publishing: what holds where and when, that nothing is ever changed, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from django.db import Error, connection, transaction
from pytest_django import DjangoAssertNumQueries

from linli.journal.selectors import entries_of
from linli.kernel.actors import SYSTEM, ActorRef
from linli.kernel.errors import ConflictError
from linli.packs import checks, selectors, services
from linli.packs.errors import NoRulesError, PublishRefused
from linli.packs.models import Publication, StoredSnapshot
from linli.rules import compiler
from linli.rules.compiler import ProcedureCompiler, compile_pack
from linli.rules.parameters import Integer, Parameter
from linli.rules.problems import RuleErrors
from linli.rules.snapshot import Snapshot
from linli.rules.tests.folders import tries, write_pack

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
TRIES = Parameter("trial.tries", Integer)


@pytest.fixture(autouse=True)
def no_procedures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs of these tests have no procedures, whatever kinds the program has."""
    monkeypatch.setattr(compiler, "_COMPILERS", [])
    selectors.snapshot_by_hash.cache_clear()


def pack(root: Path, name: str, place: str, value: int) -> Snapshot:
    write_pack(root, name, place=place, files={"parameters/trial.yaml": tries(f"from: 2025-01-01, value: {value}")})
    return compile_pack(root, name)


def test_the_deepest_published_place_wins(tmp_path: Path) -> None:
    for name, place, value in (("land", "", 1), ("city", "9901", 2), ("district", "990102", 3)):
        services.publish(pack(tmp_path, name, place, value), SYSTEM, AT)
    live = selectors.live_rules(AT)
    asked = {"110101": 1, "990100": 2, "990105001": 2, "990102": 3, "990102003": 3}
    for place, value in asked.items():
        assert live.snapshot_for(place).at(place, AT.date())[TRIES] == value
    assert selectors.snapshot_for("", AT).pack == "land"


def test_rules_hold_from_their_publication_on_and_the_old_ones_stay(tmp_path: Path) -> None:
    old = pack(tmp_path, "city", "9901", 2)
    services.publish(old, SYSTEM, AT)
    new = pack(tmp_path, "city", "9901", 5)
    services.publish(new, SYSTEM, LATER)
    assert selectors.snapshot_for("990102", AT) == old
    assert selectors.snapshot_for("990102", LATER) == new
    selectors.snapshot_by_hash.cache_clear()
    kept = selectors.snapshot_by_hash(old.hash)
    assert kept.at("9901", AT.date())[TRIES] == 2
    assert [p.hash for p in selectors.publications("city")] == [new.hash, old.hash]


def test_rules_published_this_minute_are_read_and_read_once_a_minute(
    tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = AT + timedelta(seconds=20)
    with pytest.raises(NoRulesError):
        selectors.rules_this_minute(at)
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, at)
    assert selectors.rules_this_minute(at)[TRIES] == 2
    services.publish(pack(tmp_path, "city", "9901", 5), SYSTEM, at + timedelta(seconds=10))
    with django_assert_num_queries(0):
        selectors.rules_this_minute(at + timedelta(seconds=30))
    assert selectors.rules_this_minute(at + timedelta(seconds=40))[TRIES] == 5


def test_publishing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    snapshot = pack(tmp_path, "city", "9901", 2)
    assert services.publish(snapshot, SYSTEM, AT).changed
    assert not services.publish(snapshot, SYSTEM, LATER).changed
    assert Publication.objects.count() == 1


def test_going_back_to_old_rules_is_a_new_publication_of_the_same_content(tmp_path: Path) -> None:
    first, second = pack(tmp_path, "city", "9901", 2), pack(tmp_path, "city", "9901", 5)
    for snapshot, at in ((first, AT), (second, LATER), (first, LATER + timedelta(hours=1))):
        assert services.publish(snapshot, SYSTEM, at).changed
    assert (StoredSnapshot.objects.count(), Publication.objects.count()) == (2, 3)


def test_publishing_is_journalled_with_who_and_what_was_before(tmp_path: Path) -> None:
    first, second = pack(tmp_path, "city", "9901", 2), pack(tmp_path, "city", "9901", 5)
    services.publish(first, SYSTEM, AT)
    services.publish(second, ActorRef("person", account=7), LATER)
    entries = entries_of("pack:city")
    assert [e.verb for e in entries] == ["packs.snapshot.published"] * 2
    assert [e.actor.account for e in entries] == [None, 7]
    assert entries[1].data == {"hash": second.hash, "place": "9901", "chain": ["city"], "before": first.hash}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE packs_storedsnapshot SET pack = 'x'",
        "DELETE FROM packs_storedsnapshot",
        "UPDATE packs_publication SET place = ''",
        "DELETE FROM packs_publication",
    ],
)
def test_the_database_refuses_any_change(tmp_path: Path, statement: str) -> None:
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT)
    with pytest.raises(Error, match="published rules are never changed"), transaction.atomic():
        connection.cursor().execute(statement)


def test_another_pack_takes_a_place_only_when_it_says_so(tmp_path: Path) -> None:
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT)
    other = pack(tmp_path, "other", "9901", 3)
    with pytest.raises(PublishRefused, match="the pack city holds for the place 9901"):
        services.publish(other, SYSTEM, LATER)
    assert services.publish(other, SYSTEM, LATER, replaces="city").changed
    assert selectors.snapshot_for("9901", LATER).pack == "other"


def test_a_clock_that_went_back_is_refused(tmp_path: Path) -> None:
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, LATER)
    with pytest.raises(ConflictError, match="or later"):
        services.publish(pack(tmp_path, "city", "9901", 3), SYSTEM, AT)


def with_procedures(monkeypatch: pytest.MonkeyPatch, kinds: dict[str, list[str]], known: set[str]) -> None:
    """Hand in a compiler whose procedures call these handlers, in a code that has those known."""
    made = {kind: {"handlers": list(handlers)} for kind, handlers in kinds.items()}
    monkeypatch.setattr(
        compiler,
        "_COMPILERS",
        [
            ProcedureCompiler(
                compile=lambda overrides, _source: (cast("compiler.Compiled", made), []),
                handlers=lambda row: frozenset(cast("list[str]", row["handlers"])),
                known_handlers=lambda: frozenset(known),
            )
        ],
    )


def test_a_handler_that_live_rules_name_must_stay_in_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_procedures(monkeypatch, {"request": ["request.sign"]}, {"request.sign"})
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT)
    with_procedures(monkeypatch, {"request": ["request.take"]}, {"request.take"})
    with pytest.raises(PublishRefused, match=r"calls the handler request.sign, which this code does not have"):
        services.publish(pack(tmp_path, "city", "9901", 3), SYSTEM, LATER)
    assert selectors.snapshot_for("9901", LATER).at("9901", AT.date())[TRIES] == 2


def test_a_kind_of_case_is_not_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_procedures(monkeypatch, {"request": [], "event": []}, set())
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT)
    with_procedures(monkeypatch, {"request": []}, set())
    with pytest.raises(PublishRefused, match="have the kind event, the new ones do not"):
        services.publish(pack(tmp_path, "city", "9901", 3), SYSTEM, LATER)


def test_an_area_adds_a_check_before_publication(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_CHECKS", dict(checks._CHECKS))
    checks.register_publish_check("trial.no", lambda new, live: [f"{new.pack} is not liked"])
    with pytest.raises(PublishRefused, match="city is not liked"):
        services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT)
    assert not StoredSnapshot.objects.exists()


def test_no_rules_is_said(tmp_path: Path) -> None:
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT)
    with pytest.raises(NoRulesError, match="no rules are published for 110101"):
        selectors.snapshot_for("110101", AT)
    with pytest.raises(NoRulesError):
        selectors.snapshot_for("9901", AT - timedelta(seconds=1))
    with pytest.raises(NoRulesError, match="no rules with the hash"):
        selectors.snapshot_by_hash("0" * 64)


def test_a_pack_with_a_problem_is_not_published(tmp_path: Path) -> None:
    bad = tries("from: 2025-01-01, value: 3").replace("trial.tries", "trial.photo_quota")
    folder = write_pack(tmp_path, "city", place="9901", files={"parameters/trial.yaml": bad})
    with pytest.raises(RuleErrors, match=r"trial.photo_quota is refused"):
        services.publish_pack(folder, SYSTEM, AT)
    assert not Publication.objects.exists()


def test_asking_for_many_places_is_one_query(tmp_path: Path, django_assert_num_queries: object) -> None:
    services.publish(pack(tmp_path, "land", "", 1), SYSTEM, AT)
    services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT)
    for place in ("9901", ""):
        selectors.snapshot_for(place, AT)
    with django_assert_num_queries(1):  # type: ignore[operator]
        live = selectors.live_rules(AT)
        assert [live.snapshot_for(p).pack for p in ("990101", "990102", "110101")] == ["city", "city", "land"]


@pytest.mark.usefixtures("as_app")
def test_the_role_that_works_can_publish(tmp_path: Path) -> None:
    assert services.publish(pack(tmp_path, "city", "9901", 2), SYSTEM, AT).changed
    assert selectors.snapshot_for("9901", AT).pack == "city"
