"""What the pages of lessons need beside the sample year, and which of its records they open."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import TODAY

WANTED: dict[str, dict[str, Any]] = {
    **{f"briefing_note_{act}": {"status": "draft"} for act in ("change", "issue")},
    **{f"briefing_note_{act}": {"status": "issued"} for act in ("changed", "shared", "withdraw")},
    "briefing_note": {"status": "issued"},
    **{f"good_practice_{act}": {"status": "brought"} for act in ("accept", "change", "return")},
}


def prepare(audit: Any, by: Any) -> str:
    """A draft of a note, an answer to what another one changed, an example that waits; returns a theme's reference."""
    from shield.domain.lessons import services
    from shield.domain.lessons.models import BriefingNote
    from shield.improvement.models import Theme

    words = {"title": "Adolescents heard", "looked_at": "Two records"}
    services.write_note(about=audit.ref, values=words, by=by)
    services.tell_change(
        note=BriefingNote.objects.get(partnership_id=by.partnership_id, status="issued"), changed=False,
        text="The training begins in the new year.", again_on=date(2020, 3, 1), by=by, today=TODAY,
    )  # fmt: skip
    services.bring_practice(
        values={"title": "A meeting at the school", "done": "They met there", "why": "It was near"}, seen_on=TODAY, by=by,
        today=TODAY,
    )  # fmt: skip
    return str(Theme.objects.filter(partnership_id=by.partnership_id).first().reference)


def about_an_audit() -> str:
    """The part of an address that names an audit of which a note can be written."""
    from shield.domain.audits.models import Audit

    return f"?about={Audit.objects.filter(partnership__slug='bexley', status='closed').first().ref.as_text()}"
