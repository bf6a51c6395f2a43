"""Registers 清单: dated releases of rows, so that "in force on that day" is a question with one answer."""

import uuid

from django.db import models


class Register(models.Model):
    """A list of one agency: items, officers, AV matters, review catalogue, benchmarks …"""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="registers")
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    closed_through = models.PositiveIntegerField("这一版以及以前各版不应公开", null=True)
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


class Draft(models.Model):
    """A version that is being made. What was signed is one edition of it: whoever edits makes the next, which nobody signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="register_drafts")
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    rows = models.JSONField(default=list)
    rejected = models.JSONField("退回的行", default=list)
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=1)
    drafters = models.JSONField("起草人", default=list)
    drafted_by = models.CharField("最近编辑的人", max_length=60, blank=True)
    edited_at = models.DateTimeField()
    ended = models.CharField(
        max_length=10, blank=True, choices=(("released", "已经发布"), ("dropped", "已经作废"))
    )
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="drafts")
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "清单草稿"
        constraints = (
            models.UniqueConstraint(
                fields=["agency", "kind"], condition=models.Q(ended=""), name="registers_one_draft"
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}（第{self.edition}稿）"


class Opinion(models.Model):
    """What an organ of the approval chain said of one edition of a draft, by its digest. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="signatures")
    step = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    agreed = models.BooleanField("同意")
    opinion = models.TextField(blank=True)
    organ = models.CharField(max_length=120)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="register_signatures")
    name = models.CharField("签署人", max_length=60)
    number = models.CharField("复函文号", max_length=120, blank=True)
    files = models.JSONField("复函", default=list)
    signed_on = models.DateField()
    act = models.UUIDField()
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "清单审核意见"

    def __str__(self) -> str:
        return f"{self.organ} {self.name}"


class Filing(models.Model):
    """What becomes of a version after its release where the scheme wants it filed, or told on the page of the government."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    release = models.OneToOneField(Release, models.PROTECT, related_name="filing")
    opened_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    filed_by = models.CharField(max_length=60, blank=True)
    admitted_at = models.DateTimeField("收录时间", null=True)
    admitted_by = models.CharField(max_length=60, blank=True)
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "清单报备"

    def __str__(self) -> str:
        return str(self.release)


class Recheck(models.Model):
    """Entries to be looked at again: a law that they cite or the functions of who is to act changed; the whole list after its period."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    register = models.ForeignKey(Register, models.PROTECT, related_name="rechecks")
    version = models.PositiveIntegerField()
    cause = models.CharField(
        max_length=10,
        choices=(
            ("amended", "法律修改"),
            ("repealed", "法律废止"),
            ("function", "机构职能变动"),
            ("period", "定期核对"),
        ),
    )
    subject = models.CharField("法律或者机构", max_length=200)
    articles = models.JSONField(default=list)
    told = models.TextField(blank=True)
    entries = models.JSONField(default=list)
    since = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)
    conclusion = models.TextField(blank=True)
    replaced_by = models.ForeignKey(Release, models.PROTECT, null=True, related_name="settled")
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "清单复核"
        indexes = (models.Index(fields=["register", "closed_at"], name="registers_recheck_open"),)

    def __str__(self) -> str:
        return f"{self.register} {self.subject}"


class Statute(models.Model):
    """The text of one version of a law, imported; data of the installation, never of the repository."""

    name = models.CharField(max_length=120)
    version = models.DateField()
    articles = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    repealed_on = models.DateField("废止日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "法律文本"
        constraints = (models.UniqueConstraint(fields=["name", "version"], name="registers_statute_version"),)

    def __str__(self) -> str:
        return f"{self.name}({self.version})"
