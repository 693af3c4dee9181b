"""Django's handle on the area of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the app under its short label."""

    name = "linli.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
