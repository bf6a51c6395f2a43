"""The ledger's rows: acts with their leaves, openings that alone hold clear values, and the sequence."""

import uuid

from django.db import models

from sanxiang.ledger.access_row import Access as Access


class Act(models.Model):
    """One act that was done, with its leaf exactly as hashed. Never changed, never deleted (triggers)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField("对象种类", max_length=20)
    """`lost`: the log had this leaf and a restored database had not; the content is unknown here."""
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
    """One row a log: how many entries there are. Moved by compare-and-set, so a second sequencer is harmless.

    `frontier` has the roots of the complete subtrees, in hex, of each of the two trees.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.PositiveBigIntegerField(default=0)
    frontier = models.JSONField(default=dict)
    origin = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "ledger_state"

    def __str__(self) -> str:
        return str(self.size)


class Checkpoint(models.Model):
    """The tree at one size of one log. Written with the entries; signed once, after that was committed (trust.md §1.3 I4)."""

    log = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    root_sm3 = models.CharField(max_length=64)
    note = models.TextField(default="")
    note_sm3 = models.TextField(default="")
    created = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"
        constraints = (models.UniqueConstraint(fields=["log", "size"], name="ledger_checkpoint_once"),)

    def __str__(self) -> str:
        return f"{self.log}:{self.size}"


class Cosignature(models.Model):
    """A witness's line under a checkpoint, as it came."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_cosignature"
        constraints = (
            models.UniqueConstraint(fields=["checkpoint", "witness"], name="ledger_cosignature_once"),
        )
        indexes = (models.Index(fields=["witness", "checkpoint"], name="ledger_cosignature_last"),)

    def __str__(self) -> str:
        return f"{self.witness} {self.checkpoint}"
