"""What the door keeps besides the case: tasks, number series, refused attempts."""

import uuid

from django.db import models


class Task(models.Model):
    """Something that someone must do, opened by an act and closed by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="tasks")
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    role = models.CharField(max_length=30)
    # Where it is for somebody in particular, or for one unit, not for everybody of the role.
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="tasks")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="tasks")
    limit = models.CharField("期限规则", max_length=40, blank=True)
    due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    citation = models.CharField(max_length=120, blank=True)
    opened_n = models.PositiveBigIntegerField()
    opened_at = models.DateTimeField()
    closed_n = models.PositiveBigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "待办"
        indexes = (models.Index(fields=["agency", "role", "closed_n", "due"], name="door_task_queue"),)

    def __str__(self) -> str:
        return self.title


class Alert(models.Model):
    """Somebody was reminded: a task's last day came near, or passed. Kept, whatever becomes of the task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="alerts")
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=4, choices=(("soon", "就要到期"), ("late", "已经超期")))
    due = models.DateField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "期限提醒"
        constraints = (models.UniqueConstraint(fields=["task", "kind", "due"], name="door_alert_once"),)
        indexes = (models.Index(fields=["agency", "-id"], name="door_alert_agency"),)

    def __str__(self) -> str:
        return f"{self.task} {self.due}"


class Loan(models.Model):
    """An archived file that was taken out: by whom and for what, until when, and when it came back."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="loans")
    borrower = models.CharField("借阅人", max_length=60)
    purpose = models.CharField("用途", max_length=500)
    due = models.DateField("归还期限")
    at = models.DateTimeField("借出时间")
    by = models.UUIDField(null=True)
    by_name = models.CharField("经手人", max_length=60)
    returned_at = models.DateTimeField("归还时间", null=True)
    returned_to = models.CharField("接收人", max_length=60, blank=True)
    # The acts that say the same; none for entries from before they were acts.
    act = models.UUIDField(null=True)
    returned_act = models.UUIDField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "案卷借阅登记"
        indexes = (models.Index(fields=["case", "id"], name="door_loan_case"),)
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(returned_at__isnull=True), name="door_loan_out_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.borrower}"


class Series(models.Model):
    """The next number of one series: agency × paper type × year. Locked while a number is taken, so no gaps."""

    agency = models.ForeignKey("people.Agency", models.PROTECT)
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "series", "year"], name="door_series_once"),)

    def __str__(self) -> str:
        return f"{self.series}{self.year}"


class Number(models.Model):
    """One number of a series: issued, voided with a reason, or reserved in a block for work without a network."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="numbers")
    ordinal = models.PositiveIntegerField()
    text = models.CharField(max_length=60)
    status = models.CharField(max_length=10, default="issued")
    reason = models.CharField(max_length=300, blank=True)
    paper = models.UUIDField(null=True)
    held_by = models.UUIDField("预留给", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["series", "ordinal"], name="door_number_once"),)

    def __str__(self) -> str:
        return self.text


class Refusal(models.Model):
    """An attempt that the door refused, with every reason. Not ledger: nothing happened."""

    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="refusals")
    # Null only where an older version kept the attempt and nobody can say any more where it was made.
    agency = models.ForeignKey("people.Agency", models.PROTECT, null=True, related_name="refusals")
    act = models.CharField(max_length=60)
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    verdicts = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = "不予办理记录"

    def __str__(self) -> str:
        return self.act


class Knock(models.Model):
    """Somebody without an account knocked: what for and, as keyed digests, from where and about what. Forgotten after a day."""

    what = models.CharField(max_length=20)
    source = models.CharField(max_length=32)
    about = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "公众入口的尝试"
        indexes = (models.Index(fields=["what", "source", "at"], name="door_knock_source"),)

    def __str__(self) -> str:
        return self.what


class Subscription(models.Model):
    """Somebody wants letters about new decisions of a search. The row goes with the last letter: no address outlives it.

    `seen`: the place in the log up to which letters told; None until the address was confirmed by its owner.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(max_length=254)
    asked = models.JSONField(default=dict)
    params = models.TextField(blank=True)
    title = models.TextField()
    at = models.DateTimeField()
    invited = models.DateTimeField(null=True)
    seen = models.BigIntegerField(null=True)
    told = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "邮件提醒"
        indexes = (models.Index(fields=["told"], name="door_subscription_told"),)

    def __str__(self) -> str:
        return self.title


class Installation(models.Model):
    """Where the chain of the installation's own acts ends. One row."""

    id = models.UUIDField(primary_key=True)
    n = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = verbose_name_plural = "本安装"

    def __str__(self) -> str:
        return f"{self.n}"


class Connector(models.Model):
    """A system that records go out to, as the system administrator set it up. What it is called and carries changes by acts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="connectors")
    code = models.CharField("代号", max_length=40)
    name = models.CharField("名称", max_length=120)
    platform = models.CharField("方案里的平台", max_length=40, blank=True)
    url = models.TextField("地址")
    credential = models.CharField("凭据所在", max_length=200, blank=True)
    fields = models.JSONField("字段对照", default=dict)
    carries = models.JSONField("送什么", default=list)
    below = models.BooleanField("包括下级机关", default=False)
    active = models.BooleanField("在用", default=True)
    n = models.PositiveBigIntegerField()
    # What the other side said it has when it was last asked; no record of anything, so it may change without an act.
    compared = models.JSONField("对账结果", null=True)
    compared_at = models.DateTimeField("对账时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "对接系统"
        constraints = (models.UniqueConstraint(fields=["agency", "code"], name="door_connector_code"),)

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """A message to another system, written in the transaction of the act that it tells of.

    `state`: queued, sent (asked, no answer yet), accepted, dead (given up or refused), dropped (overtaken or put aside).
    """

    connector = models.ForeignKey(Connector, models.PROTECT, related_name="messages")
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="outgoing")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="outgoing")
    subject = models.CharField("对象", max_length=80)
    label = models.CharField("名称", max_length=300)
    event = models.CharField("事由", max_length=12)
    payload = models.JSONField("内容", default=dict)
    digest = models.CharField("内容摘要", max_length=64)
    key = models.CharField("幂等键", max_length=64, unique=True)
    state = models.CharField("状态", max_length=10, default="queued")
    tries = models.PositiveIntegerField("次数", default=0)
    next_try = models.DateTimeField("下次时间")
    made_at = models.DateTimeField("写入时间")
    answered_at = models.DateTimeField("答复时间", null=True)
    receipt = models.TextField("回执", blank=True)
    error = models.TextField("未送达原因", blank=True)
    act = models.UUIDField("由哪一步产生", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "外发消息"
        indexes = (
            models.Index(fields=["state", "next_try"], name="door_outgoing_due"),
            models.Index(fields=["connector", "subject", "id"], name="door_outgoing_subject"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.event}"
