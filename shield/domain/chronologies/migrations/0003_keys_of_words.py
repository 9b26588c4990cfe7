import secrets

from django.db import migrations


def give_keys(apps, schema_editor):
    """A key of its own for each chronology that was started before there were any; parts follow by the worker."""
    for row in apps.get_model("chronologies", "Chronology").objects.all():
        row.words_key = secrets.token_hex(16)
        row.save(update_fields=["words_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("chronologies", "0002_outlines_and_words"),
    ]

    operations = [
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
