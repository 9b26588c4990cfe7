import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def keep_the_plan(apps, schema_editor):
    """What stood as the end of an audit that is not finished was the plan."""
    audits = apps.get_model("audits", "Audit").objects.exclude(status__in=["closed", "stopped"])
    audits.filter(ends_on__isnull=False).update(planned_end=F("ends_on"), ends_on=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_teams_conflicts"),
        ("audits", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="audit",
            name="compared_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="audit",
            name="planned_end",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="briefingnote",
            name="withdrawn_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="briefingnote",
            name="withdrawn_why",
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name="briefingnote",
            name="sealed_words",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="agreedjudgement",
            name="judgement",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AlterField(
            model_name="briefingnote",
            name="audit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="audits.audit"
            ),
        ),
        migrations.AlterField(
            model_name="briefingnote",
            name="looked_at",
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AlterField(
            model_name="briefingnote",
            name="status",
            field=models.CharField(
                choices=[("draft", "Draft"), ("issued", "Issued"), ("withdrawn", "Withdrawn")],
                default="draft",
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="briefingnote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "withdrawn"), _negated=True),
                fields=("audit",),
                name="one_standing_note_an_audit",
            ),
        ),
        migrations.RunPython(keep_the_plan, migrations.RunPython.noop),
    ]
