"""Bodies of requests as JSON, strictly: no NaN, no name twice, no NUL, no half characters, no number beyond 64 bits.

What a database column cannot hold is refused here, once, for every operation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError
from ninja.parser import Parser

_LARGEST = 2**63 - 1
_DEEPEST = 40
_BAD_SIGNS = re.compile("[\x00\ud800-\udfff]")


class StrictParser(Parser):
    """Reads bodies and addresses; raises HttpError 400 for what no text may hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as plain data."""
        body = request.body
        try:
            data = json.loads(
                body.decode(), object_pairs_hook=_once, parse_constant=_refuse, parse_float=_float, parse_int=_integer
            )
            _check(data, 0)
        except (ValueError, RecursionError):
            raise HttpError(400, "body") from None
        return data

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Parameters of the address, the path or the headers."""
        found: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        for value in found.values():
            if any(_BAD_SIGNS.search(str(one)) for one in (value if isinstance(value, list) else [value])):
                raise HttpError(400, "address")
        return found


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    held: dict[str, object] = {}
    for name, value in pairs:
        if name in held:
            raise ValueError
        held[name] = value
    return held


def _refuse(_: str) -> object:
    raise ValueError


def _integer(text: str) -> int:
    if len(text) > 20 or abs(int(text)) > _LARGEST:
        raise ValueError
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number


def _check(data: object, depth: int) -> None:
    if depth > _DEEPEST or (isinstance(data, str) and _BAD_SIGNS.search(data)):
        raise ValueError
    inside = [*data, *data.values()] if isinstance(data, dict) else data if isinstance(data, list) else ()
    for one in inside:
        _check(one, depth + 1)
