"""The key ring, its files, its export; and sealing of parts."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from linli.journal.domain import PersonalDraft, commitment
from linli.journal.errors import KeyMissingError, PartUnreadableError
from linli.journal.keyfile import export_keys, import_keys
from linli.journal.keyring import KeyRing, ensure_ring, ring_folder
from linli.journal.parts import bound_to, seal_part, unseal
from linli.kernel.errors import ConflictError, InputError

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
PASSPHRASE = "four words on a card"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    ensure_ring(tmp_path / "keys")
    return KeyRing(tmp_path / "keys")


def test_what_was_sealed_opens(ring: KeyRing) -> None:
    key_id, cipher = ring.seal(b"content", b"bound")
    assert ring.open(key_id, cipher, b"bound") == b"content"
    assert b"content" not in cipher


@pytest.mark.parametrize("bound", [b"", b"other"])
def test_it_opens_only_for_what_it_was_bound_to(ring: KeyRing, bound: bytes) -> None:
    key_id, cipher = ring.seal(b"content", b"bound")
    with pytest.raises(PartUnreadableError):
        ring.open(key_id, cipher, bound)


def test_a_changed_or_cut_cipher_does_not_open(ring: KeyRing) -> None:
    key_id, cipher = ring.seal(b"content", b"")
    for broken in (cipher[:-1] + bytes([cipher[-1] ^ 1]), cipher[:20], b""):
        with pytest.raises(PartUnreadableError):
            ring.open(key_id, broken, b"")


def test_files_are_closed_to_others_and_made_once(ring: KeyRing) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in ring.folder.iterdir()} == {0o600}
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700
    assert not ensure_ring(ring.folder)


def test_a_new_key_seals_and_the_old_one_still_opens(ring: KeyRing) -> None:
    other = KeyRing(ring.folder)
    old, cipher = other.seal(b"content", b"")
    new = ring.add_key()
    assert other.seal(b"x", b"")[0] == new != old
    assert ring.open(old, cipher, b"") == b"content"
    assert set(ring.key_ids()) == {old, new}


def test_a_missing_ring_or_key_says_what_to_do(tmp_path: Path, ring: KeyRing) -> None:
    with pytest.raises(KeyMissingError) as caught:
        KeyRing(tmp_path / "nowhere").active()
    assert "setup" in caught.value.hint
    for name in ("k000000000000", "../secret"):
        with pytest.raises(KeyMissingError):
            ring.key_bytes(name)


def test_the_folder_may_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ring_folder(tmp_path) == tmp_path / "secrets" / "keys"
    monkeypatch.setenv("LINLI_KEYS_DIR", "/run/keys")
    assert ring_folder(tmp_path) == Path("/run/keys")


def test_fingerprints_need_the_key(tmp_path: Path, ring: KeyRing) -> None:
    ensure_ring(tmp_path / "other")
    assert ring.fingerprint(b"a") == ring.fingerprint(b"a") != ring.fingerprint(b"b")
    assert KeyRing(tmp_path / "other").fingerprint(b"a") != ring.fingerprint(b"a")


def test_a_part_holds_its_salt_and_is_bound_by_it(ring: KeyRing) -> None:
    draft = PersonalDraft("case:12", "voice.identity", "王芳 13800138000".encode(), date(2027, 1, 1))
    one, two = seal_part(draft, AT, ring), seal_part(draft, AT, ring)
    assert one.commitment != two.commitment
    salt, content = unseal(ring, one.key_id, one.cipher, bound_to("case:12", "voice.identity"))
    assert (content, commitment(salt, content)) == (draft.content, one.commitment)
    with pytest.raises(PartUnreadableError):
        unseal(ring, one.key_id, one.cipher, bound_to("case:13", "voice.identity"))


def test_the_ring_travels_in_one_encrypted_file(tmp_path: Path, ring: KeyRing) -> None:
    key_id, cipher = ring.seal(b"content", b"")
    ring.add_key()
    out = tmp_path / "ring.json"
    assert export_keys(ring, PASSPHRASE, out) == 2
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert ring.key_bytes(key_id).hex() not in out.read_text()
    restored = KeyRing(tmp_path / "new" / "keys")
    assert import_keys(restored, PASSPHRASE, out) == 2
    assert restored.open(key_id, cipher, b"") == b"content"
    assert restored.active() == ring.active()
    assert restored.fingerprint(b"a") == ring.fingerprint(b"a")
    assert import_keys(restored, PASSPHRASE, out) == 0


def test_export_and_import_refuse_what_is_wrong(tmp_path: Path, ring: KeyRing) -> None:
    out = tmp_path / "ring.json"
    with pytest.raises(InputError):
        export_keys(ring, "short", out)
    export_keys(ring, PASSPHRASE, out)
    with pytest.raises(ConflictError):
        export_keys(ring, PASSPHRASE, out)
    with pytest.raises(InputError, match="wrong"):
        import_keys(KeyRing(tmp_path / "new"), "not the passphrase", out)
    (tmp_path / "other").write_text("{}")
    with pytest.raises(InputError, match="no exported"):
        import_keys(KeyRing(tmp_path / "new"), PASSPHRASE, tmp_path / "other")
