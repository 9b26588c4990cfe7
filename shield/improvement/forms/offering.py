"""Forms that offer records: the choices are rows the person may see, the answer is a row again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms as django_forms

from shield.improvement import rules
from shield.improvement.models import PRECISIONS, Owned, Priority
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms
from shield.kernel.records.models import KINDS

BODY = "meetings.body"
"""The kind of a body, which a floor above registers."""


class OfferingForm(forms.ShieldForm):
    """A form whose choices are records, known by their ids: what it holds compares with what is stored."""

    def __init__(self, *arguments: Any, actor: Actor, today: date, **options: Any) -> None:
        self.actor = actor
        self.today = today
        self._offered: dict[str, dict[str, Any]] = {}
        super().__init__(*arguments, **options)
        self.offer_all()

    def offer_all(self) -> None:
        """Fill the choices; each form says here what it offers."""

    def offer(
        self,
        name: str,
        rows: Iterable[Any],
        label: Callable[[Any], str] = str,
        *,
        first: str = "",
        also: Any = None,
    ) -> None:
        """Offer rows in a field; `first` is the empty choice of a select, `also` what stands there now."""
        known = {str(row.pk): row for row in rows}
        if also is not None:
            known.setdefault(str(also.pk), also)
        self._offered[name] = known
        choices = [(key, label(row)) for key, row in known.items()]
        field = self.fields[name]
        assert isinstance(field, django_forms.ChoiceField)
        field.choices = [("", first), *choices] if first else choices

    def picked(self, name: str) -> Any:
        """The row chosen in a field; None if none was."""
        return self._offered.get(name, {}).get(self.cleaned_data.get(name) or "")

    def picked_all(self, name: str) -> list[Any]:
        """The rows ticked in a field."""
        known = self._offered.get(name, {})
        return [known[key] for key in self.cleaned_data.get(name) or () if key in known]

    def offer_priorities(self, name: str = "priority", *, first: str = "Select one") -> None:
        """Offer the priorities the person may see."""
        self.offer(name, Priority.objects.visible_to(self.actor), lambda row: row.heading, first=first)


class OwnedForm(OfferingForm):
    """Who answers for something: an agency, and if known the person, the office or the body."""

    owner_agency = forms.OneOfField(
        [],
        look="select",
        required=False,
        label="Agency that answers for it",
        help_text="The agency's lead sees it in their own list.",
    )
    owner_person = forms.OneOfField([], look="select", required=False, label="Person")
    owner_office = forms.OneOfField(
        [], look="select", required=False, label="Office, if it goes with the post"
    )
    owner_body = forms.OneOfField([], look="select", required=False, label="Body of the partnership")
    owner_outside = forms.PlainTextField(required=False, max_length=200, label="Somebody outside, by name")

    def __init__(self, *arguments: Any, record: Owned | None = None, **options: Any) -> None:
        self.record = record
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """Everybody who may answer for something here, and whoever does already."""
        none = "Nobody chosen"
        people = accounts.people_of(self.actor, self.today)
        now = self.record
        self.offer(
            "owner_agency",
            accounts.agencies(self.actor),
            lambda row: row.name,
            first=none,
            also=now and now.owner_agency,
        )
        self.offer("owner_person", people, lambda row: row.name, first=none, also=now and now.owner_person)
        offices = accounts.offices(self.actor)
        self.offer("owner_office", offices, lambda row: row.title, first=none, also=now and now.owner_office)
        bodies = KINDS[BODY].objects.visible_to(self.actor) if BODY in KINDS else ()
        self.offer("owner_body", bodies, lambda row: row.heading, first=none)

    @property
    def owner(self) -> dict[str, Any]:
        """Who was chosen, as the words of `services.Owner`."""
        body = self.picked("owner_body")
        return {
            "agency": self.picked("owner_agency"),
            "person": self.picked("owner_person"),
            "office": self.picked("owner_office"),
            "body": body.ref if body else None,
            "outside": self.cleaned_data.get("owner_outside", ""),
        }


def owner_initial(record: Any) -> dict[str, str]:
    """What an owner form begins with."""
    return {
        "owner_agency": str(record.owner_agency_id or ""),
        "owner_person": str(record.owner_person_id or ""),
        "owner_office": str(record.owner_office_id or ""),
        "owner_body": str(record.owner_body_id or ""),
        "owner_outside": record.owner_outside,
    }


def due_field(label: str = "Due date") -> forms.DayField:
    """A day by which something is to be done, which may be left open."""
    return forms.DayField(
        required=False,
        label=label,
        noun="The due date",
        help_text="For example, 31 1 2020",
    )


def precision_field() -> forms.OneOfField:
    """How exactly a date is known."""
    return forms.OneOfField(
        [
            (key, {"day": "On that day", "month": "In that month", "year": "In that year"}[key])
            for key, _ in PRECISIONS
        ],
        label="How exactly is the date known?",
        initial="day",
        missing="Select how exactly the date is known",
        help_text="If only the month is known, enter any day of it.",
    )


def stored_day(cleaned: dict[str, Any], name: str) -> date | None:
    """A day as it is stored when only its month or year is known."""
    day: date | None = cleaned.get(name)
    return rules.first_day_of(day, cleaned.get("precision") or "day") if day else None
