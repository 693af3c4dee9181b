"""The OpenAPI document is the one in the repository, which is reviewed like code."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from linli.api import description
from linli.api.problems import DECLARED, MEDIA_TYPE
from linli.api.scopes import Scope
from linli.cases.registry import all_kinds
from linli.kinds import HERE

SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "openapi.json"


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    ours = {name: code for name, code in all_kinds().items() if code.folder.parent == HERE}
    monkeypatch.setattr(description, "all_kinds", lambda: ours)
    made: dict[str, Any] = json.loads(json.dumps(description.api.get_openapi_schema(path_prefix="api/v1/")))
    return made


def test_the_document_is_the_one_in_the_repository(document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("LINLI_SNAPSHOTS") == "write":
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8"), "LINLI_SNAPSHOTS=write pytest linli/api writes it anew"


def test_every_operation_declares_every_problem_a_scope_and_a_key(document: dict[str, Any]) -> None:
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len(operations) >= 15
    for one in operations:
        assert one["security"] == [{"KeyAuth": []}]
        assert one["x-linli-scope"] in set(Scope)
        assert one["summary"]
        for status in DECLARED:
            assert set(one["responses"][str(status)]["content"]) == {MEDIA_TYPE}


def test_the_one_operation_that_takes_steps_names_every_form_of_every_kind(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    named = {one["$ref"].rpartition("/")[2] for one in schemas["StepRequest"]["properties"]["form"]["anyOf"]}
    assert {"request_Dispatch", "request_NoForm", "event_Verify", "event_Dispatch"} <= named <= set(schemas)
    assert schemas["request_Dispatch"]["additionalProperties"] is False
    assert _is_whole(document)


def _is_whole(document: dict[str, Any]) -> bool:
    """Whether whatever is referred to is there."""
    text = json.dumps(document)
    names = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    return names <= set(document["components"]["schemas"])
