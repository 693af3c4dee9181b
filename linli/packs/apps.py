"""Django's entry to the published rules; no start-up code."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Published rules as a Django app, label `packs`."""

    name = "linli.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"
