"""The table of the second log 调阅: who looked at which record that is not public, why, and with what result."""

import uuid

from django.db import models

LOST_LOOK = "lost"
"""The kind of an entry of which a restored database has the leaf alone: who looked, at what and why is not known."""


class Access(models.Model):
    """One look at a record. Written before the content is handed out; never changed, never deleted (triggers).

    Only its place in the log, `idx`, is filled in later, once. It names people and cases by their keys, without foreign
    keys: the ledger knows no other room.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    year = models.PositiveSmallIntegerField("年度")
    at = models.DateTimeField("时间")
    by = models.UUIDField("调阅人", null=True)
    by_name = models.CharField("调阅人（当时）", max_length=60)
    role = models.CharField("岗位", max_length=30, blank=True)
    own_agency = models.UUIDField("调阅人所属机关", null=True)
    agency = models.UUIDField("案件所属机关", null=True)
    case = models.UUIDField("案件", null=True, db_column="case_id")
    kind = models.CharField("内容", max_length=20)
    object = models.UUIDField("对象", null=True, db_column="object_id")
    digest = models.CharField("对象校验值", max_length=64, blank=True)
    first_byte = models.PositiveBigIntegerField("首字节", null=True)
    last_byte = models.PositiveBigIntegerField("末字节", null=True)
    copies = models.PositiveSmallIntegerField("份数", default=0)
    reason = models.CharField("事由", max_length=20, blank=True)
    text = models.CharField("说明", max_length=200, blank=True)
    ticket = models.CharField("批准或者通知文号", max_length=100, blank=True)
    address = models.CharField("来源地址", max_length=60, blank=True)
    channel = models.CharField("渠道", max_length=10)
    result = models.CharField("结果", max_length=10)
    watermark = models.CharField("水印编号", max_length=10, unique=True)
    salt = models.CharField(max_length=40)
    leaf = models.BinaryField()
    leaf_hash = models.CharField(max_length=64)
    idx = models.PositiveBigIntegerField("序号", null=True)

    class Meta:
        db_table = "ledger_access"
        constraints = (models.UniqueConstraint(fields=["year", "idx"], name="ledger_access_place"),)
        indexes = (
            models.Index(fields=["agency", "-at", "-id"], name="ledger_access_agency"),
            models.Index(fields=["case", "-at", "-id"], name="ledger_access_case"),
            models.Index(fields=["by", "-at", "-id"], name="ledger_access_by"),
            models.Index(
                fields=["at", "id"], condition=models.Q(idx__isnull=True), name="ledger_access_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.by_name} {self.kind} {self.watermark}"
