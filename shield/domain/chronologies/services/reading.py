"""What readers make of what was told: significance, themes, notes. What an agency said stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from shield.domain.chronologies import events, permissions
from shield.domain.chronologies.models import Chronology, Entry, Mark, Note, Theme
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.services.opening import locked
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason

MOST_THEMES = 40


@transaction.atomic
def add_theme(*, chronology: Chronology, title: str, by: Actor) -> Theme:
    """Add a theme that readers follow through this chronology."""
    row = locked(chronology=chronology, by=by, permission=permissions.EDIT)
    states.check_open(row.status)
    themes = Theme.objects.filter(chronology=row)
    if themes.filter(title__iexact=title.strip()).exists():
        raise Refused("There is a theme of these words already.", "title")
    if themes.count() >= MOST_THEMES:
        raise Refused(f"A chronology has {MOST_THEMES} themes at most.", "title")
    theme = Theme(partnership_id=by.partnership_id, chronology=row, title=title.strip()).store()
    history.record(events.THEME_ADDED, on=row.ref, by=by)
    return theme


def _read_entry(entry: Entry, by: Actor, expected_version: int | None = None) -> Entry:
    chronology = locked(chronology=entry.chronology, by=by, permission=permissions.EDIT)
    states.check_open(chronology.status)
    row: Entry = Entry.objects.locked(entry.pk, expected_version, by=by)
    if row.standing not in states.READ:
        raise Refused("This entry is not in the chronology.")
    return row


@transaction.atomic
def mark_entry(
    *, entry: Entry, significance: str, themes: Sequence[Theme], by: Actor, expected_version: int
) -> Entry:
    """Say what a reader sees in an event: how significant it is, and which themes it belongs to."""
    row = _read_entry(entry, by, expected_version)
    if any(theme.chronology_id != row.chronology_id for theme in themes):
        raise Refused("This theme is not one of this chronology.", "themes")
    row.significance = significance
    row.store()
    mark = Mark.objects.filter(entry=row).first()
    if mark is None and themes:
        mark = Mark(partnership_id=by.partnership_id, entry=row).store()
    if mark is not None:
        mark.link("themes", themes)
    history.record(events.MARKED, on=row.chronology.ref, by=by)
    return row


@transaction.atomic
def write_note(*, entry: Entry, text: str, by: Actor, today: date) -> Note:
    """Write a note on an event under one's own name, apart from what the agency said."""
    row = _read_entry(entry, by)
    check_reason(text, field="text", what="Write a few words.")
    note = Note(
        partnership_id=by.partnership_id,
        entry=row,
        text=text.strip(),
        author_id=by.person_id,
        written_on=today,
    ).store()
    history.record(events.NOTED, on=row.chronology.ref, by=by)
    return note
