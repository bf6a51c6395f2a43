"""Figures of single cases, counted beforehand so that a page adds up rows instead of reading files.

They are no record of anything: each follows from its case, carries the number `n` of the act up to which it counts, and may be
thrown away and counted again at any time.
"""

from django.db import models


class CaseFigures(models.Model):
    """What the figures of 统计分析 need to know of one case. Days stand here, never what is late today."""

    case = models.OneToOneField("cases.Case", models.CASCADE, primary_key=True, related_name="figures")
    agency = models.ForeignKey("people.Agency", models.CASCADE, related_name="+")
    unit = models.ForeignKey("people.Unit", models.CASCADE, null=True, related_name="+")
    act_type = models.CharField("行为种类", max_length=20)
    item = models.TextField("执法事项", blank=True)
    steps = models.TextField("办过的步骤", blank=True)
    opened_on = models.DateField("登记日期")
    left_out = models.BooleanField("作废或者并案，不计", default=False)
    settled = models.BooleanField("已作决定或者办结", default=False)
    papers_due = models.PositiveIntegerField("应有材料", default=0)
    papers_missing = models.PositiveIntegerField("缺少材料", default=0)
    moments = models.PositiveIntegerField("应当音像记录", default=0)
    recorded = models.PositiveIntegerField("有音像记录", default=0)
    excused = models.PositiveIntegerField("有理由或者经批准", default=0)
    unrecorded = models.PositiveIntegerField("音像记录缺口", default=0)
    periods = models.PositiveIntegerField("本机关的期限", default=0)
    periods_late = models.PositiveIntegerField("到期之后才办的期限", default=0)
    running_due = models.DateField("正在走的期限最早届满", null=True)
    uploads = models.PositiveIntegerField("有上传时限的证据", default=0)
    uploads_late = models.PositiveIntegerField("逾期上传", default=0)
    archive_due = models.DateField("归档期限届满", null=True)
    archived_on = models.DateField("归档日期", null=True)
    electronic = models.PositiveIntegerField("电子文书", default=0)
    on_paper = models.PositiveIntegerField("纸质文书", default=0)
    n = models.PositiveBigIntegerField()
    counted_by = models.CharField("计算口径和日历", max_length=64)
    counted_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "案件统计数"
        indexes = (models.Index(fields=["agency", "opened_on"], name="oversight_figures_opened"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.n}"


class CaseGap(models.Model):
    """A sort of thing that one case lacks, and how often."""

    figures = models.ForeignKey(CaseFigures, models.CASCADE, related_name="gaps")
    kind = models.CharField("种类", max_length=12)
    item = models.TextField("缺什么")
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "案件缺项"

    def __str__(self) -> str:
        return f"{self.item} {self.count}"


class CasePeriod(models.Model):
    """One period of the agency in one case: how long it took and when it had to end."""

    figures = models.ForeignKey(CaseFigures, models.CASCADE, related_name="period_rows")
    label = models.CharField("期限", max_length=120)
    unit = models.CharField("单位", max_length=10)
    days = models.PositiveIntegerField("用时", null=True)
    due = models.DateField("届满日")
    ended = models.DateField("办完之日", null=True)
    stopped = models.BooleanField("中止", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "案件期限用时"

    def __str__(self) -> str:
        return f"{self.label} {self.due}"
