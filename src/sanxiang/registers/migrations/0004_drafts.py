"""Drafts of lists with what was signed of them, filings, and what is to be looked over again."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from sanxiang.ledger.triggers import forever, growing


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_uniformed'),
        ('registers', '0003_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='statute',
            name='repealed_on',
            field=models.DateField(null=True, verbose_name='废止日期'),
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=120)),
                ('rows', models.JSONField(default=list)),
                ('rejected', models.JSONField(default=list, verbose_name='退回的行')),
                ('note', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=64)),
                ('edition', models.PositiveIntegerField(default=1)),
                ('drafters', models.JSONField(default=list, verbose_name='起草人')),
                ('drafted_by', models.CharField(blank=True, max_length=60, verbose_name='最近编辑的人')),
                ('edited_at', models.DateTimeField()),
                ('ended', models.CharField(blank=True, choices=[('released', '已经发布'), ('dropped', '已经作废')], max_length=10)),
                ('n', models.PositiveBigIntegerField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='register_drafts', to='people.agency')),
                ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='registers.release')),
            ],
            options={
                'verbose_name': '清单草稿',
                'verbose_name_plural': '清单草稿',
            },
        ),
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('opened_at', models.DateTimeField()),
                ('filed_at', models.DateTimeField(null=True)),
                ('filed_by', models.CharField(blank=True, max_length=60)),
                ('admitted_at', models.DateTimeField(null=True, verbose_name='收录时间')),
                ('admitted_by', models.CharField(blank=True, max_length=60)),
                ('n', models.PositiveBigIntegerField()),
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='filing', to='registers.release')),
            ],
            options={
                'verbose_name': '清单报备',
                'verbose_name_plural': '清单报备',
            },
        ),
        migrations.CreateModel(
            name='Recheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('cause', models.CharField(choices=[('amended', '法律修改'), ('repealed', '法律废止'), ('function', '机构职能变动')], max_length=10)),
                ('subject', models.CharField(max_length=200, verbose_name='法律或者机构')),
                ('articles', models.JSONField(default=list)),
                ('told', models.TextField(blank=True)),
                ('entries', models.JSONField(default=list)),
                ('since', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=60)),
                ('conclusion', models.TextField(blank=True)),
                ('n', models.PositiveBigIntegerField()),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='registers.register')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settled', to='registers.release')),
            ],
            options={
                'verbose_name': '清单复核',
                'verbose_name_plural': '清单复核',
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('step', models.CharField(max_length=40)),
                ('edition', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('agreed', models.BooleanField(verbose_name='同意')),
                ('opinion', models.TextField(blank=True)),
                ('organ', models.CharField(max_length=120)),
                ('name', models.CharField(max_length=60, verbose_name='签署人')),
                ('number', models.CharField(blank=True, max_length=120, verbose_name='复函文号')),
                ('files', models.JSONField(default=list, verbose_name='复函')),
                ('signed_on', models.DateField()),
                ('act', models.UUIDField()),
                ('n', models.PositiveBigIntegerField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='registers.draft')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='register_signatures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '清单审核意见',
                'verbose_name_plural': '清单审核意见',
            },
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('ended', '')), fields=('agency', 'kind'), name='registers_one_draft'),
        ),
        migrations.AddIndex(
            model_name='recheck',
            index=models.Index(fields=['register', 'closed_at'], name='registers_recheck_open'),
        ),
        growing("registers_draft"),
        forever("registers_opinion"),
        growing("registers_filing"),
        growing("registers_recheck"),
    ]
