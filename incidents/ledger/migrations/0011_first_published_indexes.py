import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_fill_first_published")]
    operations = [
        migrations.AddIndex(
            model_name="actorentry",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("first_published", "published"),
                models.F("record_id"),
                condition=models.Q(("retired__isnull", True)),
                name="actorentry_first",
            ),
        ),
        migrations.AddIndex(
            model_name="datasetentry",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("first_published", "published"),
                models.F("record_id"),
                condition=models.Q(("retired__isnull", True)),
                name="datasetentry_first",
            ),
        ),
        migrations.AddIndex(
            model_name="incidententry",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("first_published", "published"),
                models.F("record_id"),
                condition=models.Q(("retired__isnull", True)),
                name="inc_by_first_publication",
            ),
        ),
        migrations.AddIndex(
            model_name="locationentry",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("first_published", "published"),
                models.F("record_id"),
                condition=models.Q(("retired__isnull", True)),
                name="locationentry_first",
            ),
        ),
        migrations.AddIndex(
            model_name="sourceentry",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("first_published", "published"),
                models.F("record_id"),
                condition=models.Q(("retired__isnull", True)),
                name="sourceentry_first",
            ),
        ),
    ]
