"""The catalogue of a snapshot, made once a process. Reads no table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

from linli.matters.domain import Catalogue, Matter, StagedLimit
from linli.rules.snapshot import Row, Snapshot

_KEPT_CATALOGUES = 16


def catalogue(snapshot: Snapshot) -> Catalogue:
    """The matters of a snapshot; one object for equal rules.

    Args:
        snapshot: a compiled pack.
    """
    return _catalogue(snapshot)


@lru_cache(maxsize=_KEPT_CATALOGUES)
def _catalogue(snapshot: Snapshot) -> Catalogue:
    return Catalogue((matter_of(code, row) for code, row in snapshot.matters().items()), snapshot.hash)


def major_titles(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    """Titles of the majors by code: Chinese, English."""
    return {code: _title(row) for code, row in snapshot.majors().items()}


def matter_of(code: str, row: Row) -> Matter:
    """A matter from its row in a snapshot.

    Args:
        code: of three parts, e.g. `event.01.002`.
        row: plain data as `snapshot.matters()` holds it.
    """
    closing = cast("Mapping[str, object]", row["closing"])
    title_zh, title_en = _title(row)
    return Matter(
        code=code,
        title_zh=title_zh,
        title_en=title_en,
        filing=str(cast("Mapping[str, object]", row["filing"])["zh"]),
        closing=str(closing["zh"]),
        duty=str(row["duty"]),
        check=str(row["check"]),
        joinable=bool(row["joinable"]),
        protected=bool(row["protected"]),
        auto_dispatch=bool(row["auto_dispatch"]),
        public=bool(row["public"]),
        requests=_texts(row, "requests"),
        evidence=_texts(row, "evidence"),
        shown_by=_texts(closing, "shown_by"),
        area_class=str(row.get("area_class") or ""),
        limits=tuple(_limit(limit) for limit in cast("Sequence[Row]", row["limits"])),
        source=str(row["source"]),
        confidence=str(row["confidence"]),
        words=_texts(row, "words"),
        examples=_texts(row, "examples"),
    )


def _title(row: Row) -> tuple[str, str]:
    title = cast("Mapping[str, str]", row["title"])
    return title["zh"], title["en"]


def _texts(row: Row, key: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", row.get(key) or ()))


def _limit(row: Row) -> StagedLimit:
    when = cast("Mapping[str, str]", row.get("when") or {})
    return StagedLimit(
        stage=str(row["stage"]),
        amount=cast("int", row["amount"]),
        unit=str(row["unit"]),
        condition=when.get("condition", ""),
        area_class=when.get("area_class", ""),
        season=when.get("season", ""),
    )
