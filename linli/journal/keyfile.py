"""The key ring as one file under a passphrase, to be kept where the database's backups are not.

scrypt (RFC 7914, N = 2^17, r = 8, p = 1) makes a key from the passphrase, AES-256-GCM encrypts the ring under it.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import TypedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from linli.journal.keyring import KEY_ID, NONCE, KeyRing, write_secret
from linli.kernel.errors import ConflictError, InputError

FORMAT = "linli-keys-1"
COST = 2**17
SHORTEST = 12


class Ring(TypedDict):
    """What the file holds, once it is open."""

    active: str
    fingerprint: str
    keys: dict[str, str]


def export_keys(ring: KeyRing, passphrase: str, out: Path) -> int:
    """Write all keys into one encrypted file of mode 0600.

    Args:
        ring: the ring.
        passphrase: at least twelve characters.
        out: a file that does not exist yet.

    Returns:
        How many keys it holds.

    Raises:
        InputError: the passphrase is too short.
        ConflictError: the file exists.
        KeyMissingError: the ring is incomplete.
    """
    if len(passphrase) < SHORTEST:
        raise InputError(f"The passphrase has fewer than {SHORTEST} characters.", code="journal.passphrase_short")
    keys = {key_id: ring.key_bytes(key_id).hex() for key_id in ring.key_ids()}
    plain = {"active": ring.active(), "fingerprint": ring.fingerprint_bytes().hex(), "keys": keys}
    salt, nonce = secrets.token_bytes(16), os.urandom(NONCE)
    cipher = AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, json.dumps(plain).encode(), FORMAT.encode())
    kdf = {"name": "scrypt", "n": COST, "r": 8, "p": 1, "salt": salt.hex()}
    text = json.dumps({"format": FORMAT, "kdf": kdf, "nonce": nonce.hex(), "cipher": cipher.hex()}, indent=1)
    try:
        write_secret(out, text)
    except FileExistsError as error:
        raise ConflictError(f"{out} exists.", code="journal.file_exists", hint="Name a new file.") from error
    return len(keys)


def import_keys(ring: KeyRing, passphrase: str, source: Path) -> int:
    """Put the keys of an exported file into the ring's folder; keys that are there stay as they are.

    Args:
        ring: the ring, possibly empty.
        passphrase: the one given at the export.
        source: the file.

    Returns:
        How many keys were added.

    Raises:
        InputError: the file is no export, or the passphrase is wrong.
    """
    held = _read(passphrase, source)
    ring.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = {f"{key_id}.key": key for key_id, key in held["keys"].items() if KEY_ID.fullmatch(key_id)}
    files |= {"fingerprint": held["fingerprint"], "active": held["active"]}
    added = 0
    for name, text in files.items():
        try:
            write_secret(ring.folder / name, text)
        except FileExistsError:
            continue
        added += name.endswith(".key")
    return added


def _read(passphrase: str, source: Path) -> Ring:
    try:
        said = json.loads(source.read_text(encoding="ascii"))
        key = _key(passphrase, bytes.fromhex(said["kdf"]["salt"]), min(int(said["kdf"]["n"]), COST))
        plain = AESGCM(key).decrypt(bytes.fromhex(said["nonce"]), bytes.fromhex(said["cipher"]), FORMAT.encode())
        found: Ring = json.loads(plain)
    except InvalidTag as error:
        raise InputError("The passphrase is wrong, or the file was changed.", code="journal.passphrase") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{source} is no exported key ring.", code="journal.key_file") from error
    return found


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())
