"""The key ring of personal parts: AES-256-GCM under keys that lie outside the database.

A folder (`LINLI_HOME/secrets/keys`, or the one named by `LINLI_KEYS_DIR`; mode 0700) holds one file a key (mode 0600,
64 hex digits, named after its id), `active` with the id of the key that seals, and `fingerprint`, a key that is never
rotated and only recognises repeated forms. Key and fingerprint never appear in logs, arguments, errors or the database.

The subject and purpose of a part are bound into its encryption: a cipher moved to another subject does not open.
Each message gets a random nonce of 96 bits, sound below 2^32 messages a key: rotate long before that.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.journal.errors import KeyMissingError, PartUnreadableError

NONCE = 12
KEY = 32
KEY_ID = re.compile(r"k[0-9a-f]{12}")
SET_UP = "Run `linli setup`, or put the folder of keys back from its safe copy."


@dataclass(slots=True)
class KeyRing:
    """Keys of one folder, read when needed; a rotation by another process is noticed at the next use."""

    folder: Path
    _ciphers: dict[str, AESGCM] = field(default_factory=dict)
    _active: str = ""
    _active_stamp: int = -1
    _fingerprint: bytes = b""

    def active(self) -> str:
        """Id of the key that seals now.

        Raises:
            KeyMissingError: the folder has no keys.
        """
        path = self.folder / "active"
        try:
            stamp = os.stat(path).st_mtime_ns
        except FileNotFoundError as error:
            raise KeyMissingError("There is no key ring.", hint=SET_UP) from error
        if stamp != self._active_stamp:
            self._active = path.read_text(encoding="ascii").strip()
            self._active_stamp = stamp
        return self._active

    def seal(self, content: bytes, bound: bytes) -> tuple[str, bytes]:
        """Encrypt under the active key.

        Args:
            content: what to hide.
            bound: associated data; opening needs the same.

        Returns:
            Id of the key, and nonce with cipher text.

        Raises:
            KeyMissingError: there is no key ring.
        """
        key_id = self.active()
        nonce = os.urandom(NONCE)
        return key_id, nonce + self._cipher(key_id).encrypt(nonce, content, bound)

    def open(self, key_id: str, cipher: bytes, bound: bytes) -> bytes:
        """Decrypt what `seal` returned.

        Raises:
            KeyMissingError: the key is not in the folder.
            PartUnreadableError: the cipher was changed, or belongs to another subject or purpose.
        """
        try:
            return self._cipher(key_id).decrypt(cipher[:NONCE], cipher[NONCE:], bound)
        except (InvalidTag, ValueError) as error:
            raise PartUnreadableError("A personal part does not open.", data={"key": key_id}) from error

    def fingerprint(self, content: bytes) -> bytes:
        """A keyed hash: tells equal contents apart from unequal ones and tells nothing to who lacks the key.

        Raises:
            KeyMissingError: there is no key ring.
        """
        if not self._fingerprint:
            self._fingerprint = self._read("fingerprint")
        return hmac.digest(self._fingerprint, content, sha256)

    def key_ids(self) -> list[str]:
        """Ids of all keys in the folder, sorted by name."""
        if not self.folder.is_dir():
            return []
        return sorted(path.stem for path in self.folder.glob("k*.key") if KEY_ID.fullmatch(path.stem))

    def key_bytes(self, key_id: str) -> bytes:
        """The key itself, for an export; never print it.

        Raises:
            KeyMissingError: the key is not in the folder.
        """
        if not KEY_ID.fullmatch(key_id):
            raise KeyMissingError("A key id is malformed.", hint=SET_UP)
        return self._read(f"{key_id}.key")

    def fingerprint_bytes(self) -> bytes:
        """The key of `fingerprint`, for an export; never print it."""
        return self._read("fingerprint")

    def add_key(self) -> str:
        """Make a new key and let it seal from now on; old keys stay for opening.

        Returns:
            Its id.
        """
        key_id = "k" + secrets.token_hex(6)
        write_secret(self.folder / f"{key_id}.key", secrets.token_bytes(KEY).hex())
        self._switch(key_id)
        return key_id

    def _switch(self, key_id: str) -> None:
        # Renamed into place, so that no reader ever sees half a name.
        fresh = self.folder / f"active.{secrets.token_hex(4)}"
        write_secret(fresh, key_id)
        fresh.replace(self.folder / "active")
        self._active_stamp = -1

    def _cipher(self, key_id: str) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            cipher = self._ciphers[key_id] = AESGCM(self.key_bytes(key_id))
        return cipher

    def _read(self, name: str) -> bytes:
        try:
            key = bytes.fromhex((self.folder / name).read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise KeyMissingError("A key is missing.", hint=SET_UP, data={"key": name}) from error
        if len(key) != KEY:
            raise KeyMissingError("A key file is damaged.", hint=SET_UP, data={"key": name})
        return key


def write_secret(path: Path, text: str) -> None:
    """Write a new file of mode 0600; it reaches the disk before this returns.

    Raises:
        FileExistsError: there is one already.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def ensure_ring(folder: Path) -> bool:
    """Make the folder and its first keys where there are none; changes nothing otherwise.

    Returns:
        Whether something was made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    made = False
    if not (folder / "fingerprint").exists():
        write_secret(folder / "fingerprint", secrets.token_bytes(KEY).hex())
        made = True
    if not (folder / "active").exists():
        KeyRing(folder).add_key()
        made = True
    return made


def ring_folder(home: Path) -> Path:
    """Where the key ring of a home lies: `LINLI_KEYS_DIR`, else `secrets/keys` in it."""
    given = os.environ.get("LINLI_KEYS_DIR", "")
    return Path(given).expanduser() if given else home / "secrets" / "keys"


@cache
def _ring_of(home: str, _given: str) -> KeyRing:
    return KeyRing(ring_folder(Path(home)))


def key_ring() -> KeyRing:
    """The key ring of this installation, read once a process."""
    from django.conf import settings

    return _ring_of(str(settings.LINLI_HOME), os.environ.get("LINLI_KEYS_DIR", ""))
