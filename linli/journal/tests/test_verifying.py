"""Everything fits, until somebody bends it: then the first entry that does not fit is named."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from linli.journal.domain import Head, chain
from linli.journal.erasing import erase_subject
from linli.journal.sealing import seal_due, seals_folder, stored_seals
from linli.journal.selectors import entries_of
from linli.journal.services import append_many
from linli.journal.tests.town import AFTER, DAY_ONE, entry, one, small_log, sql, tampering, wipe, with_parts
from linli.journal.verifying import Finding, Verification, verify
from linli.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _log() -> None:
    small_log()
    seal_due(AFTER)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Copies that another body keeps."""
    return Path(shutil.copytree(seals_folder(), tmp_path / "outside"))


def found(result: Verification) -> list[tuple[str, str, int | None]]:
    return [(finding.kind, finding.subject, finding.seq) for finding in result.findings]


def first(result: Verification) -> Finding:
    assert result.first is not None
    return result.first


def test_all_fits(outside: Path) -> None:
    result = verify([seals_folder(), outside])
    assert (result.found, result.entries, result.subjects, result.parts) == (0, 12, 3, 3)
    assert (result.seals, result.outside, result.unsealed, result.first) == (3, 6, 0, None)


@pytest.mark.parametrize(
    "change",
    [
        "data = jsonb_set(data, '{day}', '2')", "data = data || '{\"x\": 1.5}'", "verb = 'cases.case.done'",
        "verb = 'x\"'", "actor_account = 6", "actor_voice = 1", "post = 2", "at = at + interval '1 microsecond'",
        "actor_kind = 'machine'", "version = 2", "organisation = 4", "hash = decode(repeat('00', 32), 'hex')",
    ],
)  # fmt: skip
def test_a_changed_byte_is_found(change: str) -> None:
    with tampering():
        assert sql(f"UPDATE journal_entry SET {change} WHERE subject = 'case:2' AND seq = 2") == 1
    bent = first(verify())
    assert (bent.kind, bent.subject, bent.seq) == ("changed", "case:2", 2)
    assert bent.recorded_at == DAY_ONE + timedelta(days=1)


def test_an_entry_rewritten_with_its_hash_is_found_at_the_next() -> None:
    with tampering():
        bent = entry("case:2", DAY_ONE + timedelta(days=1), day=9)
        prev = entries_of("case:2")[0].hash
        link = chain({"case:2": Head(1, prev)}, [bent])[0]
        sql(
            "UPDATE journal_entry SET data = %s::jsonb, hash = %s WHERE subject = 'case:2' AND seq = 2",
            link.data_json,
            link.hash,
        )
    assert ("link", "case:2", 3) in found(verify())


def test_a_dropped_entry_is_found() -> None:
    with tampering():
        sql("DELETE FROM journal_entry WHERE subject = 'case:2' AND seq = 2")
    assert ("missing", "case:2", 2) in found(verify())


def test_two_swapped_entries_are_found() -> None:
    with tampering():
        sql("UPDATE journal_entry SET seq = 5 - seq WHERE subject = 'case:2' AND seq IN (2, 3)")
    bent = first(verify())
    assert (bent.subject, bent.seq) == ("case:2", 2)


def test_an_entry_moved_to_another_subject_is_found() -> None:
    with tampering():
        sql("UPDATE journal_entry SET subject = 'case:7' WHERE subject = 'case:2' AND seq = 4")
    assert {("missing", "case:2", 4), ("missing", "case:7", 1)} <= set(found(verify()))


def test_an_entry_told_twice_is_found() -> None:
    with tampering():
        sql("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
        sql(
            "INSERT INTO journal_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', e.id + 1000))).*"
            " FROM journal_entry e WHERE subject = 'case:2' AND seq = 2"
        )
        sql("ALTER TABLE journal_entry ENABLE TRIGGER ALL")
    assert ("doubled", "case:2", 2) in found(verify())


def test_a_cut_tail_is_found_by_its_head() -> None:
    with tampering():
        sql("DELETE FROM journal_entry WHERE subject = 'case:2' AND seq >= 3")
    assert ("missing", "case:2", 3) in found(verify())


def test_a_chain_gone_with_all_its_entries_is_found_by_its_head() -> None:
    with tampering():
        sql("DELETE FROM journal_entry WHERE subject IN ('case:1', 'case:3')")
    assert {("missing", "case:1", 1), ("missing", "case:3", 1)} <= set(found(verify()))


def cut_last_and_mend() -> None:
    """Remove the last entry and mend head, seals and this machine's files: what a thorough owner can do."""
    with tampering():
        sql("DELETE FROM journal_entry WHERE subject = 'case:3' AND recorded_at >= %s", DAY_ONE + timedelta(days=2))
        sql("DELETE FROM journal_entry WHERE subject = 'case:3' AND verb = 'cases.voice.added'")
        last = entries_of("case:3")[-1]
        sql("UPDATE journal_head SET seq = %s, hash = %s WHERE subject = 'case:3'", last.seq, last.hash)
        sql("DELETE FROM journal_seal")
    shutil.rmtree(seals_folder())
    seal_due(AFTER)


def test_a_tail_cut_with_its_head_is_found_by_the_seal() -> None:
    with tampering():
        sql("DELETE FROM journal_entry WHERE subject = 'case:3' AND seq = 4")
        last = entries_of("case:3")[-1]
        sql("UPDATE journal_head SET seq = %s, hash = %s WHERE subject = 'case:3'", last.seq, last.hash)
    result = verify()
    assert found(result) == [("seal", "", None)]
    assert first(result).day == DAY_ONE.date()


def test_a_tail_cut_and_resealed_is_found_only_by_copies_held_outside(outside: Path) -> None:
    cut_last_and_mend()
    assert verify([seals_folder()]).found == 0
    result = verify([outside])
    assert (first(result).kind, first(result).day) == ("outside", date(2026, 11, 23))


def test_days_that_vanished_are_found_by_copies_held_outside(outside: Path) -> None:
    with tampering():
        sql("DELETE FROM journal_seal WHERE day >= '2026-11-25'")
    assert verify([seals_folder()]).findings[0].kind == "seal_missing"
    assert first(verify([outside])).day == date(2026, 11, 25)


@pytest.mark.parametrize(
    "change", ["prev = decode(repeat('11', 32), 'hex')", "hash = decode(repeat('11', 32), 'hex')", "entries = 5"]
)
def test_a_bent_seal_is_found(change: str) -> None:
    with tampering():
        sql(f"UPDATE journal_seal SET {change} WHERE day = '2026-11-24'")
    assert {finding.day for finding in verify([seals_folder()]).findings} >= {date(2026, 11, 24)}


def test_a_bent_file_is_found(outside: Path) -> None:
    path = outside / "2026-11-24.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "entries": 4}))
    assert [(f.kind, f.day) for f in verify([outside]).findings] == [("outside", date(2026, 11, 24))]


def test_entries_of_one_instant_that_change_places_are_found() -> None:
    with tampering():
        sql("UPDATE journal_entry SET id = id + 500 WHERE subject = 'case:1' AND seq = 1")
    assert [finding.kind for finding in verify().findings] == ["seal"]


def test_a_part_of_another_entry_is_found() -> None:
    with tampering():
        sql(
            "UPDATE journal_entry SET personal = (SELECT min(id) FROM journal_personal) WHERE subject = 'case:2' AND seq = 4"
        )
    assert found(verify()) == [("part_changed", "case:2", 4)]


def test_a_bent_or_vanished_part_is_found() -> None:
    sql(
        "UPDATE journal_personal SET cipher = set_byte(cipher, 30, 255 - get_byte(cipher, 30)) WHERE subject = 'case:1'"
    )
    with tampering():
        sql("DELETE FROM journal_personal WHERE subject = 'case:2'")
    sql("UPDATE journal_personal SET key_id = 'k000000000000' WHERE subject = 'case:3'")
    kinds = {subject: kind for kind, subject, _seq in found(verify())}
    assert kinds == {"case:1": "part_unreadable", "case:2": "part_missing", "case:3": "key_missing"}


def test_erasing_leaves_everything_fitting_and_secret_erasing_does_not() -> None:
    erase_subject("case:1", SYSTEM, AFTER)
    result = verify([seals_folder()])
    assert (result.found, result.parts_erased, result.unsealed) == (0, 1, 1)
    sql("UPDATE journal_personal SET cipher = NULL, key_id = '', erased_at = now() WHERE subject = 'case:2'")
    assert [f.kind for f in verify().findings] == ["erased_unsaid"]


def test_findings_hold_nothing_personal() -> None:
    with_parts("case:4", at=AFTER, content=b"13800138000")
    with tampering():
        sql("UPDATE journal_personal SET purpose = 'bent'")
        sql('UPDATE journal_entry SET data = \'{"name": "13800138000"}\'')
    result = verify()
    assert result.found >= 4
    assert "13800138000" not in repr(result)


def test_many_findings_keep_the_earliest() -> None:
    append_many([entry(f"late:{n}", AFTER) for n in range(150)])
    with tampering():
        sql("UPDATE journal_entry SET version = 9 WHERE subject LIKE 'late:%%' OR (subject = 'case:3' AND seq = 1)")
    result = verify()
    assert (result.found, len(result.findings)) == (151, 100)
    assert (first(result).subject, first(result).seq) == ("case:3", 1)


def test_sealing_twice_changes_nothing_and_empty_days_are_sealed() -> None:
    before = list(stored_seals())
    assert seal_due(AFTER) == []
    assert [seal.entries for seal in seal_due(AFTER + timedelta(days=2))] == [0, 0]
    assert list(stored_seals())[:3] == before
    assert len(list((Path(settings.LINLI_HOME) / "seals").iterdir())) == 5
    assert one("SELECT count(*) FROM journal_closing") == 5
    assert verify([seals_folder()]).found == 0


def test_a_log_without_entries_has_nothing_to_seal() -> None:
    wipe()
    assert seal_due(AFTER) == []
    assert verify().found == 0


def test_sealing_goes_on_where_it_was_interrupted() -> None:
    with tampering():
        sql("DELETE FROM journal_seal WHERE day >= '2026-11-24'")
    assert [seal.day.day for seal in seal_due(AFTER)] == [24, 25]
    assert verify([seals_folder()]).found == 0
