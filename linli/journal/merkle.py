"""One root over many hashes, taken one at a time in memory that grows with the logarithm of their number. Pure.

The tree is that of RFC 6962: a leaf is sha256(00 ‖ hash), a node sha256(01 ‖ left ‖ right), the left half of n leaves
is the largest power of two below n; the root of nothing is sha256 of nothing. So anybody can be shown that one entry
lies under a root without being shown the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

EMPTY = sha256(b"").digest()


@dataclass(slots=True)
class MerkleRoot:
    """Takes hashes in order; `root` may be asked at any time."""

    count: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    def add(self, entry_hash: bytes) -> None:
        """Take the next entry's hash."""
        node = sha256(b"\x00" + entry_hash).digest()
        count = self.count
        # Every trailing one bit of the count is a finished subtree of the same size: join it.
        while count & 1:
            node = sha256(b"\x01" + self._peaks.pop() + node).digest()
            count >>= 1
        self._peaks.append(node)
        self.count += 1

    def root(self) -> bytes:
        """The root over what was taken so far."""
        if not self._peaks:
            return EMPTY
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = sha256(b"\x01" + peak + node).digest()
        return node
