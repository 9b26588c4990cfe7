import json
from pathlib import Path

from django.conf import settings
from django.db import migrations

from shield.kernel.calendar.rules import add_months
from shield.kernel.sealed import rules as sealed

OLD, NEW = "audits.note", "lessons.note"
WORDS = ("title", "looked_at", "working_well", "to_develop", "happens_next")
MONTHS = 12


def take_over(apps, schema_editor):
    """Briefing notes of audits become notes of lessons, under the same id and reference.

    What was withdrawn is sealed anew for its new place, and drafts are sealed; what was issued stays in the clear.
    """
    notes = apps.get_model("lessons", "BriefingNote")
    findings = apps.get_model("improvement", "Finding")
    found = apps.get_model("audits", "BriefingNote").objects.select_related("audit__priority")
    for old in found.order_by("pk"):
        issued = old.status == "issued"
        words = {name: getattr(old, name) for name in WORDS}
        if old.sealed_words:
            ring = sealed.ring(Path(settings.SHIELD_KEYS))
            words = json.loads(sealed.unseal(ring, old.sealed_words, f"audits.note.words:{old.pk}"))
        new = notes(
            id=old.pk, partnership_id=old.partnership_id, reference=old.reference, version=old.version, about_kind="audits.audit",
            about_id=old.audit_id, about_words=_about(old.audit), status=old.status, issued_on=old.issued_on,
            withdrawn_on=old.withdrawn_on, withdrawn_why=old.withdrawn_why, sealed_words={} if issued else words,
            ask_on=add_months(old.issued_on, MONTHS) if issued and old.issued_on else None, **(words if issued else {}),
        )  # fmt: skip
        new.save(force_insert=True)
        notes.objects.filter(pk=new.pk).update(recorded_at=old.recorded_at)
        rows = findings.objects.filter(origin_id=old.audit_id, withdrawn_on=None, themes__isnull=False)
        new.themes.set(set(rows.values_list("themes", flat=True)))
    _call_anew(apps)


def _about(audit):
    priority = audit.priority
    return f"Audit: {audit.title}" + (f" (Priority {priority.number}: {priority.title})" if priority else "")


def _call_anew(apps):
    """Whatever points to a note by its kind follows; the history keeps what it says."""
    apps.get_model("accounts", "Provenance").objects.filter(record_kind=OLD).update(record_kind=NEW)
    apps.get_model("files", "StoredFile").objects.filter(about_kind=OLD).update(about_kind=NEW)
    apps.get_model("retention", "LegalHold").objects.filter(about_kind=OLD).update(about_kind=NEW)
    entries = apps.get_model("search", "Entry").objects.filter(kind=OLD)
    standing = apps.get_model("lessons", "BriefingNote").objects.filter(status="issued").values("pk")
    entries.exclude(record_id__in=standing).delete()
    entries.update(kind=NEW)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_teams_conflicts"),
        ("audits", "0002_what_was_done_and_withdrawn"),
        ("files", "0001_initial"),
        ("improvement", "0002_taken_back"),
        ("lessons", "0001_first"),
        ("retention", "0001_first"),
        ("search", "0001_initial"),
    ]

    # There is no way back: the table that held them goes next.
    operations = [migrations.RunPython(take_over)]
