"""Scripts, styles and shapes of the pages, answered from memory: compressed once, kept by browsers for a year.

Is: what stands below `/static/`, read when the server starts; names of built files carry their hash, so they never change.
Is not: an upload or anything of a case; those go through views with policies.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]

PREFIX = "/static/"
_FOREVER = "public, max-age=31536000, immutable"
_AN_HOUR = "public, max-age=3600"
_WORDY = (".js", ".css", ".svg", ".json", ".map")
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One file as it is sent. `small` = compressed, empty where that gains nothing."""

    plain: bytes
    small: bytes
    headers: tuple[tuple[str, str], ...]


def files_below(folder: Path) -> Mapping[str, Kept]:
    """Every file below a folder, by its address without the prefix.

    Args:
        folder: of static files.
    """
    return {path.relative_to(folder).as_posix(): _kept(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _kept(path: Path) -> Kept:
    plain = path.read_bytes()
    small = gzip.compress(plain, 9, mtime=0) if path.suffix in _WORDY else b""
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = (
        ("Content-Type", kind),
        ("Cache-Control", _FOREVER if path.parent.name == "assets" else _AN_HOUR),
        ("ETag", f'"{hashlib.sha256(plain).hexdigest()[:20]}"'),
        ("Vary", "Accept-Encoding"),
        ("X-Content-Type-Options", "nosniff"),
    )
    return Kept(plain, small if len(small) < len(plain) else b"", headers)


class StaticFiles:
    """Answers for the files; asks the application for everything else.

    Args:
        application: Django.
        folder: of static files; read once.
    """

    def __init__(self, application: Application, folder: Path) -> None:
        self._application = application
        self._files = files_below(folder)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return self._application(environ, start)
        kept = self._files.get(path[len(PREFIX) :])
        if kept is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            status = "404 Not Found" if kept is None else "405 Method Not Allowed"
            start(status, [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        return _answer(environ, start, kept)


def _answer(environ: dict[str, Any], start: Start, kept: Kept) -> Iterable[bytes]:
    headers = list(kept.headers)
    if dict(kept.headers)["ETag"] in environ.get("HTTP_IF_NONE_MATCH", ""):
        start("304 Not Modified", headers)
        return [b""]
    body = kept.plain
    if kept.small and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body = kept.small
        headers.append(("Content-Encoding", "gzip"))
    start("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
