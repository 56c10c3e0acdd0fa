from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_indexes")]
    operations = [
        migrations.AddField(
            model_name="revision",
            name="shape",
            field=models.SmallIntegerField(help_text="The shape that the document is written in; null: 1.", null=True),
        ),
    ]
