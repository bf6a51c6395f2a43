"""A list may be looked over because its period is over."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("registers", "0004_drafts")]

    operations = [
        migrations.AlterField(
            model_name="recheck",
            name="cause",
            field=models.CharField(
                choices=[("amended", "法律修改"), ("repealed", "法律废止"), ("function", "机构职能变动"), ("period", "定期核对")],
                max_length=10,
            ),
        ),
    ]
