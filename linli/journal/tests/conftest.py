from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from linli.journal.keyring import ensure_ring, ring_folder
from linli.journal.tests.town import wipe


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a home with a key ring of its own."""
    monkeypatch.setattr(settings, "LINLI_HOME", tmp_path / "a home")
    ensure_ring(ring_folder(tmp_path / "a home"))


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """For tests with several connections: what they commit is removed afterwards."""
    wipe()
    yield
    wipe()
