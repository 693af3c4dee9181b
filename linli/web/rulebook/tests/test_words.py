"""No code stands where words should: every subject and every condition of the shipped packs has its words."""

from __future__ import annotations

import pytest
from django.utils import translation

from linli.cases.tests.desk import rules
from linli.web.base.conditions import condition_words
from linli.web.rulebook.cataloguepage import subject_title


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_subject_has_words(language: str) -> None:
    subjects = {key.partition(".")[0] for key in rules().section("parameters")}
    assert len(subjects) > 10
    with translation.override(language):
        assert sorted(name for name in subjects if subject_title(name) == name) == []


def test_every_condition_of_a_limit_has_words() -> None:
    found = {
        str(value)
        for row in rules().matters().values()
        for limit in row["limits"]  # type: ignore[attr-defined]
        for name, value in (limit.get("when") or {}).items()
        if name == "condition"
    }
    assert found
    with translation.override("zh-hans"):
        assert sorted(one for one in found if condition_words(one) == one) == []
