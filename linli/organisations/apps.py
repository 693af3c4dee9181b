"""Django's handle on the area of organisations."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "linli.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
