"""Django's entry to the house: connects, once a process, what `linli.app.wiring` lists."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Has no tables; its start is where areas are joined."""

    name = "linli.app"
    label = "house"

    def ready(self) -> None:
        """Connect the areas, whoever started Django: a command, a worker or a test."""
        from linli.app import wiring

        wiring.connect()
