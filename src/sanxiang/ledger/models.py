"""The ledger's rows: acts with their leaves, openings that alone hold clear values, and the sequence."""

import uuid

from django.db import models


class Act(models.Model):
    """One act that was done, with its leaf exactly as hashed. Never changed, never deleted (triggers)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField("对象种类", max_length=20)
    subject = models.UUIDField("对象")
    n = models.PositiveBigIntegerField("对象内序号")
    name = models.CharField("办理动作", max_length=60)
    label = models.CharField("动作名称（当时）", max_length=120)
    at = models.DateTimeField("记入时间")
    on = models.CharField("发生时间", max_length=16)
    by = models.UUIDField("办理人", null=True)
    by_name = models.CharField("办理人（当时）", max_length=60)
    role = models.CharField("岗位", max_length=30)
    back_dated = models.BooleanField("补录", default=False)
    leaf = models.BinaryField()
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_act"
        constraints = (models.UniqueConstraint(fields=["subject", "n"], name="ledger_act_chain"),)
        indexes = (models.Index(fields=["at"], name="ledger_act_at"),)

    def __str__(self) -> str:
        return f"{self.label} {self.n}"


class Opening(models.Model):
    """What one digest in a leaf commits to. Erasing it empties salt and value and names the act that ordered it."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="openings")
    name = models.CharField(max_length=60)
    salt = models.CharField(max_length=40, blank=True)
    value = models.JSONField(null=True)
    secrecy = models.CharField("密级类别", max_length=20, default="case")
    erased_by = models.UUIDField(null=True)

    class Meta:
        db_table = "ledger_opening"

    def __str__(self) -> str:
        return self.name


class Pending(models.Model):
    """An act that waits for its place in the sequence. Written in the act's own transaction."""

    act = models.OneToOneField(Act, models.PROTECT, related_name="pending")

    class Meta:
        db_table = "ledger_pending"

    def __str__(self) -> str:
        return str(self.act_id)


class Entry(models.Model):
    """A place in the gapless sequence from 0. Never changed, never deleted (triggers)."""

    idx = models.PositiveBigIntegerField(primary_key=True)
    act = models.OneToOneField(Act, models.PROTECT, related_name="entry")
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_entry"

    def __str__(self) -> str:
        return str(self.idx)


class Sequence(models.Model):
    """One row: how many entries there are. Moved by compare-and-set, so a second sequencer is harmless."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.PositiveBigIntegerField(default=0)
    frontier = models.JSONField(default=list)
    origin = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "ledger_state"

    def __str__(self) -> str:
        return str(self.size)
