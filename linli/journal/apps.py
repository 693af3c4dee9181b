"""Django's entry to the journal; no start-up code."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal as a Django app, label `journal`."""

    name = "linli.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
