"""Oversight 督: what it does to agencies goes through the same door as everything else, so its acts are known from the start."""

from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Registers the acts of oversight."""

    name = "sanxiang.oversight"

    def ready(self) -> None:
        """Acts are known by being imported."""
        import_module("sanxiang.oversight.evaluation.acts")
