"""The second log: who looked at what. Only the place in the log comes later, once."""

import uuid
from django.db import migrations, models

from sanxiang.ledger.triggers import forever, unreplaced

KEPT = (
    'id', 'year', 'at', 'by', 'by_name', 'role', 'agency', 'case_id', 'kind', 'object_id', 'digest', 'copies', 'reason', 'text', 'ticket',
    'address', 'channel', 'result', 'watermark', 'salt', 'leaf', 'leaf_hash',
)
PLACED = ' AND '.join(
    ['OLD.idx IS NULL', 'NEW.idx IS NOT NULL']
    # Never NULL: a condition that is neither true nor false would let a change of an empty column pass.
    + [f'COALESCE(NEW."{name}" = OLD."{name}", NEW."{name}" IS NULL AND OLD."{name}" IS NULL)' for name in KEPT]
)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_checkpoint'),
    ]

    operations = [
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.UUIDField(null=True, verbose_name='调阅人')),
                ('by_name', models.CharField(max_length=60, verbose_name='调阅人（当时）')),
                ('role', models.CharField(blank=True, max_length=30, verbose_name='岗位')),
                ('agency', models.UUIDField(null=True, verbose_name='案件所属机关')),
                ('case', models.UUIDField(db_column='case_id', null=True, verbose_name='案件')),
                ('kind', models.CharField(max_length=20, verbose_name='内容')),
                ('object', models.UUIDField(db_column='object_id', null=True, verbose_name='对象')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='对象校验值')),
                ('copies', models.PositiveSmallIntegerField(default=0, verbose_name='份数')),
                ('reason', models.CharField(blank=True, max_length=20, verbose_name='事由')),
                ('text', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('ticket', models.CharField(blank=True, max_length=100, verbose_name='批准或者通知文号')),
                ('address', models.CharField(blank=True, max_length=60, verbose_name='来源地址')),
                ('channel', models.CharField(max_length=10, verbose_name='渠道')),
                ('result', models.CharField(max_length=10, verbose_name='结果')),
                ('watermark', models.CharField(max_length=10, unique=True, verbose_name='水印编号')),
                ('salt', models.CharField(max_length=40)),
                ('leaf', models.BinaryField()),
                ('leaf_hash', models.CharField(max_length=64)),
                ('idx', models.PositiveBigIntegerField(null=True, verbose_name='序号')),
            ],
            options={
                'db_table': 'ledger_access',
                'indexes': [models.Index(fields=['agency', '-at', '-id'], name='ledger_access_agency'), models.Index(fields=['case', '-at', '-id'], name='ledger_access_case'), models.Index(fields=['by', '-at', '-id'], name='ledger_access_by'), models.Index(condition=models.Q(('idx__isnull', True)), fields=['at', 'id'], name='ledger_access_waiting')],
                'constraints': [models.UniqueConstraint(fields=('year', 'idx'), name='ledger_access_place')],
            },
        ),
        forever('ledger_access', but=PLACED),
        unreplaced('ledger_access'),
    ]
