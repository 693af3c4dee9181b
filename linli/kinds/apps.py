"""The area as a Django application: finds the kinds when the process starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class KindsConfig(AppConfig):
    """Kinds of case; no tables."""

    name = "linli.kinds"
    label = "kinds"

    def ready(self) -> None:
        """Hand kinds to the engine, and the compiler and checks of procedures to the rule packs."""
        from linli.cases.procedures import checks, compiler
        from linli.kinds import discover
        from linli.rules.compiler import register_procedures

        discover(settings.KIND_PATHS)
        register_procedures(compiler.COMPILER)
        checks.register()
