import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("username", models.CharField(max_length=60, unique=True, verbose_name="账号")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="电话")),
                ("active", models.BooleanField(default=True, verbose_name="账号可用")),
                (
                    "has_legal_qualification",
                    models.BooleanField(default=False, verbose_name="取得法律职业资格"),
                ),
                (
                    "qualification_number",
                    models.CharField(blank=True, max_length=60, verbose_name="法律职业资格证号"),
                ),
                (
                    "started_review_on",
                    models.DateField(blank=True, null=True, verbose_name="初次从事法制审核日期"),
                ),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
            ],
            options={
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("username", django.db.models.functions.text.Lower("username"))),
                        name="people_person_username_folded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("has_legal_qualification", False),
                            models.Q(("qualification_number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="people_person_qualification_numbered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="名称")),
                ("short", models.CharField(blank=True, max_length=20, verbose_name="机关代字")),
                ("region", models.CharField(max_length=12, verbose_name="行政区划代码")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "人民政府"),
                            ("department", "政府工作部门"),
                            ("town", "乡镇（街道）"),
                            ("supervisor", "行政执法监督机构"),
                            ("authorised", "法律法规授权组织"),
                            ("entrusted", "受委托组织"),
                        ],
                        default="department",
                        max_length=20,
                        verbose_name="性质",
                    ),
                ),
                ("locality", models.CharField(max_length=60, verbose_name="适用规则包")),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="电话")),
                ("complaint_phone", models.CharField(blank=True, max_length=60, verbose_name="投诉举报电话")),
                ("account", models.CharField(blank=True, max_length=200, verbose_name="罚款缴纳账户")),
                ("review_body", models.CharField(blank=True, max_length=120, verbose_name="行政复议机关")),
                ("court", models.CharField(blank=True, max_length=120, verbose_name="行政诉讼管辖法院")),
                ("is_supervisor", models.BooleanField(default=False, verbose_name="是否行政执法监督机关")),
                ("active", models.BooleanField(default=True, verbose_name="在用")),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
                ("head", models.CharField(blank=True, max_length=64, verbose_name="台账链首")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="below",
                        to="people.agency",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "执法机关",
                "verbose_name_plural": "执法机关",
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="证件编号")),
                ("kind", models.CharField(max_length=60, verbose_name="证件名称")),
                ("categories", models.JSONField(default=list, verbose_name="执法类别")),
                ("area", models.JSONField(default=list, verbose_name="执法区域")),
                ("valid_from", models.DateField(verbose_name="有效期起")),
                ("valid_until", models.DateField(verbose_name="有效期止")),
                ("inspected_until", models.DateField(blank=True, null=True, verbose_name="年度审验有效至")),
                ("exam_passed_on", models.DateField(blank=True, null=True, verbose_name="资格考试合格日期")),
                ("suspended_from", models.DateField(blank=True, null=True, verbose_name="暂扣起")),
                ("suspended_until", models.DateField(blank=True, null=True, verbose_name="暂扣止")),
                ("revoked_on", models.DateField(blank=True, null=True, verbose_name="吊销（注销）日期")),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="持证人",
                    ),
                ),
            ],
            options={
                "verbose_name": "行政执法证件",
                "verbose_name_plural": "行政执法证件",
            },
        ),
        migrations.CreateModel(
            name="GrantedItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("item_code", models.CharField(max_length=60, verbose_name="事项编码")),
                ("label", models.CharField(max_length=200, verbose_name="事项名称")),
                ("basis", models.CharField(max_length=200, verbose_name="赋权依据")),
                ("valid_from", models.DateField(verbose_name="赋权起")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="赋权止")),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="granted",
                        to="people.agency",
                        verbose_name="乡镇（街道）",
                    ),
                ),
            ],
            options={
                "verbose_name": "赋权事项",
                "verbose_name_plural": "赋权事项",
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="离岗起")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="离岗止")),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="代理人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "离岗代理",
                "verbose_name_plural": "离岗代理",
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("officer", "执法人员"),
                            ("unit-head", "承办机构负责人"),
                            ("agency-head", "行政机关负责人"),
                            ("legal-reviewer", "法制审核人员"),
                            ("counsel", "法律顾问、公职律师"),
                            ("disclosure-editor", "公示员"),
                            ("disclosure-approver", "公示审核人"),
                            ("archivist", "档案员"),
                            ("window-clerk", "窗口人员"),
                            ("recording-supervisor", "记录监督员"),
                            ("supervisor", "行政执法监督人员"),
                            ("system-admin", "系统管理员"),
                            ("security-admin", "安全管理员"),
                            ("audit-admin", "审计管理员"),
                        ],
                        max_length=30,
                        verbose_name="岗位",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=60, verbose_name="职务")),
                ("valid_from", models.DateField(verbose_name="任职起")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="任职止")),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="people.agency",
                        verbose_name="执法机关",
                    ),
                ),
                (
                    "deputy_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputies",
                        to="people.post",
                        verbose_name="代理岗位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
            },
        ),
        migrations.CreateModel(
            name="MachineToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="用途")),
                ("scopes", models.JSONField(default=list, verbose_name="权限范围")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="令牌摘要")),
                ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                ("expires_at", models.DateTimeField(verbose_name="到期时间")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="最近使用")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="people.post",
                        verbose_name="岗位",
                    ),
                ),
            ],
            options={
                "verbose_name": "接口令牌",
                "verbose_name_plural": "接口令牌",
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("office", "内设机构（股室）"),
                            ("brigade", "执法大队"),
                            ("station", "派出机构（所）"),
                            ("institution", "事业单位"),
                            ("window", "服务窗口"),
                            ("other", "其他"),
                        ],
                        default="office",
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                ("is_legal_organ", models.BooleanField(default=False, verbose_name="是否法制机构")),
                ("is_enforcement", models.BooleanField(default=False, verbose_name="是否执法机构")),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="people.agency",
                        verbose_name="执法机关",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="below",
                        to="people.unit",
                        verbose_name="上级机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "内设机构",
                "verbose_name_plural": "内设机构",
            },
        ),
        migrations.AddField(
            model_name="post",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="people.unit",
                verbose_name="内设机构",
            ),
        ),
        migrations.CreateModel(
            name="Entrustment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("agreement_number", models.CharField(max_length=120, verbose_name="委托协议编号")),
                (
                    "agreement_digest",
                    models.CharField(blank=True, max_length=64, verbose_name="委托协议文件摘要"),
                ),
                ("items", models.JSONField(default=list, verbose_name="委托事项")),
                ("valid_from", models.DateField(verbose_name="委托起")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="委托止")),
                ("n", models.PositiveBigIntegerField(default=0, verbose_name="事项序号")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entrusts",
                        to="people.agency",
                        verbose_name="委托机关",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entrusted_by",
                        to="people.agency",
                        verbose_name="受委托组织",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entrusted_by",
                        to="people.unit",
                        verbose_name="受委托机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "执法委托",
                "verbose_name_plural": "执法委托",
            },
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("short", ""), _negated=True),
                fields=("short",),
                name="people_agency_short",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("uscc", ""), _negated=True), fields=("uscc",), name="people_agency_uscc"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("kind", "number"), name="people_certificate_number"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="people_certificate_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("suspended_until__isnull", True),
                    models.Q(
                        ("suspended_from__isnull", False),
                        ("suspended_until__gte", models.F("suspended_from")),
                    ),
                    _connector="OR",
                ),
                name="people_certificate_suspension",
            ),
        ),
        migrations.AddConstraint(
            model_name="granteditem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="people_granted_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="granteditem",
            constraint=models.UniqueConstraint(
                fields=("agency", "item_code", "valid_from"), name="people_granted_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="people_leave_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy__isnull", True),
                    models.Q(("deputy", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="people_leave_other_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("agency", "name"), name="people_unit_name"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="people_post_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "agency-head",
                            "archivist",
                            "audit-admin",
                            "counsel",
                            "disclosure-approver",
                            "disclosure-editor",
                            "legal-reviewer",
                            "officer",
                            "recording-supervisor",
                            "security-admin",
                            "supervisor",
                            "system-admin",
                            "unit-head",
                            "window-clerk",
                        ],
                    )
                ),
                name="people_post_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy_for__isnull", True),
                    (
                        "role__in",
                        [
                            "agency-head",
                            "archivist",
                            "counsel",
                            "disclosure-approver",
                            "disclosure-editor",
                            "legal-reviewer",
                            "officer",
                            "recording-supervisor",
                            "supervisor",
                            "unit-head",
                            "window-clerk",
                        ],
                    ),
                    _connector="OR",
                ),
                name="people_post_no_deputy_admin",
            ),
        ),
        migrations.AddConstraint(
            model_name="entrustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="people_entrustment_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="entrustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreement_number", ""), _negated=True),
                name="people_entrustment_agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="entrustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("body__isnull", True), ("unit__isnull", False)),
                    models.Q(("body__isnull", False), ("unit__isnull", True)),
                    _connector="OR",
                ),
                name="people_entrustment_one_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="entrustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("body__isnull", True),
                    models.Q(("body", models.F("agency")), _negated=True),
                    _connector="OR",
                ),
                name="people_entrustment_other_body",
            ),
        ),
    ]
