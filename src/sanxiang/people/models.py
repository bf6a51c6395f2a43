"""Who is who: agencies, units, persons, posts, leave, certificates, mandates and machine tokens.

Facts with dates, no judgement: whether a certificate suffices for an act is a guard's question. Every period
includes its first and its last day; no last day means "until further notice".

Rows that matter to law carry `n`, the number of the last act on their subject: the database refuses to change
them unless `n` grows. A password is no such fact: `people_person.password` is to stand outside that rule.
"""

import uuid
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from sanxiang.people import roles


def in_force(on: date, path: str = "") -> Q:
    """Rows whose period contains the day `on`; `path` ("deputy_for__") leads to the dated row."""
    begun = Q(**{f"{path}valid_from__lte": on})
    endless = Q(**{f"{path}valid_until__isnull": True})
    return begun & (endless | Q(**{f"{path}valid_until__gte": on}))


def ordered_period(name: str) -> models.CheckConstraint:
    """No period may end before it begins."""
    ordered = Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from"))
    return models.CheckConstraint(condition=ordered, name=name)


class Agency(models.Model):
    """An organ with its own cases and its own numbers: the unit of tenancy. A town is an agency too."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "人民政府"
        DEPARTMENT = "department", "政府工作部门"
        TOWN = "town", "乡镇（街道）"
        SUPERVISOR = "supervisor", "行政执法监督机构"
        AUTHORISED = "authorised", "法律法规授权组织"
        ENTRUSTED = "entrusted", "受委托组织"
        POLICE = "police", "公安机关"

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=120, unique=True)
    short = models.CharField("机关代字", max_length=20, blank=True)
    region = models.CharField("行政区划代码", max_length=12)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name="上级"
    )
    kind = models.CharField("性质", max_length=20, choices=Kind.choices, default=Kind.DEPARTMENT)
    locality = models.CharField("适用规则包", max_length=60)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=60, blank=True)
    complaint_phone = models.CharField("投诉举报电话", max_length=60, blank=True)
    account = models.CharField("罚款缴纳账户", max_length=200, blank=True)
    review_body = models.CharField("行政复议机关", max_length=120, blank=True)
    court = models.CharField("行政诉讼管辖法院", max_length=120, blank=True)
    is_supervisor = models.BooleanField("是否行政执法监督机关", default=False)
    active = models.BooleanField("在用", default=True)
    n = models.PositiveBigIntegerField("事项序号", default=0)
    head = models.CharField("台账链首", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "执法机关"
        constraints = (
            # Two agencies with one 代字 would issue papers with the same number.
            models.UniqueConstraint(fields=["short"], condition=~Q(short=""), name="people_agency_short"),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="people_agency_uscc"),
        )

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an agency: 股室, 大队, 所. A legal organ (法制机构) is marked for the review gate."""

    class Kind(models.TextChoices):
        OFFICE = "office", "内设机构（股室）"
        BRIGADE = "brigade", "执法大队"
        STATION = "station", "派出机构（所）"
        INSTITUTION = "institution", "事业单位"
        WINDOW = "window", "服务窗口"
        OTHER = "other", "其他"

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units", verbose_name="执法机关")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name="上级机构"
    )
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices, default=Kind.OFFICE)
    is_legal_organ = models.BooleanField("是否法制机构", default=False)
    is_enforcement = models.BooleanField("是否执法机构", default=False)
    n = models.PositiveBigIntegerField("事项序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "内设机构"
        constraints = (models.UniqueConstraint(fields=["agency", "name"], name="people_unit_name"),)

    def __str__(self) -> str:
        return self.name


class Person(AbstractBaseUser):
    """One human being, once, however many posts. There is no superuser: no such column exists."""

    # Django would write this on every sign-in, behind the door; axes keeps the sign-ins.
    last_login = None

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=40, blank=True)
    active = models.BooleanField("账号可用", default=True)
    has_legal_qualification = models.BooleanField("取得法律职业资格", default=False)
    qualification_number = models.CharField("法律职业资格证号", max_length=60, blank=True)
    # 行政处罚法 第五十八条: whoever starts reviewing after the law took effect needs the qualification.
    started_review_on = models.DateField("初次从事法制审核日期", null=True, blank=True)
    # 国办发〔2018〕118号 二（五）: where the state prescribes one uniform, the dress is answered for. Null: nobody said.
    uniformed = models.BooleanField("国家规定统一着装", null=True)
    n = models.PositiveBigIntegerField("事项序号", default=0)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        constraints = (
            # One spelling only: the lock-out counts attempts by the account as typed and folded.
            models.CheckConstraint(
                condition=Q(username=Lower("username")), name="people_person_username_folded"
            ),
            models.CheckConstraint(
                condition=Q(has_legal_qualification=False) | ~Q(qualification_number=""),
                name="people_person_qualification_numbered",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # read only: the column is `active`
        """Django's name for `active`."""
        return self.active


class Post(models.Model):
    """A person's role in an agency, and perhaps a unit, for a time. Rights come from here alone.

    A post with `deputy_for` is a standing deputy's: in force only while the deputised post is not attended.
    三员分立 and the unit's agency are kept by triggers on the table (`sanxiang.people.triggers`), so that
    neither a shell nor another program can break them.
    """

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts", verbose_name="执法机关")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="内设机构"
    )
    role = models.CharField("岗位", max_length=30, choices=list(roles.LABELS.items()))
    title = models.CharField("职务", max_length=60, blank=True)
    valid_from = models.DateField("任职起")
    valid_until = models.DateField("任职止", null=True, blank=True)
    deputy_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name="代理岗位"
    )
    n = models.PositiveBigIntegerField("事项序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = (
            ordered_period("people_post_period"),
            models.CheckConstraint(condition=Q(role__in=sorted(roles.LABELS)), name="people_post_role"),
            models.CheckConstraint(
                condition=Q(deputy_for__isnull=True) | Q(role__in=sorted(roles.CASE_ROLES)),
                name="people_post_no_deputy_admin",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {roles.LABELS[self.role]}"


class Leave(models.Model):
    """Days on which a person is not on duty. A named deputy holds the person's case roles on those days."""

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="leaves", verbose_name="人员")
    deputy = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="covers", verbose_name="代理人"
    )
    valid_from = models.DateField("离岗起")
    valid_until = models.DateField("离岗止", null=True, blank=True)
    n = models.PositiveBigIntegerField("事项序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "离岗代理"
        constraints = (
            ordered_period("people_leave_period"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")), name="people_leave_other_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.valid_from}"


class Certificate(models.Model):
    """An enforcement certificate as issued; the pack maps kinds printed in older schemes to today's kind.

    Numbering schemes are provincial: the number is text, never decoded. `inspected_until` is the last day
    covered by the annual inspection; empty means that none is recorded. A lifted suspension keeps its dates.
    """

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates", verbose_name="持证人")
    number = models.CharField("证件编号", max_length=60)
    kind = models.CharField("证件名称", max_length=60)
    categories = models.JSONField("执法类别", default=list)
    area = models.JSONField("执法区域", default=list)
    valid_from = models.DateField("有效期起")
    valid_until = models.DateField("有效期止")
    inspected_until = models.DateField("年度审验有效至", null=True, blank=True)
    exam_passed_on = models.DateField("资格考试合格日期", null=True, blank=True)
    suspended_from = models.DateField("暂扣起", null=True, blank=True)
    suspended_until = models.DateField("暂扣止", null=True, blank=True)
    revoked_on = models.DateField("吊销（注销）日期", null=True, blank=True)
    # From which platform the certificate came, and under which number there: what it says is changed there alone.
    source = models.CharField("来源平台", max_length=120, null=True, blank=True)
    source_id = models.CharField("来源编号", max_length=120, null=True, blank=True)
    n = models.PositiveBigIntegerField("事项序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "行政执法证件"
        constraints = (
            models.UniqueConstraint(fields=["kind", "number"], name="people_certificate_number"),
            ordered_period("people_certificate_period"),
            models.CheckConstraint(
                condition=Q(suspended_until__isnull=True)
                | Q(suspended_from__isnull=False, suspended_until__gte=F("suspended_from")),
                name="people_certificate_suspension",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Entrustment(models.Model):
    """行政处罚法 第二十条: an agency entrusts a body or a unit, in writing, for items and a time."""

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="entrusts", verbose_name="委托机关")
    body = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="entrusted_by", verbose_name="受委托组织"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="entrusted_by", verbose_name="受委托机构"
    )
    agreement_number = models.CharField("委托协议编号", max_length=120)
    agreement_digest = models.CharField("委托协议文件摘要", max_length=64, blank=True)
    items = models.JSONField("委托事项", default=list)
    valid_from = models.DateField("委托起")
    valid_until = models.DateField("委托止", null=True, blank=True)
    n = models.PositiveBigIntegerField("事项序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "执法委托"
        constraints = (
            ordered_period("people_entrustment_period"),
            models.CheckConstraint(condition=~Q(agreement_number=""), name="people_entrustment_agreement"),
            models.CheckConstraint(
                condition=Q(body__isnull=True, unit__isnull=False) | Q(body__isnull=False, unit__isnull=True),
                name="people_entrustment_one_body",
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=True) | ~Q(body=F("agency")), name="people_entrustment_other_body"
            ),
        )

    def __str__(self) -> str:
        return self.agreement_number


class GrantedItem(models.Model):
    """行政处罚法 第二十四条: an item that the province has given to a town or sub-district."""

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="granted", verbose_name="乡镇（街道）")
    item_code = models.CharField("事项编码", max_length=60)
    label = models.CharField("事项名称", max_length=200)
    basis = models.CharField("赋权依据", max_length=200)
    valid_from = models.DateField("赋权起")
    valid_until = models.DateField("赋权止", null=True, blank=True)
    n = models.PositiveBigIntegerField("事项序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "赋权事项"
        constraints = (
            ordered_period("people_granted_period"),
            models.UniqueConstraint(fields=["agency", "item_code", "valid_from"], name="people_granted_item"),
        )

    def __str__(self) -> str:
        return self.label


class MachineToken(models.Model):
    """A machine client's key, bound to one post: it can do no more than that post, within its scopes."""

    id = models.UUIDField("标识", primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="tokens", verbose_name="岗位")
    name = models.CharField("用途", max_length=120)
    scopes = models.JSONField("权限范围", default=list)
    # Of 256 random bits one plain hash is enough: there is nothing to guess, and each call needs it.
    digest = models.CharField("令牌摘要", max_length=64, unique=True)
    issued_at = models.DateTimeField("签发时间")
    expires_at = models.DateTimeField("到期时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """One row with a token that the database changes whenever a person, post, leave, certificate or unit changes.

    Whoever remembers what someone may do remembers it under this token. It is random, not counted: a number could
    come back after a rollback with other people behind it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=40, default="")

    class Meta:
        verbose_name = verbose_name_plural = "人员信息版本"

    def __str__(self) -> str:
        return self.token
