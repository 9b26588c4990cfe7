from django.db import migrations


def forget(apps, schema_editor):
    """What was kept in the clear is thrown away: it waited for a few days at most, and is typed again."""
    apps.get_model("records", "KeptForm").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_kept_form"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
