"""What pages elsewhere may ask of reporting."""

from __future__ import annotations

from collections.abc import Iterator

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar.rules import in_words
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Panel, PanelItem, PersonalData, RecordRef
from shield.kernel.reporting import permissions, queries


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel]:
    """On the partnership: its reporting years."""
    if ref.kind == "accounts.partnership" and actor.may(permissions.VIEW_FIGURES):
        items = tuple(
            PanelItem(year.name, None, f"{in_words(year.starts_on)} to {in_words(year.ends_on)}")
            for year in queries.years(actor)
        )
        yield Panel("Reporting years", items, "No reporting year is set up yet.")


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """The discrepancies a person settled, and the statements that name them."""
    yield from records.told_of(person, actor, *records.kinds_of("reporting"), where="Figures")
