"""Makes the pages a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages of all faces; the faces are folders, not applications."""

    name = "linli.web"
    label = "web"
