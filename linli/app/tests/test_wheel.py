"""A built wheel, installed where there is no source tree: set up, served in both languages, backed up."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.app.homes import PROJECT
from linli.app.tests.test_serve import fetched, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a clean environment; its server is stopped at the end."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "venv", with_pip=True)
    # The versions that are tested, without their hashes: pip takes none for a wheel just built.
    pins = re.sub(r" \\\n\s+--hash=\S+|\\\n", "", (PROJECT / "requirements.lock").read_text(encoding="utf-8"))
    pins = "\n".join(line for line in pins.splitlines() if "--hash" not in line)
    (folder / "pins.txt").write_text(pins, encoding="utf-8")
    pip = [str(folder / "venv" / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", str(folder / "pins.txt"), str(wheel)], check=True)
    yield folder
    run(folder, "db", "stop")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command, away from the source tree and without its environment."""
    command = [str(folder / "venv" / "bin" / "linli"), *words]
    return subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LINLI_HOME": str(folder / "home"), "LANG": "C.UTF-8"}


def test_the_wheel_carries_packs_assets_and_translations_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "linli/packs/shipped/nanjing-gulou/pack.yaml" in names
    assert "linli/web/static/built/manifest.json" in names
    faces = {path.parent.name for path in PROJECT.glob("linli/web/*/locale")}
    assert {f"linli/web/{face}/locale/zh_Hans/LC_MESSAGES/django.mo" for face in faces} <= set(names)
    assert not [name for name in names if "/tests/" in name or "node_modules" in name]


def test_it_works_where_there_is_no_source_tree(installed: Path) -> None:
    assert "Grassroots".lower() in run(installed, "--help").stdout.lower()
    done = run(installed, "setup", "--pack", "nanjing-gulou")
    assert done.returncode == 0, done.stderr
    assert run(installed, "audit", "verify").returncode == 0
    backup = run(installed, "backup", str(installed / "backup"), "--json")
    assert json.loads(backup.stdout)["bytes"] > 0


def test_it_serves_pages_in_both_languages(installed: Path) -> None:
    port = free_port()
    command = [str(installed / "venv" / "bin" / "linli"), "serve", "--port", str(port), "--workers", "0"]
    server = subprocess.Popen(
        command, cwd=installed, env=environment(installed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        status, page = fetched(f"http://127.0.0.1:{port}/sign-in")
        assert (status, "登录".encode() in page) == (200, True)
        assert b"Sign in" in fetched(f"http://127.0.0.1:{port}/sign-in?lang=en")[1]
        for address in re.findall(rb'(?:href|src)="(/static/built/[^"]+)"', page):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{address.decode()}") as answer:
                assert answer.status == 200
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    assert not os.path.exists(installed / ".linli")
