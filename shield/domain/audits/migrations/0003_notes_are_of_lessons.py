from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0002_what_was_done_and_withdrawn"),
        ("lessons", "0002_notes_of_audits"),
    ]

    operations = [migrations.DeleteModel(name="BriefingNote")]
