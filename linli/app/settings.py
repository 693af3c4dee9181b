"""Django's settings, from the environment and the home folder; nothing else of this project is configured here.

Areas are found, not listed: a package `linli.<area>` with an `apps.py` is installed. Numbers and limits of the work
are rules and live in packs, never here.
"""

from __future__ import annotations

import os

from linli.app import databases, homes

LINLI_HOME = homes.home_folder()

SECRET_KEY = homes.secret(LINLI_HOME, "django_key")
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("LINLI_HOSTS", "127.0.0.1,localhost").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    *(f"linli.{apps.parent.name}" for apps in sorted((homes.PROJECT / "linli").glob("*/apps.py"))),
]

DATABASES = databases.settings_for(LINLI_HOME, os.environ)
AUTH_USER_MODEL = "access.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [homes.PROJECT / "linli" / "locale"]

PROCRASTINATE_IMPORT_PATHS = ["linli.app.jobs"]

LOGGING_CONFIG = None
"""Logs are set up by `linli.app.logs`, which leaves out SQL and its parameters."""

KIND_PATHS: list[str] = []
"""Folders, besides `linli/kinds`, in which kinds of case are looked for; used by tests."""
