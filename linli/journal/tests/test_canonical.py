"""The canonical spelling, by the vectors of RFC 8785 and by invention."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.journal.canonical import SAFE_INTEGER, canonical, canonical_text, respelled
from linli.journal.errors import CanonicalError

VECTORS = json.loads((Path(__file__).parent / "canonical_vectors.json").read_text(encoding="utf-8"))

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE_INTEGER, SAFE_INTEGER) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vectors(vector: dict[str, Any]) -> None:
    assert canonical_text(vector["value"]) == vector["text"]
    assert canonical(vector["value"]) == vector["text"].encode()
    assert respelled(json.dumps(vector["value"])) == vector["text"]


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\x00",
        "中\x00",
        "\ud800",
        {1: 2},
        {"a": {None: 1}},
        {"\udfff": 1},
        b"x",
        {1, 2},
    ],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical([value])


@pytest.mark.parametrize("text", ['{"a":1.5}', '{"a":1e3}', '{"a":NaN}', "[Infinity]"])
def test_stored_text_with_a_float_is_refused(text: str) -> None:
    with pytest.raises(CanonicalError):
        respelled(text)


@given(values)
def test_one_value_has_one_spelling_which_reads_back(value: object) -> None:
    text = canonical_text(value)
    assert json.loads(text) == value
    assert canonical_text(json.loads(text)) == text
    assert respelled(json.dumps(value, ensure_ascii=True)) == text


@given(st.dictionaries(texts, st.none(), min_size=2, max_size=6))
def test_keys_are_in_order_of_utf16(value: dict[str, None]) -> None:
    keys = list(json.loads(canonical_text(value)))
    assert keys == sorted(keys, key=lambda key: key.encode("utf-16-be"))
