"""The area as a Django application: finds the kinds when the process starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class KindsConfig(AppConfig):
    """Kinds of case; no tables."""

    name = "linli.kinds"
    label = "kinds"

    def ready(self) -> None:
        """Hand the kinds to the engine."""
        from linli.kinds import discover

        discover(settings.KIND_PATHS)
