"""Writes of the register. Each owns one transaction, bumps the version and writes its journal entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from linli.kernel.actors import ActorRef
from linli.places.domain import ImportReport, Notice


def grid_split(code: str, parts: Sequence[bytes], actor: ActorRef, at: datetime) -> list[str]:
    """Split a grid along new outlines; the new grids take the next free numbers, lineage keeps the shares.

    Args:
        parts: WKB of the new outlines; together they are the old ground.

    Returns:
        The new codes, in the order of `parts`.

    Raises:
        InputError: parts that do not tile the grid, or the community's 999 numbers are used up.
        NotFoundError: no such grid at that instant.
    """
    raise NotImplementedError


def grid_merge(codes: Sequence[str], actor: ActorRef, at: datetime) -> str:
    """Merge adjacent grids of one community into a new one; returns its code."""
    raise NotImplementedError


def layer_set(layer: str, title: str, rows: Mapping[str, Iterable[str]], actor: ActorRef, at: datetime) -> ImportReport:
    """Say which grids belong to which place of a layer (grid -> places), closing what no longer holds."""
    raise NotImplementedError


def notice_set(notices: Sequence[Notice], actor: ActorRef, at: datetime) -> ImportReport:
    """Post new public notices; unchanged ones are left as they are."""
    raise NotImplementedError
