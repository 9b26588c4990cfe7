"""Forms before a meeting: the year's dates, standing items, forward plan, what goes on the agenda, papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from shield.improvement.models import Priority, SuccessMeasure
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import permissions as accounts_permissions
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar.rules import in_words
from shield.kernel.design import forms
from shield.meetings import permissions, rules
from shield.meetings.forms.fields import agency_field
from shield.meetings.models import AgendaItem, Gathering, StandingItem
from shield.meetings.queries import Offer

BLANK_STANDING = 3
PURPOSES = [("", "Not said"), *rules.Purpose.choices]


class SeriesForm(forms.ShieldForm):
    """How often a body meets in a year; the days are shown before anything is planned."""

    sort = forms.OneOfField(
        [("", "Select one"), *rules.GatheringKind.choices],
        look="select",
        label="Kind",
        missing="Select what kind it is",
    )
    first = forms.DayField(
        label="First meeting", noun="The first meeting", missing="Enter the day of the first meeting"
    )
    every = forms.OneOfField(
        tuple(rules.EVERY.items()), label="How often", missing="Select how often it meets"
    )
    until = forms.DayField(label="No later than", noun="The last day", missing="Enter the last day")
    begins_at = forms.TimeOfDayField(label="Begins at", required=False, help_text="For example, 9:30am")
    finishes_at = forms.TimeOfDayField(label="Finishes at", required=False)
    place = forms.PlainTextField(
        label="Where", required=False, max_length=300, help_text="A room, or how to join online"
    )

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["first"].earliest = today  # type: ignore[attr-defined]


class SeriesDaysForm(forms.ShieldForm):
    """Which of the days are to be planned."""

    days = forms.SeveralOfField([], label="Plan a meeting on", required=False)

    def __init__(
        self, *arguments: Any, days: Sequence[date], holidays: Mapping[date, str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["days"]
        field.choices = [(day.isoformat(), f"{day:%A} {in_words(day)}") for day in days]
        field.hints = {
            day.isoformat(): f"{holidays[day]}: plan this one by hand on another day"
            for day in days
            if day in holidays
        }
        field.initial = [day.isoformat() for day in days if day not in holidays]

    @property
    def chosen(self) -> list[date]:
        """The days that were ticked."""
        return [date.fromisoformat(day) for day in self.cleaned_data["days"]]


class StandingForm(forms.ShieldForm):
    """The standing items of a body, each with its place, purpose and length."""

    marks_optional = False

    def __init__(self, *arguments: Any, items: Sequence[StandingItem], actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.items = list(items)
        self.measures = {str(m.pk): m for m in SuccessMeasure.objects.visible_to(actor)}
        choices = [("", "None"), *((key, m.title) for key, m in self.measures.items())]
        for number in range(1, len(self.items) + BLANK_STANDING + 1):
            item = self.items[number - 1] if number <= len(self.items) else None
            self.fields[f"text_{number}"] = forms.PlainTextField(
                label=f"Item {number}", required=False, max_length=500, initial=item.text if item else ""
            )
            self.fields[f"purpose_{number}"] = forms.OneOfField(
                PURPOSES, look="select", label=f"Purpose of item {number}", required=False,
                initial=item.purpose if item else "",
            )  # fmt: skip
            self.fields[f"minutes_{number}"] = forms.WholeNumberField(
                label=f"Minutes for item {number}", width=3, min_value=1, max_value=600, required=False,
                initial=item.minutes if item else None,
            )  # fmt: skip
            self.fields[f"measure_{number}"] = forms.OneOfField(
                choices, look="select", label=f"Success measure of item {number}", required=False,
                initial=str(item.measure_id or "") if item else "",
            )  # fmt: skip

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """The boxes of each line, as the page places them."""
        for number in range(1, len(self.items) + BLANK_STANDING + 1):
            names = ("text", "purpose", "minutes", "measure")
            yield {name: self[f"{name}_{number}"] for name in names}

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """What each filled line says, with the item it was before."""
        for number in range(1, len(self.items) + BLANK_STANDING + 1):
            if text := self.cleaned_data.get(f"text_{number}"):
                yield {
                    "text": text,
                    "purpose": self.cleaned_data.get(f"purpose_{number}") or "",
                    "minutes": self.cleaned_data.get(f"minutes_{number}"),
                    "measure": self.measures.get(self.cleaned_data.get(f"measure_{number}") or ""),
                    "was": self.items[number - 1] if number <= len(self.items) else None,
                }


class ForwardForm(forms.ShieldForm):
    """Business that a body means to take in some month."""

    text = forms.PlainTextField(label="What", missing="Enter the business", max_length=500)
    month = forms.DayField(
        label="When",
        noun="The month",
        missing="Enter the month",
        help_text="Enter 1 as the day if only the month is known",
    )
    purpose = forms.OneOfField(PURPOSES, look="select", label="For", required=False)
    agency = agency_field("Who brings it")
    priority = forms.RecordField(
        label="Priority", required=False, empty_label="None", label_for=lambda p: p.heading
    )
    measure = forms.RecordField(
        label="Success measure", required=False, empty_label="None", label_for=lambda m: m.title
    )

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, rows in {
            "agency": accounts.agencies(actor),
            "priority": Priority.objects.visible_to(actor),
            "measure": SuccessMeasure.objects.visible_to(actor),
        }.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class DropForm(forms.ShieldForm):
    """Why an item of the forward plan is dropped."""

    reason = forms.PlainTextField(label="Why is it dropped?", missing="Say why it is dropped", max_length=500)


HEADINGS = {rules.Origin.STANDING: "Standing items", rules.Origin.ARISING: "Matters arising"}


class OffersForm(forms.ShieldForm):
    """What is to go on the agenda, of all that could."""

    marks_optional = False

    def __init__(self, *arguments: Any, offers: Sequence[Offer], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.offers = {offer.key: offer for offer in offers}
        for origin in rules.Origin:
            group = [offer for offer in offers if offer.origin == origin]
            if not group:
                continue
            ticked = origin in (rules.Origin.STANDING, rules.Origin.FORWARD)
            field: Any = forms.SeveralOfField(
                [(offer.key, offer.text) for offer in group],
                label=HEADINGS.get(origin, origin.label),
                required=False,
            )
            field.hints = {offer.key: offer.why for offer in group}
            if ticked:
                field.initial = [offer.key for offer in group]
            self.fields[f"of_{origin.value}"] = field

    @property
    def chosen(self) -> list[Offer]:
        """The offers that were ticked, in the order of the page."""
        keys = [key for origin in rules.Origin for key in self.cleaned_data.get(f"of_{origin.value}") or ()]
        return [self.offers[key] for key in keys]


class PaperForm(forms.ShieldForm):
    """A paper to be asked for."""

    title = forms.PlainTextField(label="Title", missing="Enter the title of the paper", max_length=200)
    item = forms.RecordField(
        label="For which item?",
        required=False,
        empty_label="The whole meeting",
        label_for=lambda i: i.text[:120],
    )
    agency = agency_field("Agency that writes it")
    person = forms.RecordField(
        label="Person who writes it", required=False, empty_label="Nobody in particular"
    )
    due_on = forms.DayField(label="Due on", noun="The day it is due", required=False)
    audience = forms.OneOfField(
        rules.Audience.choices,
        label="Who may read it",
        initial="everybody",
        missing="Select who may read it",
        hints={"members": "And whoever prepares the meeting", "partners": "And whoever prepares the meeting"},
    )

    def __init__(
        self, *arguments: Any, actor: Actor, gathering: Gathering, today: date, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["item"].queryset = AgendaItem.objects.filter(gathering=gathering, withdrawn=False)  # type: ignore[attr-defined]
        self.fields["agency"].queryset = accounts.agencies(actor)  # type: ignore[attr-defined]
        if actor.may(accounts_permissions.VIEW_PEOPLE):
            able = accounts.people_who_may(permissions.CONTRIBUTE, actor.partnership_id, today)
            self.fields["person"].queryset = accounts.people_of(actor, today).filter(
                pk__in=[p.pk for p in able]
            )  # type: ignore[attr-defined]
        else:
            del self.fields["person"]


class HandInForm(forms.ShieldForm):
    """The file of a paper."""

    file = forms.UploadField(
        label="The paper", missing="Choose the paper's file", accept=".pdf,.docx,.xlsx,.pptx",
        help_text="A PDF is bound into the pack; other kinds are opened in Shield",
    )  # fmt: skip


class DeclarationForm(forms.ShieldForm):
    """An interest and how it was handled."""

    named = forms.PlainTextField(label="Who declares it", missing="Enter who declares it", max_length=200)
    agency = agency_field("Agency")
    item = forms.RecordField(
        label="About which item?",
        required=False,
        empty_label="The whole meeting",
        label_for=lambda i: i.text[:120],
    )
    interest = forms.PlainTextField(
        label="The interest", missing="Enter the interest", multiline=True, rows=3, max_length=2000
    )
    handling = forms.OneOfField(
        rules.Handling.choices,
        label="How it was handled",
        initial="noted",
        missing="Select how it was handled",
    )

    def __init__(
        self, *arguments: Any, actor: Actor, gathering: Gathering, own: bool, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["item"].queryset = AgendaItem.objects.filter(gathering=gathering, withdrawn=False)  # type: ignore[attr-defined]
        self.fields["agency"].queryset = accounts.agencies(actor)  # type: ignore[attr-defined]
        if own:
            for name in ("named", "agency", "handling"):
                del self.fields[name]


class StrikeForm(forms.ShieldForm):
    """Why a meeting is taken off the register."""

    reason = forms.PlainTextField(
        label="Why is it taken off the register?",
        missing="Say why it is taken off",
        multiline=True,
        rows=3,
        max_length=1000,
    )


class PictureForm(forms.ShieldForm):
    """The visual record of a meeting."""

    file = forms.UploadField(label="The picture", missing="Choose the picture", accept=".png,.jpg,.jpeg")
    description = forms.PlainTextField(
        label="What it shows", missing="Describe what the picture shows", multiline=True, rows=4, max_length=1000,
        help_text="For everybody who cannot see it: the subjects, and what people said",
    )  # fmt: skip
