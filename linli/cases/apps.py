"""The area as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases and the engine."""

    name = "linli.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
