"""Settings of production: Django finds nothing to say, and what is set by the environment does what it says."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from linli.app import homes
from linli.app.tests.installation import environment

CITY = {"LINLI_HTTPS": "1", "LINLI_HOSTS": "linli.example.cn"}
NAMES = (
    "DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD",
    "PROXIES", "ALLAUTH_TRUSTED_PROXY_COUNT", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "LARGEST_BODY", "FILE_UPLOAD_HANDLERS",
)  # fmt: skip
YEAR_SECONDS = 31_536_000


@pytest.fixture
def home() -> Iterator[Path]:
    """A home with a key, as `linli setup` makes it."""
    with tempfile.TemporaryDirectory(prefix="lt-") as folder:
        homes.make_home(Path(folder))
        homes.ensure_secret(Path(folder), "django_key")
        yield Path(folder)


def _run(home: Path, more: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    around = {**environment(home, more), "DJANGO_SETTINGS_MODULE": "linli.app.settings"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", *words], env=around, capture_output=True, text=True, check=False
    )


def _settings(home: Path, more: Mapping[str, str]) -> dict[str, object]:
    asked = f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES!r}}}))"
    ran = _run(home, more, "-c", asked)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, object] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("hsts", ["", "host", "subdomains", "preload"])
def test_a_check_of_the_deployment_finds_nothing(home: Path, hsts: str) -> None:
    ran = _run(home, {**CITY, "LINLI_HSTS": hsts}, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert ran.returncode == 0, ran.stderr
    assert "no issues" in ran.stdout


def test_without_tls_the_same_check_does_find_something(home: Path) -> None:
    ran = _run(home, {"LINLI_HTTPS": ""}, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert ran.returncode != 0
    assert "security.W012" in ran.stderr


def test_behind_a_proxy_with_tls_cookies_and_answers_are_strict(home: Path) -> None:
    found = _settings(home, CITY)
    for name in NAMES[1:4] + NAMES[5:7]:
        assert found[name] is True, name
    assert (found["DEBUG"], found["SESSION_COOKIE_SAMESITE"]) == (False, "Lax")
    assert (found["SECURE_HSTS_SECONDS"], found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) == (YEAR_SECONDS, True)
    assert found["SECURE_HSTS_PRELOAD"] is False
    assert found["PROXIES"] == found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert found["ALLOWED_HOSTS"] == ["linli.example.cn"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://linli.example.cn"]
    assert found["FILE_UPLOAD_HANDLERS"] == ["linli.web.base.uploads.InMemoryHandler"]


def test_the_environment_changes_what_it_says(home: Path) -> None:
    more = {
        **CITY,
        "LINLI_HSTS": "host",
        "LINLI_HSTS_SECONDS": "3600",
        "LINLI_PROXIES": "2",
        "LINLI_LARGEST_BODY_MB": "8",
    }
    found = _settings(home, more)
    assert (found["SECURE_HSTS_SECONDS"], found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) == (3600, False)
    assert (found["PROXIES"], found["LARGEST_BODY"]) == (2, 8 * 2**20)
    assert _settings(home, {"LINLI_HTTPS": ""})["PROXIES"] == 0


def test_a_key_is_long_and_only_its_owner_reads_it(home: Path) -> None:
    file = home / "secrets" / "django_key"
    assert len(file.read_text().strip()) >= 64
    assert file.stat().st_mode & 0o077 == 0
