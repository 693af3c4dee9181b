"""Django's handle on the area of knowledge."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Registers the app under its short label."""

    name = "linli.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"
