"""Oversight 督: what it does to agencies goes through the same door as everything else, so its acts are known from the start."""

from importlib import import_module

from django.apps import AppConfig

from sanxiang.door import beside


class OversightConfig(AppConfig):
    """Registers the acts of oversight."""

    name = "sanxiang.oversight"

    def ready(self) -> None:
        """Acts are known by being imported; what is counted beforehand is counted beside the web."""
        for room in ("evaluation.acts", "weak.improvements", "weak.key_acts"):
            import_module(f"sanxiang.oversight.{room}")
        counting = import_module("sanxiang.oversight.figures.counting")
        beside.WORK.append(counting.count_beside)
