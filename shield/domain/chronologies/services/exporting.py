"""Taking a chronology out of Shield."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from shield.domain.chronologies import events, permissions
from shield.domain.chronologies.models import Chronology
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused

FORMS = {"docx": "a Word file", "xlsx": "an Excel workbook", "pdf": "a PDF", "csv": "a CSV file"}

SAID = 5
"""Words that may be names which a refusal lists."""


@transaction.atomic
def note_export(
    *, chronology: Chronology, form: str, names: bool, count: int, by: Actor, unresolved: Sequence[str] = ()
) -> None:
    """Keep that somebody took a chronology out, in which form, with names or with pseudonyms, before they have it.

    With names only who may. With pseudonyms only if no spelling is left of which nobody has said whose it is.
    """
    access.require(by, permissions.READ)
    if not Chronology.objects.visible_to(by).filter(pk=chronology.pk).exists():
        raise Forbidden("Only the team of a chronology takes it out.")
    if names:
        access.require(by, permissions.EXPORT_NAMES)
    elif unresolved:
        listed = "; ".join(unresolved[:SAID])
        more = f" and {len(unresolved) - SAID:,} more" if len(unresolved) > SAID else ""
        raise Refused(
            f"Words that may be names have no pseudonym yet: {listed}{more}. Say whose they are first, then export again.",
            "names",
        )
    how = "with names" if names else "with pseudonyms"
    told = "1 event" if count == 1 else f"{count:,} events"
    history.record(
        events.EXPORTED, on=chronology.ref, by=by, details={"form": FORMS[form], "how": how, "count": told}
    )
