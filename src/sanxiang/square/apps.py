"""The square: its letters go out beside the web."""

from importlib import import_module

from django.apps import AppConfig

PARTS = ("sanxiang.door.intake.posting", "sanxiang.square.letters")


class SquareConfig(AppConfig):
    """Registers the loop that sends letters to those who asked for them."""

    name = "sanxiang.square"

    def ready(self) -> None:
        """The loop is known from the start and begun with the others."""
        posting, letters = map(import_module, PARTS)
        posting.begin(letters.write, letters.stop_address)
