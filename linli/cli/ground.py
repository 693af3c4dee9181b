"""What the commands for places and grids share: GeoJSON from a file, its hash, and how an import is reported.

Is not: a command; `places` and `grids` are.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from linli.cli import output
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import InputError
from linli.places.coordinates import Crs, crs_named
from linli.places.domain import ImportReport, Refusal
from linli.places.outlines import Feature, read_features

AT_THE_MACHINE = Actor(SYSTEM, "command line")
"""Who runs a command on the machine itself acts as the system; people act through their posts."""

SHOWN = 20
"""Refused rows that are printed for people; `--json` holds all of them."""


def file_hash(path: Path) -> str:
    """sha256 of a file's bytes, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as raw:
        while block := raw.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def features(path: Path, crs: str | None) -> Iterator[Feature | Refusal]:
    """Features of a GeoJSON file, gzip or not.

    Args:
        path: the file.
        crs: what the command says its coordinates are; None = as the file says.

    Raises:
        InputError: no such file, no JSON (with the line), no FeatureCollection, a system unknown here.
    """
    system: Crs | None = crs_named(crs) if crs else None
    return read_features(_document(path), str(path), system)


def _document(path: Path) -> object:
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}:{error.lineno}: this is not JSON: {error.msg}", hint="GeoJSON is meant; export it again"
        ) from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8, as GeoJSON must be", hint="export it as UTF-8") from None
    except (OSError, EOFError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it breaks off'}") from None


def report_document(reports: dict[str, ImportReport]) -> dict[str, object]:
    """One JSON document about what imports did."""
    return {name: {k: v for k, v in asdict(report).items() if k != "by_tier"} for name, report in reports.items()}


def show_reports(reports: dict[str, ImportReport]) -> None:
    """Print counts, then what was refused and what somebody should look at."""
    counts = [
        {
            "": name,
            "opened": r.opened,
            "changed": r.changed,
            "closed": r.closed,
            "kept": r.kept,
            "refused": len(r.refused),
        }
        for name, r in reports.items()
    ]
    output.table(counts)
    refused = [refusal for report in reports.values() for refusal in report.refused]
    if refused:
        output.table([_plain(r) for r in refused[:SHOWN]], title=f"Refused: {len(refused)}")
    _more(len(refused))
    for report in reports.values():
        _lines(report.notes, "Note: ")
        _lines(report.without_outline, "No outline, nothing generated: ")


def _plain(refusal: Refusal) -> dict[str, object]:
    return {"file": refusal.source, "line": refusal.line, "field": refusal.field, "why": refusal.message}


def _lines(texts: Iterable[str], begin: str) -> None:
    for text in texts:
        output.line(begin + text)


def _more(number: int) -> None:
    if number > SHOWN:
        output.line(f"… and {number - SHOWN} more; --json lists all.")
