"""The tree's sizes and roots: never changed, never deleted; a checkpoint is signed once, after it was committed."""

import django.db.models.deletion
from django.db import migrations, models

from sanxiang.ledger.triggers import forever, unreplaced

SIGNING = (
    "NEW.log = OLD.log AND NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.root_sm3 = OLD.root_sm3 "
    "AND OLD.note IN ('', NEW.note) AND OLD.note_sm3 IN ('', NEW.note_sm3)"
)

class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_triggers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sequence',
            name='frontier',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.PositiveIntegerField()),
                ('size', models.PositiveBigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('root_sm3', models.CharField(max_length=64)),
                ('note', models.TextField(default='')),
                ('note_sm3', models.TextField(default='')),
                ('created', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_checkpoint',
                'constraints': [models.UniqueConstraint(fields=('log', 'size'), name='ledger_checkpoint_once')],
            },
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(max_length=200)),
                ('line', models.TextField()),
                ('at', models.DateTimeField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='ledger.checkpoint')),
            ],
            options={
                'db_table': 'ledger_cosignature',
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'witness'), name='ledger_cosignature_once')],
            },
        ),
        forever("ledger_checkpoint", but=SIGNING),
        forever("ledger_cosignature"),
        unreplaced("ledger_checkpoint", "ledger_cosignature"),
    ]
