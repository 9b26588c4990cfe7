"""Forms on periods, holds, disposals and requests."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.design import forms
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef
from shield.kernel.reporting.models import ReportingYear
from shield.kernel.retention.models import SubjectItem
from shield.kernel.retention.rules import disposing, requests
from shield.kernel.retention.rules.requests import Decision


def reason(
    label: str = "Reason", hint: str = "One or two sentences; do not name children"
) -> forms.PlainTextField:
    """A reason in words."""
    return forms.PlainTextField(
        label=label, missing="Give the reason", help_text=hint, multiline=True, rows=3, max_length=1000
    )


class ConfirmForm(forms.ShieldForm):
    """An act that only needs to be confirmed."""


class ReasonForm(forms.ShieldForm):
    """An act that needs nothing but its reason."""

    reason = reason()


class PeriodForm(forms.ShieldForm):
    """How long a class is kept here, and why."""

    years = forms.WholeNumberField(label="Years", min_value=0, max_value=100, width=3, required=False)
    months = forms.WholeNumberField(label="And months", min_value=0, max_value=11, width=3, required=False)
    reason = reason(
        "Why is this the right period?", "For example the decision of your board, or the policy it follows"
    )

    @property
    def total(self) -> int:
        """The period in months; the rule refuses none at all."""
        given = self.cleaned_data
        return (given.get("years") or 0) * 12 + (given.get("months") or 0)


class HoldFilter(forms.FilterForm):
    """Which holds the register shows."""

    state = forms.OneOfField(
        [("", "Any"), ("open", "In force"), ("ended", "Ended")], look="select", label="State"
    )


SORTS = (
    ("record", "One record"),
    ("agency", "Everything of an agency"),
    ("person", "Everything of a person"),
    ("year", "Everything of a reporting year"),
)


class HoldForm(forms.ShieldForm):
    """What is held, who asked for it and why."""

    reveals = {
        ("sort", "record"): ["record", "wide"], ("sort", "agency"): ["agency"], ("sort", "person"): ["person"],
        ("sort", "year"): ["year"],
    }  # fmt: skip

    marks_optional = False

    sort = forms.OneOfField(SORTS, label="What is held?", missing="Choose what is held")
    record = forms.PlainTextField(
        label="Its reference",
        help_text="As its page shows it, such as ACT-0012",
        max_length=40,
        width=20,
        required=False,
    )
    wide = forms.TickField(label="With everything that is tied to it, such as all that belongs to a priority")
    agency = forms.RecordField(label="Agency", required=False)
    person = forms.RecordField(label="Person", required=False)
    year = forms.RecordField(label="Reporting year", required=False)
    asked_by = forms.PlainTextField(label="Who asked for it?", missing="Say who asked for it", max_length=200)
    their_reference = forms.PlainTextField(
        label="Their reference, if they have one", max_length=100, width=20, required=False
    )
    reason = reason("Why is it held?")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.actor = actor
        self.about: RecordRef | None = None
        for name, rows in (
            ("agency", Agency.objects.visible_to(actor)), ("person", Person.objects.visible_to(actor)),
            ("year", ReportingYear.objects.visible_to(actor)),
        ):  # fmt: skip
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Which record is meant."""
        given = super().clean() or self.cleaned_data
        sort = given.get("sort")
        if sort == "record":
            self.about = self._named(given.get("record", ""))
        elif sort:
            chosen = given.get(sort)
            self.about = chosen.ref if chosen else None
            if chosen is None and sort not in self.errors:
                self.add_error(sort, f"Select the {self.fields[sort].label.lower()}")  # type: ignore[union-attr]
        return given

    def _named(self, reference: str) -> RecordRef | None:
        """The record of this reference, if the person may see it; the letters before the stroke tell its kind."""
        wanted = reference.strip().upper()
        prefix = wanted.partition("-")[0]
        for model in KINDS.values():
            if prefix and getattr(model, "reference_prefix", "") == prefix:
                found = model.objects.visible_to(self.actor).filter(reference=wanted).first()
                if found is not None:
                    return found.ref  # type: ignore[no-any-return]
        self.add_error("record", "Enter the reference of a record that you can see, such as ACT-0012")
        return None

    @property
    def chosen(self) -> RecordRef:
        """The record that is meant, once the form is valid."""
        assert self.about is not None
        return self.about

    @property
    def is_wide(self) -> bool:
        """Whether everything tied to the record is held with it."""
        return self.cleaned_data["sort"] != "record" or bool(self.cleaned_data.get("wide"))


class DueFilter(forms.FilterForm):
    """Which due records a list shows."""

    year = forms.OneOfField([], look="select", label="Year")

    def __init__(self, *arguments: Any, years: Iterable[int], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["year"].choices = [("", "Any year"), *((str(y), str(y)) for y in sorted(years))]  # type: ignore[attr-defined]


class ReviewForm(forms.ShieldForm):
    """What becomes of the due records that are ticked, or of all that the list shows."""

    reveals = {("what", "keep"): ["until"]}
    marks_optional = False

    records = forms.SeveralOfField([], label="Records on this page", required=False)
    everything = forms.TickField(label="All of them")
    what = forms.OneOfField(
        [("dispose", "Propose to dispose of them"), ("keep", "Keep them until a later day")],
        label="What becomes of those you ticked?",
        missing="Choose what becomes of them",
        hints={
            "dispose": "A second person confirms before anything goes",
            "keep": "They are due again on that day",
        },
    )
    until = forms.DayField(label="Keep until", noun="The day", required=False)
    reason = reason()

    def __init__(
        self, *arguments: Any, rows: Sequence[tuple[uuid.UUID, str, str]], count: int, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        listed = self.fields["records"]
        listed.choices = [(str(pk), words) for pk, words, _ in rows]  # type: ignore[attr-defined]
        listed.hints = {str(pk): hint for pk, _, hint in rows}  # type: ignore[attr-defined]
        self.fields["everything"].label = f"All {count:,} that this list shows, on every page"
        if count <= len(rows):
            del self.fields["everything"]

    def clean(self) -> dict[str, Any]:
        """Something is chosen, and a day if it is kept."""
        given = super().clean() or self.cleaned_data
        everything = given.get("everything")
        if not given.get("records") and not everything and "records" not in self.errors:
            self.add_error("records", "Tick at least one record")
        if given.get("what") == "keep":
            if not given.get("until") and "until" not in self.errors:
                self.add_error("until", "Enter the day until which they are kept")
            if everything:
                self.add_error("everything", "Records are kept longer page by page: tick those you looked at")
        return given

    @property
    def ids(self) -> list[uuid.UUID] | None:
        """The records ticked; None for all of them."""
        if self.cleaned_data.get("everything"):
            return None
        return [uuid.UUID(each) for each in self.cleaned_data["records"]]


class DisposalFilter(forms.FilterForm):
    """Which disposals the list shows."""

    status = forms.OneOfField(
        [("", "Any state"), *disposing.DisposalStatus.choices], look="select", label="State"
    )


class RequestFilter(forms.FilterForm):
    """Which requests the list shows."""

    status = forms.OneOfField(
        [("", "Any state"), *requests.RequestStatus.choices], look="select", label="State"
    )


class RequestForm(forms.ShieldForm):
    """Who asks, and when the request was received."""

    person = forms.RecordField(label="Who asks?", missing="Select who asks")
    received_on = forms.DayField(
        label="On which day was the request received?",
        noun="The day",
        help_text="The clock of one month runs from this day",
    )
    their_reference = forms.PlainTextField(
        label="Your own reference for it",
        help_text="For example of the letter; no name",
        max_length=100,
        width=20,
        required=False,
    )

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["person"].queryset = Person.objects.visible_to(actor).order_by("name")  # type: ignore[attr-defined]


class ExtendForm(forms.ShieldForm):
    """By how much the time is extended, and why."""

    extra = forms.OneOfField(
        [("1", "One month"), ("2", "Two months")], label="By how much?", missing="Choose by how much"
    )
    reason = reason("Why is the request complex?", "The person must be told this within the first month")


class ItemFilter(forms.FilterForm):
    """Which items of a request are shown."""

    decision = forms.OneOfField(
        [("", "Any"), *((c.value, c.label) for c in Decision if c != Decision.REDACT)],
        look="select",
        label="Decision",
    )
    marked = forms.TickField(label="Only items that name others")


class ItemForm(forms.ShieldForm):
    """What becomes of one item, and of each other person in it."""

    reveals = {("decision", "withhold"): ["exemption"]}
    marks_optional = False

    decision = forms.OneOfField(
        [("disclose", "Disclose it"), ("withhold", "Withhold all of it")],
        label="This item",
        missing="Choose what becomes of the item",
    )
    exemption = forms.OneOfField(
        requests.EXEMPTIONS, label="Under which exemption?", missing="Choose the exemption", required=False
    )
    reason = forms.PlainTextField(
        label="Why the exemption applies, or a note", multiline=True, rows=3, max_length=1000, required=False
    )

    def __init__(self, *arguments: Any, item: SubjectItem, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.parties = list(item.third_parties.all())
        for party in self.parties:
            key, times = party.pk.hex, len(party.spans)
            self.fields[f"party_{key}"] = forms.OneOfField(
                [("disclose", "Leave the name in"), ("redact", "Redact it")], required=False,
                label=f"{party.name}, {times} {'time' if times == 1 else 'times'} in this item",
                initial="" if party.decision == Decision.OPEN else party.decision,
            )  # fmt: skip
            self.fields[f"why_{key}"] = forms.PlainTextField(
                label=f"Why, for {party.name}", max_length=1000, required=False, initial=party.reason
            )
        self.order_fields(
            [
                "decision",
                "exemption",
                *(n for p in self.parties for n in (f"party_{p.pk.hex}", f"why_{p.pk.hex}")),
                "reason",
            ]
        )

    @property
    def choices(self) -> dict[uuid.UUID, tuple[str, str]]:
        """What was decided about each other person."""
        given = self.cleaned_data
        return {
            p.pk: (given.get(f"party_{p.pk.hex}", ""), given.get(f"why_{p.pk.hex}", "")) for p in self.parties
        }


class ReleaseForm(forms.ShieldForm):
    """The second look."""

    looked = forms.TickField(
        label="I have read the answer as it will leave, from the first item to the last",
        missing="Tick that you have read it as it will leave",
    )
