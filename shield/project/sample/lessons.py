"""What the published year says was learnt and passed on: the briefing note that it names, and its example of good practice."""

from __future__ import annotations

from datetime import date

from shield.domain.lessons import rules, services
from shield.domain.lessons.models import GoodPractice
from shield.domain.reviews.models import Case
from shield.improvement.models import Theme
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts_queries
from shield.kernel.accounts import services as accounts
from shield.kernel.accounts.models import Partnership, Provenance
from shield.meetings.models import Gathering
from shield.project.sample.loader import SOURCE, Row
from shield.project.sample.reader import read


def load(partnership: Partnership, today: date) -> None:
    """Put them on record once the cases and the meetings are there."""
    by = accounts_queries.system_actor(partnership, "Sample year")
    for row in read()["briefing_notes"]:
        _note(row, partnership, by)
    for row in read()["good_practices"]:
        practice = _practice(row, by, today)
        accounts.note_source(record=practice, source=SOURCE, section=row["source"], key=row["key"])


def _note(row: Row, partnership: Partnership, by: Actor) -> None:
    about = Case.objects.get(partnership=partnership, pseudonym=row["about"])
    themes = Theme.objects.filter(partnership=partnership, title__in=row["themes"])
    words = {name: row.get(name, "").strip() for name in rules.WORDS_OF_NOTE}
    note = services.write_note(about=about.ref, values=words, themes=list(themes), by=by)
    note = services.issue_note(
        note=note, nobody_named=True, by=by, today=row["issued_on"], expected_version=note.version
    )
    held = Provenance.objects.get(
        partnership=partnership, record_kind=Gathering.kind, key=row["shared_at"]
    ).record_id
    services.share_note(note=note, gatherings=[Gathering.objects.get(pk=held)], by=by)
    accounts.note_source(record=note, source=SOURCE, section=row["source"], key=row["key"])


def _practice(row: Row, by: Actor, today: date) -> GoodPractice:
    words = {name: row.get(name, "").strip() for name in rules.WORDS_OF_PRACTICE}
    practice = services.bring_practice(
        values=words, seen_on=row["seen_on"], precision=row["precision"], by=by, today=today
    )
    return services.accept_practice(
        practice=practice, nobody_named=True, by=by, today=today, expected_version=practice.version
    )
