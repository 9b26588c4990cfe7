import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_teams_conflicts"),
        ("voice", "0002_surveys_and_the_circle"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="judged_count",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="judged_order",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="judged_year",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="seals_total",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="activity",
            name="withheld",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="said",
            name="offered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
            ),
        ),
    ]
