"""The square: its letters go out, and the bulk file of its open data is made, beside the web."""

from importlib import import_module

from django.apps import AppConfig

from sanxiang.door import beside

PARTS = ("sanxiang.door.intake.posting", "sanxiang.square.letters")


class SquareConfig(AppConfig):
    """Registers the loop that sends letters to those who asked for them, and the making of the bulk file."""

    name = "sanxiang.square"

    def ready(self) -> None:
        """Both are known from the start and begun with the others."""
        posting, letters = map(import_module, PARTS)
        posting.begin(letters.write, letters.stop_address)
        beside.SLOW.append(import_module("sanxiang.square.bulk").build_when_due)
