"""Registers 清单: dated releases of rows, so that "in force on that day" is a question with one answer."""

import uuid

from django.db import models


class Register(models.Model):
    """A list of one agency: items, officers, AV matters, review catalogue, benchmarks …"""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="registers")
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    n = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "清单"
        constraints = (models.UniqueConstraint(fields=["agency", "kind"], name="registers_one_a_kind"),)

    def __str__(self) -> str:
        return self.label


class Release(models.Model):
    """One version of a register, in force from a day until the next one is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    register = models.ForeignKey(Register, models.PROTECT, related_name="releases")
    version = models.PositiveIntegerField()
    in_force_from = models.DateField()
    rows = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    told = models.JSONField(null=True)
    act = models.UUIDField()
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "清单版本"
        constraints = (models.UniqueConstraint(fields=["register", "version"], name="registers_version"),)
        indexes = (models.Index(fields=["register", "-in_force_from"], name="registers_in_force"),)

    def __str__(self) -> str:
        return f"{self.register} v{self.version}"


class Statute(models.Model):
    """The text of one version of a law, imported; data of the installation, never of the repository."""

    name = models.CharField(max_length=120)
    version = models.DateField()
    articles = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "法律文本"
        constraints = (models.UniqueConstraint(fields=["name", "version"], name="registers_statute_version"),)

    def __str__(self) -> str:
        return f"{self.name}({self.version})"
