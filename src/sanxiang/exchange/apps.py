"""Exchange: its loop runs beside the web, in a thread of its own, for other systems may be slow or away."""

from importlib import import_module

from django.apps import AppConfig

from sanxiang.door import beside


class ExchangeConfig(AppConfig):
    """Registers the loop that delivers the outbox."""

    name = "sanxiang.exchange"

    def ready(self) -> None:
        """The loop is known from the start and begun with the others."""
        beside.LOOPS.append(import_module("sanxiang.exchange.delivery").deliver_forever)
