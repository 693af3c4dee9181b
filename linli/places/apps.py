"""Django's entry for the places area."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Names the app; connects nothing."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "linli.places"
    label = "places"
