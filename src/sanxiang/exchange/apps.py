"""Exchange: its loops run beside the web, in threads of their own, for other systems may be slow or away."""

from importlib import import_module

from django.apps import AppConfig

from sanxiang.door import beside


class ExchangeConfig(AppConfig):
    """Registers the loops that deliver the outbox and that ask each day what the other side has."""

    name = "sanxiang.exchange"

    def ready(self) -> None:
        """The loops are known from the start and begun with the others."""
        beside.LOOPS.append(import_module("sanxiang.exchange.delivery").deliver_forever)
        beside.LOOPS.append(import_module("sanxiang.exchange.reconciling").reconcile_forever)
