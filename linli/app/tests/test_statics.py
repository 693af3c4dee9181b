"""Static files out of memory: whole, compressed where asked, kept for a year where the name tells the content, nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from linli.app.statics import StaticFiles

STYLE = b"body { color: black }\n" * 200


@pytest.fixture
def static(tmp_path: Path) -> StaticFiles:
    assets = tmp_path / "static" / "built" / "assets"
    assets.mkdir(parents=True)
    (assets / "a-1f.css").write_bytes(STYLE)
    (assets / "dot.png").write_bytes(b"\x89PNG")
    (tmp_path / "static" / "mark.svg").write_bytes(b"<svg/>")
    (tmp_path / "secret").write_text("no")

    def django(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("X-From", "django")])
        return [b"django"]

    return StaticFiles(django, tmp_path / "static")


def asked(static: StaticFiles, path: str, method: str = "GET", **more: str) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    body = static({"PATH_INFO": path, "REQUEST_METHOD": method, **more}, lambda *said: told.append(said))
    return told[0][0], dict(told[0][1]), b"".join(body)


def test_a_built_file_is_compressed_where_asked_and_kept_for_a_year(static: StaticFiles) -> None:
    status, headers, body = asked(static, "/static/built/assets/a-1f.css", HTTP_ACCEPT_ENCODING="gzip, br")
    assert status == "200 OK"
    assert gzip.decompress(body) == STYLE
    assert len(body) < len(STYLE) / 10
    assert headers["Content-Length"] == str(len(body))
    assert "immutable" in headers["Cache-Control"]
    assert headers["Vary"] == "Accept-Encoding"
    plain = asked(static, "/static/built/assets/a-1f.css")
    assert plain[2] == STYLE
    assert "Content-Encoding" not in plain[1]
    assert asked(static, "/static/built/assets/a-1f.css", "HEAD")[2] == b""


def test_a_name_that_stays_is_asked_for_again_within_the_hour(static: StaticFiles) -> None:
    _status, headers, _body = asked(static, "/static/mark.svg")
    assert headers["Cache-Control"] == "public, max-age=3600"
    again = asked(static, "/static/mark.svg", HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (again[0], again[2]) == ("304 Not Modified", b"")


@pytest.mark.parametrize(
    "path", ["/static/../secret", "/static/built/../../secret", "/static//secret", "/static/", "/static/x"]
)
def test_nothing_but_the_files_is_answered(static: StaticFiles, path: str) -> None:
    assert asked(static, path)[0] == "404 Not Found"


def test_everything_else_is_asked_of_the_application(static: StaticFiles) -> None:
    assert asked(static, "/staticx")[2] == b"django"
    assert asked(static, "/")[2] == b"django"
    assert asked(static, "/static/mark.svg", "POST")[0] == "405 Method Not Allowed"
