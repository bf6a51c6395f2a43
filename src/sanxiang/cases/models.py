"""Rows that acts make: the case, its papers, its evidence, what of it is public. Each carries the act number `n`.

What people or other systems word is text without a limit of its own: how long it may be the forms and importers say, in
Chinese; a column that is shorter would be an error of PostgreSQL.
"""

import uuid

from django.db import models


class Case(models.Model):
    """One case. `state` is the fold of its acts; the columns beside it exist to be listed and searched."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="cases")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="cases")
    code = models.CharField("查询码", max_length=12, unique=True)
    number = models.TextField("立案号", blank=True)
    title = models.CharField("案名", max_length=300)
    party = models.TextField("当事人")
    act_type = models.CharField("行为种类", max_length=20)
    procedure = models.CharField("程序", max_length=40)
    stage = models.CharField("阶段", max_length=40)
    closed = models.CharField("办结方式", max_length=20, blank=True)
    pack = models.CharField("规则包", max_length=40)
    pack_digest = models.CharField("规则包摘要", max_length=64)
    origin = models.CharField("来源", max_length=20, default="case")
    # By what the old system knew a case that was taken over: asked for each row of a list, so no search in `state`.
    old_key = models.CharField("旧系统标识", max_length=120, null=True)
    # By the party's own code, whatever its name is spelled like; no code, no key. Never the code itself: columns are listed.
    party_key = models.CharField("当事人证件摘要", max_length=64, null=True)
    # Whom a dispute is decided with: the other side is a party as well, and its cases are found by it.
    respondent = models.TextField("被申请人", null=True)
    respondent_key = models.CharField("被申请人证件摘要", max_length=64, null=True)
    filed_on = models.DateField("立案日期", null=True)
    decided_on = models.DateField("决定日期", null=True)
    next_due = models.DateField("最近期限", null=True)
    opened_at = models.DateTimeField("登记时间")
    state = models.JSONField(default=dict)
    n = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "案件"
        indexes = (
            models.Index(fields=["agency", "closed", "next_due"], name="cases_agency_due"),
            models.Index(fields=["agency", "-opened_at", "id"], name="cases_agency_opened"),
            # A name that came through a form has 500 characters at most, and PostgreSQL indexes 2,704 bytes.
            models.Index(fields=["agency", "party", "closed"], name="cases_agency_party"),
            models.Index(fields=["party_key"], name="cases_party_key"),
            models.Index(fields=["respondent_key"], name="cases_respondent_key"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["agency", "old_key"], condition=models.Q(old_key__isnull=False), name="cases_old_key"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Handler(models.Model):
    """Who handles a case now, so that a desk can list its own cases without reading every state."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="handler_rows")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="handled")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "person"], name="cases_handler_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id}"


class Paper(models.Model):
    """A document issued by an act: its content frozen, its PDF stored under its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    act = models.UUIDField()
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    number = models.CharField("文号", max_length=60, blank=True)
    template = models.CharField("模板版本和来源", max_length=200)
    content = models.JSONField()
    digest = models.CharField("内容摘要", max_length=64)
    pdf = models.CharField("PDF 摘要", max_length=64)
    sealed = models.CharField("盖章后的 PDF 摘要", max_length=64, null=True, blank=True, db_index=True)
    issued_on = models.DateField()
    status = models.CharField(max_length=12, default="issued")
    external = models.BooleanField(default=False)
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "文书"
        indexes = (
            models.Index(fields=["case", "n"], name="cases_paper_case"),
            models.Index(fields=["pdf"], name="cases_paper_pdf"),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.number}"


class Evidence(models.Model):
    """A file in the store, cited by an act; named by its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence_rows")
    act = models.UUIDField()
    title = models.TextField()
    filename = models.CharField(max_length=300, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64, blank=True)
    secrecy = models.CharField(max_length=20, default="case")
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "证据"
        indexes = (
            models.Index(fields=["case", "n"], name="cases_evidence_case"),
            models.Index(fields=["digest"], name="cases_evidence_digest"),
        )

    def __str__(self) -> str:
        return self.title


class Derivative(models.Model):
    """A file made from evidence: a thumbnail, a redacted copy, a transcode. The original stays as it came in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="derivatives")
    act = models.UUIDField()
    kind = models.CharField(
        max_length=12, choices=(("thumbnail", "缩略图"), ("redacted", "遮盖副本"), ("transcode", "转换格式"))
    )
    tool = models.CharField("工具和版本", max_length=120)
    parameters = models.JSONField("参数", default=dict)
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "衍生文件"
        indexes = (models.Index(fields=["evidence", "n"], name="cases_derivative_evidence"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.digest[:12]}"


class CaseLink(models.Model):
    """A tie between two cases, kept by the act that named the other: what `other` is to `case`. It is never taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, models.PROTECT, related_name="linked_from")
    how = models.CharField(
        "关系", max_length=10, choices=(("source", "来源"), ("derived", "派生"), ("basis", "依据"))
    )
    act = models.UUIDField()
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "案件关联"
        constraints = (models.UniqueConstraint(fields=["case", "other", "how"], name="cases_link_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_how_display()} {self.other_id}"


class Film(models.Model):
    """What was read out of a recording: its length, its beginning, its pictures. Made from the file, and made again at any time."""

    digest = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(
        max_length=10, choices=(("waiting", "等待读取"), ("read", "已读取"), ("unreadable", "读不出"))
    )
    found = models.JSONField("时长、开始时间、编码、画面", default=dict)
    poster = models.BinaryField(default=b"")
    tries = models.PositiveSmallIntegerField(default=0)
    tool = models.CharField("工具和版本", max_length=120, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "音像信息"
        indexes = (models.Index(fields=["state", "tries"], name="cases_film_state"),)

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.get_state_display()}"


class Upload(models.Model):
    """A file on its way in by pieces (tus). No record of anything: what it brought counts once an act cites it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField("应有字节数")
    received = models.PositiveBigIntegerField("已收字节数", default=0)
    promised = models.CharField("发送方所称的 SHA-256", max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    kept = models.BooleanField("已存入", default=False)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "分段上传"
        indexes = (
            models.Index(fields=["person", "kept"], name="cases_upload_person"),
            models.Index(fields=["expires_at"], name="cases_upload_expiry"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"


class Scrub(models.Model):
    """How far the nightly look over all files has come. One row; no record of anything, so it may change without an act."""

    shelf = models.CharField(max_length=10, blank=True)
    after = models.CharField("已核到", max_length=64, blank=True)
    round_on = models.DateField("本轮开始", null=True)
    ran_on = models.DateField("最近完成", null=True)
    busy_until = models.DateTimeField(null=True)
    tally = models.JSONField("未报告的结果", default=dict)
    last = models.JSONField("最近的报告", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "文件巡检"

    def __str__(self) -> str:
        return f"{self.shelf} {self.after[:12]}"


class Review(models.Model):
    """A round of legal review 法制审核: what was submitted, what was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    round = models.PositiveIntegerField()
    dossier = models.CharField("送审材料摘要", max_length=64)
    submitted_on = models.DateField()
    outcome = models.CharField(max_length=20, blank=True)
    opinion = models.TextField(blank=True)
    reviewer = models.CharField(max_length=60, blank=True)
    given_on = models.DateField(null=True)
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "法制审核"
        constraints = (models.UniqueConstraint(fields=["case", "round"], name="cases_review_round"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"


class Publication(models.Model):
    """What the public sees of a decision: of a case here, or imported as a historical record.

    `status`: prepared, published, withdrawn, exempt, held, expired, repaired. Withdrawal empties the text columns; reason and address stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="publications")
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="publications")
    origin = models.CharField(max_length=10)
    external_id = models.CharField(max_length=120, null=True, blank=True)
    act_type = models.CharField(max_length=20)
    status = models.CharField(max_length=12)
    number = models.TextField("文号", blank=True)
    title = models.TextField("标题", blank=True)
    party = models.TextField("当事人", blank=True)
    party_type = models.CharField(max_length=20, blank=True)
    party_code = models.TextField("代码", blank=True)
    address = models.TextField("地址", blank=True)
    facts = models.TextField("事实", blank=True)
    basis = models.TextField("依据", blank=True)
    result = models.TextField("结果", blank=True)
    authority = models.TextField("机关", blank=True)
    decided_on = models.DateField("决定日期", null=True)
    published_on = models.DateField("公示日期", null=True)
    source_published_on = models.DateField("来源公示日期", null=True)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawal_reason = models.TextField(blank=True)
    flags = models.JSONField(default=list)
    text_digest = models.CharField(max_length=64, blank=True)
    summary = models.TextField("通俗摘要", null=True)
    display_until = models.DateField("公开到", null=True)
    notes = models.JSONField("更正说明", null=True)
    act = models.UUIDField(null=True)
    leaf_hash = models.CharField(max_length=64, blank=True)
    sort_on = models.DateField()
    n = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公示信息"
        constraints = (
            models.UniqueConstraint(fields=["agency", "external_id"], name="cases_publication_external"),
            models.UniqueConstraint(fields=["case"], name="cases_publication_case"),
        )
        indexes = (
            models.Index(fields=["status", "-sort_on", "-id"], name="cases_pub_sort"),
            models.Index(fields=["status", "agency", "-sort_on", "-id"], name="cases_pub_agency"),
            models.Index(fields=["status", "act_type", "-sort_on", "-id"], name="cases_pub_type"),
            models.Index(fields=["leaf_hash"], name="cases_pub_leaf"),
        )

    def __str__(self) -> str:
        return self.title or self.number


class PublicFile(models.Model):
    """A file that stands beside a publication: made anew, masked, looked through. It goes with the act that withdraws or ends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField("次序")
    name = models.CharField("文件名", max_length=60)
    title = models.CharField("名称", max_length=120)
    size = models.PositiveIntegerField("字节数")
    digest = models.CharField("SHA-256", max_length=64)
    body = models.BinaryField("内容")
    n = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "公示文件"
        constraints = (
            models.UniqueConstraint(fields=["publication", "place"], name="cases_public_file_place"),
        )

    def __str__(self) -> str:
        return self.title
