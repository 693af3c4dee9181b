"""Rules come back in the order in which the packs write them: states and steps as people meet them."""

from __future__ import annotations

import pytest

from linli.cases.tests.desk import published
from linli.packs.models import StoredSnapshot
from linli.packs.selectors import snapshot_by_hash


@pytest.mark.django_db
def test_the_order_of_a_procedure_outlives_the_database() -> None:
    compiled = published()
    snapshot_by_hash.cache_clear()
    read = snapshot_by_hash(compiled.hash)
    assert read == compiled
    for section in ("states", "steps", "clocks"):
        written, kept = compiled.procedure("request")[section], read.procedure("request")[section]
        assert isinstance(written, dict)
        assert isinstance(kept, dict)
        assert list(kept) == list(written)
    stored = StoredSnapshot.objects.get(hash=compiled.hash)
    assert list(stored.content["procedures"]["request"]["steps"])[:3] == ["locate", "classify", "answer_at_once"]
