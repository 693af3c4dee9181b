"""The area as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Taking in reports, and the short-lived sketches by which duplicates are found."""

    name = "linli.intake"
    label = "intake"
