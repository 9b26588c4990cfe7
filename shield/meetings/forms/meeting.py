"""Forms on a meeting and its agenda."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, HiddenInput

from shield.improvement.models import Priority, SuccessMeasure
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms
from shield.meetings import rules
from shield.meetings.forms.fields import agency_field, exactness_field, lines_of
from shield.meetings.models import AgendaItem, Body, Gathering

BLANK_LINES = 3
"""Empty lines offered below an agenda; saving brings three more."""
MOST_LINES = 200


class GatheringForm(forms.ShieldForm):
    """A meeting or event: what, when, of which body, led by whom, on what."""

    title = forms.PlainTextField(
        label="Title",
        missing="Enter the title of the meeting",
        max_length=300,
        help_text="As people will look for it, like “Partnership Board, 27 January 2020”",
    )
    sort = forms.OneOfField(
        [("", "Select one"), *rules.GatheringKind.choices],
        look="select",
        label="Kind",
        missing="Select what kind of meeting or event it is",
    )
    body = forms.RecordField(
        label="Body",
        required=False,
        empty_label="None: an event of its own",
        help_text="Decisions can be recorded only at the meeting of a body",
    )
    held_on = forms.DayField(label="Date", noun="The date", help_text="For example, 29 7 2019")
    ends_on = forms.DayField(
        label="Last day", noun="The last day", required=False, help_text="Only if it takes several days"
    )
    precision = exactness_field(help_text="If only the month is known, enter 1 as the day")
    begins_at = forms.TimeOfDayField(label="Begins at", required=False, help_text="For example, 9:30am")
    finishes_at = forms.TimeOfDayField(label="Finishes at", required=False)
    place = forms.PlainTextField(
        label="Where", required=False, max_length=300, help_text="A room, or how to join online"
    )
    papers_due_on = forms.DayField(
        label="Papers are due on",
        noun="The day papers are due",
        required=False,
        help_text="If papers are collected for it",
    )
    status = forms.OneOfField(
        rules.GatheringStatus.choices, label="Has it taken place?", missing="Say if it has taken place"
    )
    chair_agency = agency_field("Agency that chairs")
    chair_office = forms.RecordField(
        label="Office of whoever chairs", required=False, empty_label="None", label_for=lambda o: o.title
    )
    led_by = forms.RecordsField(label="Led by", required=False, label_for=lambda a: a.name)
    priority = forms.RecordField(
        label="Priority",
        required=False,
        empty_label="None",
        label_for=lambda p: p.heading,
        help_text="If the whole meeting is about one",
    )
    business = forms.PlainTextField(
        label="Business",
        required=False,
        multiline=True,
        rows=8,
        max_length=20_000,
        help_text="One item a line, in order. You can say later which priority each is about",
    )
    content = forms.PlainTextField(
        label="What it covers",
        required=False,
        multiline=True,
        rows=4,
        help_text="For an event: what people learn there",
    )
    note = forms.PlainTextField(
        label="Note", required=False, multiline=True, rows=3, help_text="Not published. Do not name children"
    )

    def __init__(self, *arguments: Any, actor: Actor, today: date, act: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.act = act
        every = accounts.agencies(actor)
        chosen = {
            "body": Body.objects.visible_to(actor),
            "chair_agency": every,
            "led_by": every,
            "chair_office": accounts.offices(actor),
            "priority": Priority.objects.visible_to(actor),
        }
        for name, rows in chosen.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        for name in {"record": ("status",), "plan": ("status",), "change": ("business",)}[act]:
            del self.fields[name]
        if act == "plan":
            self.fields["held_on"].earliest = today  # type: ignore[attr-defined]

    def clean_business(self) -> list[str]:
        """The items of business, none too long for a line."""
        found = lines_of(self.cleaned_data["business"])
        for number, line in enumerate(found, start=1):
            if len(line) > 2000:
                raise ValidationError(f"Line {number} of the business must be 2,000 characters or fewer")
        return found

    def clean(self) -> dict[str, Any]:
        """Dates as exactly as they are known."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("held_on") and given.get("precision"):
            given["held_on"] = rules.first_day(given["held_on"], given["precision"])
        return given

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes, without what the form is about itself."""
        apart = {"once", "version", "business", "led_by"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @staticmethod
    def initial_of(row: Gathering) -> dict[str, Any]:
        """A meeting as the form shows it."""
        names = (
            "title",
            "sort",
            "body",
            "held_on",
            "ends_on",
            "precision",
            "status",
            "chair_agency",
            "chair_office",
            "priority",
            "content",
            "note",
            "begins_at",
            "finishes_at",
            "place",
            "papers_due_on",
        )
        return {**{name: getattr(row, name) for name in names}, "led_by": row.led_by.all()}


class AgendaForm(forms.ShieldForm):
    """The lines of an agenda, each with its place and the priority it is about."""

    marks_optional = False

    def __init__(self, *arguments: Any, items: Sequence[AgendaItem], actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.items = list(items)
        self.priorities = {str(p.pk): p for p in Priority.objects.visible_to(actor)}
        self.measures = {str(m.pk): m for m in SuccessMeasure.objects.visible_to(actor)}
        priorities = [
            ("", "No priority"),
            *((key, p.heading) for key, p in self.priorities.items()),
        ]
        typed = (int(name[5:]) for name in self.data if name.startswith("text_") and name[5:].isdecimal())
        self.lines = min(max(len(self.items) + BLANK_LINES, *typed, 1), MOST_LINES)
        for number in range(1, self.lines + 1):
            item = self.items[number - 1] if number <= len(self.items) else None
            self.fields[f"item_{number}"] = CharField(
                required=False, widget=HiddenInput, initial=str(item.pk) if item else ""
            )
            self.fields[f"place_{number}"] = forms.WholeNumberField(
                label=f"Place of item {number}",
                width=2,
                min_value=1,
                max_value=999,
                required=False,
                initial=number if item else None,
            )
            self.fields[f"text_{number}"] = forms.PlainTextField(
                label=f"Item {number}", required=False, max_length=2000, initial=item.text if item else ""
            )
            self.fields[f"priority_{number}"] = forms.OneOfField(
                priorities,
                look="select",
                label=f"Priority of item {number}",
                required=False,
                initial=str(item.priority_id or "") if item else "",
            )
            self._further(number, item)

    def _further(self, number: int, item: AgendaItem | None) -> None:
        """What else an item has: its purpose, its length, who brings it, the success measure it serves."""
        self.fields[f"purpose_{number}"] = forms.OneOfField(
            [("", "Not said"), *rules.Purpose.choices], look="select", label=f"Purpose of item {number}", required=False,
            initial=item.purpose if item else "",
        )  # fmt: skip
        self.fields[f"minutes_{number}"] = forms.WholeNumberField(
            label=f"Minutes for item {number}", width=3, min_value=1, max_value=600, required=False,
            initial=item.minutes if item else None,
        )  # fmt: skip
        self.fields[f"presenter_{number}"] = forms.PlainTextField(
            label=f"Who brings item {number}",
            required=False,
            max_length=200,
            initial=item.presenter if item else "",
        )
        self.fields[f"measure_{number}"] = forms.OneOfField(
            [("", "None"), *((key, m.title) for key, m in self.measures.items())], look="select",
            label=f"Success measure of item {number}", required=False,
            initial=str(item.measure_id or "") if item else "",
        )  # fmt: skip

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """The three boxes of each line, as the page places them."""
        for number in range(1, self.lines + 1):
            yield {
                "number": number,
                "place": self[f"place_{number}"],
                "text": self[f"text_{number}"],
                "priority": self[f"priority_{number}"],
                "purpose": self[f"purpose_{number}"],
                "minutes": self[f"minutes_{number}"],
                "presenter": self[f"presenter_{number}"],
                "measure": self[f"measure_{number}"],
            }

    @property
    def in_order(self) -> list[dict[str, Any]]:
        """What each line that holds anything says, with the item it was before, in the places given."""
        given = self.cleaned_data
        known = {str(item.pk): item for item in self.items}
        found = []
        for number in range(1, self.lines + 1):
            if text := given.get(f"text_{number}"):
                place = given.get(f"place_{number}") or 1000 + number
                line = {
                    "text": text,
                    "priority": self.priorities.get(given.get(f"priority_{number}") or ""),
                    "measure": self.measures.get(given.get(f"measure_{number}") or ""),
                    "purpose": given.get(f"purpose_{number}") or "",
                    "minutes": given.get(f"minutes_{number}"),
                    "presenter": given.get(f"presenter_{number}") or "",
                    "was": known.get(given.get(f"item_{number}") or ""),
                }
                found.append((place, number, line))
        return [line for _, _, line in sorted(found, key=lambda one: one[:2])]
