"""Planning an audit, its list, and the choice of records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from shield.domain.audits import rules
from shield.domain.audits.models import Audit
from shield.improvement.forms.offering import OfferingForm, due_field, precision_field, stored_day
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms

KIND_HINTS = {
    "multi_agency": "Several agencies answer on the same records, then compare.",
    "single_agency": "One agency audits its own work and tells the partnership.",
    "dip_sample": "A quick look at a few records on one question.",
    "practice_week": "A week in which leaders and practitioners look at practice together.",
}
NO_CHILD = "Do not name children or write anything by which one could be recognised."


def lines_of(text: str) -> list[str]:
    """The lines of a text, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class AuditForm(OfferingForm):
    """What an audit looks at, why, and out of what."""

    title = forms.PlainTextField(label="What is audited?", missing="Enter what is audited", max_length=200)
    sort = forms.OneOfField(
        rules.Kind.choices,
        label="What kind of audit is it?",
        missing="Select the kind of audit",
        hints=KIND_HINTS,
    )
    priority = forms.OneOfField([], look="select", required=False, label="For which priority?")
    why = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=3,
        max_length=2000,
        label="Why this audit, and why now?",
        help_text=NO_CHILD,
    )
    depth = forms.OneOfField(
        [("", "Decided for each record"), *rules.Depth.choices],
        look="select", required=False, label="How closely are records looked at?",
    )  # fmt: skip
    unit = forms.OneOfField(
        rules.Unit.choices,
        look="select",
        label="What is looked at?",
        missing="Select what is looked at",
        initial="child",
    )
    frame = forms.PlainTextField(
        required=False, multiline=True, rows=3, max_length=2000, label="Out of which records are they chosen?",
        help_text="The sampling frame in words. For example: children discussed at the weekly missing meeting.",
    )  # fmt: skip
    frame_from = forms.DayField(required=False, label="First day the frame covers", noun="The first day")
    frame_to = forms.DayField(required=False, label="Last day the frame covers", noun="The last day")
    frame_size = forms.WholeNumberField(
        required=False, min_value=0, max_value=1_000_000, label="How many are there to choose from?",
        help_text="Leave it empty if a list will be uploaded: it is counted then.",
    )  # fmt: skip
    starts_on = forms.DayField(
        label="When does the audit begin?", missing="Enter when the audit begins", noun="The start"
    )
    planned_end = forms.DayField(required=False, label="When should it end?", noun="The end")
    led_by = forms.SeveralOfField([], required=False, label="Who leads it?")
    answers_due_on = due_field("By when should the agencies answer?")

    def __init__(self, *arguments: Any, awaited: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not awaited:
            del self.fields["answers_due_on"]

    def offer_all(self) -> None:
        """Priorities and agencies."""
        self.offer_priorities(first="None")
        self.offer("led_by", accounts.agencies(self.actor), lambda row: row.name)

    def clean(self) -> dict[str, Any]:
        """Spans run forward."""
        cleaned = super().clean() or self.cleaned_data
        for first, last, words in (
            ("frame_from", "frame_to", "The last day the frame covers must not be before its first day"),
            ("starts_on", "planned_end", "The end must not be before the start"),
            ("starts_on", "ends_on", "The end must not be before the start"),
        ):
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, words)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        data = self.cleaned_data
        names = (
            "title", "sort", "why", "depth", "unit", "frame", "frame_from", "frame_to", "frame_size", "starts_on",
        )  # fmt: skip
        made = {**{name: data.get(name) for name in names}, "priority": self.picked("priority")}
        return made | {
            name: data.get(name) for name in ("planned_end", "answers_due_on") if name in self.fields
        }


def audit_initial(audit: Audit) -> dict[str, Any]:
    """What the form of an audit on record begins with."""
    names = (
        "title",
        "sort",
        "why",
        "depth",
        "unit",
        "frame",
        "frame_from",
        "frame_to",
        "frame_size",
        "starts_on",
        "planned_end",
        "answers_due_on",
    )
    return {
        **{name: getattr(audit, name) for name in names},
        "priority": str(audit.priority_id or ""),
        "led_by": [str(agency.pk) for agency in audit.led_by.all()],
    }


class RecordForm(AuditForm):
    """An audit that was done before or elsewhere: its numbers, no records."""

    field_order = (
        "title", "sort", "priority", "starts_on", "ends_on", "precision", "led_by", "led_by_outside", "why", "frame", "unit",
        "frame_from", "frame_to", "frame_size", "considered", "in_depth", "considered_note", "team", "team_outside", "team_note",
    )  # fmt: skip

    ends_on = forms.DayField(required=False, label="When did it end?", noun="The end")
    precision = precision_field()
    led_by_outside = forms.PlainTextField(
        required=False, max_length=200, label="Led by somebody else, by name"
    )
    considered = forms.WholeNumberField(
        required=False, min_value=0, max_value=1_000_000, label="How many were looked at?"
    )
    in_depth = forms.WholeNumberField(
        required=False, min_value=0, max_value=1_000_000, label="How many of them in depth?"
    )
    considered_note = forms.PlainTextField(
        required=False, max_length=300, label="Anything to add to the numbers?"
    )
    team = forms.SeveralOfField([], required=False, label="Which agencies audited?")
    team_outside = forms.PlainTextField(
        required=False, multiline=True, rows=2, max_length=1000, label="Others who audited, one on each line"
    )
    team_note = forms.PlainTextField(required=False, max_length=500, label="Anything to add on who audited?")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["depth"], self.fields["planned_end"]
        self.fields["starts_on"].label = "When did the audit begin?"
        self.fields["frame_size"].help_text = "Leave it empty if nobody noted it."

    def offer_all(self) -> None:
        """Also the agencies of the team."""
        super().offer_all()
        self.offer("team", accounts.agencies(self.actor), lambda row: row.name)

    def clean(self) -> dict[str, Any]:
        """A month is stored by its first day."""
        cleaned = super().clean()
        cleaned["starts_on"] = stored_day(cleaned, "starts_on")
        cleaned["ends_on"] = stored_day(cleaned, "ends_on")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        data = self.cleaned_data
        names = (
            "ends_on",
            "precision",
            "led_by_outside",
            "considered",
            "in_depth",
            "considered_note",
            "team_note",
        )
        given = super().values
        del given["depth"]
        return {
            **given, **{name: data.get(name) for name in names}, "team_outside": lines_of(data.get("team_outside", "")),
        }  # fmt: skip


def record_initial(audit: Audit) -> dict[str, Any]:
    """What the form of an audit that was put on record afterwards begins with."""
    names = (
        "ends_on",
        "precision",
        "led_by_outside",
        "considered",
        "in_depth",
        "considered_note",
        "team_note",
    )
    return {
        **audit_initial(audit),
        **{name: getattr(audit, name) for name in names},
        "team": [str(agency.pk) for agency in audit.team.all()],
        "team_outside": "\n".join(audit.team_outside),
    }


class OfferedFilter(forms.FilterForm):
    """A filter some of whose choices the page offers, by the name of the field."""

    def __init__(
        self, *arguments: Any, offered: dict[str, Iterable[tuple[str, str]]], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        for name, choices in offered.items():
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


class AuditFilter(OfferedFilter):
    """Above the audits."""

    kind = forms.OneOfField(rules.Kind.choices, look="select", label="Kind")
    status = forms.OneOfField(
        [("open", "Not finished"), *rules.Status.choices], look="select", label="Where it stands"
    )
    priority = forms.OneOfField([], look="select", label="Priority")
    year = forms.OneOfField([], look="select", label="Begun in")


class ResultsFilter(OfferedFilter):
    """Above the results across audits."""

    question = forms.OneOfField([], look="select", label="Question")
    agency = forms.OneOfField([], look="select", label="Judged by")


class ListForm(forms.ShieldForm):
    """A list of records as a file."""

    file = forms.UploadField(
        label="The list", missing="Choose the file of the list", accept=".csv,.xlsx",
        help_text="A CSV file or an Excel workbook with a row of headings. No names, dates of birth, addresses or NHS numbers.",
    )  # fmt: skip
    own = forms.PlainTextField(
        required=False, max_length=60, label="Which column holds your own reference?",
        help_text="Its heading. Leave it empty if it is the first column. "
        "References are sealed and shown to those who run audits alone.",
    )  # fmt: skip
    kept = forms.PlainTextField(
        required=False, max_length=400, label="Which columns do you want to group by?",
        help_text="Their headings, with commas between. Everything else in the file is thrown away.",
    )  # fmt: skip

    @property
    def columns(self) -> list[str]:
        """The headings to keep."""
        return [name.strip() for name in self.cleaned_data.get("kept", "").split(",") if name.strip()]


class TypedForm(forms.ShieldForm):
    """A list of records as it is typed."""

    references = forms.PlainTextField(
        label="Your own references, one on each line", missing="Enter a reference for each record", multiline=True, rows=8,
        max_length=60_000,
        help_text="References are sealed: everywhere else the records are Child 1, Child 2 and so on. No names, no dates of birth.",
    )  # fmt: skip

    @property
    def entries(self) -> list[rules.Entry]:
        """The rows of the list."""
        return [rules.Entry(line) for line in lines_of(self.cleaned_data.get("references", ""))]


def numbers_of(text: str) -> list[int]:
    """Numbers in a text such as “1, 4, 7-9”; ValueError for anything else."""
    found: list[int] = []
    for part in re.split(r"[,;\s]+", text.strip()):
        first, _, last = part.partition("-")
        numbers = range(int(first), int(last or first) + 1)
        if len(numbers) > rules.MOST_ROWS:
            raise ValueError(part)
        found += numbers
    return sorted(set(found))


class _NumbersForm(forms.ShieldForm):
    """A form that takes the numbers of records."""

    numbers = forms.PlainTextField(required=False, max_length=2000, label="Numbers")

    def clean_numbers(self) -> list[int]:
        """The numbers, each once."""
        text = self.cleaned_data["numbers"]
        try:
            return numbers_of(text) if text else []
        except ValueError:
            self.add_error("numbers", "Enter the numbers like this: 1, 4, 7-9")
            return []


class ChooseForm(_NumbersForm):
    """How records are chosen from the list."""

    field_order = ("method", "wanted", "seed", "group_by", "numbers", "how")

    method = forms.OneOfField(
        rules.Method.choices, label="How are records chosen?", missing="Select how records are chosen",
        hints={
            "random": "Drawn by a seed, so that the same draw can be made again.",
            "stratified": "Drawn within each group, in proportion to its size.",
            "purposive": "Named by who runs the audit.",
            "panel": "Named by the panel.",
        },
    )  # fmt: skip
    wanted = forms.WholeNumberField(
        required=False, min_value=1, max_value=rules.MOST_ROWS, label="How many, if they are drawn?"
    )
    seed = forms.PlainTextField(
        required=False, max_length=40, width=10, label="Seed of the draw",
        help_text="Leave it empty and one is made. The same list, number and seed always give the same records.",
    )  # fmt: skip
    group_by = forms.OneOfField([], look="select", required=False, label="Column to group by")
    numbers = forms.PlainTextField(
        required=False, max_length=2000, label="Numbers of the records, if they are named",
        help_text="For example: 1, 4, 7-9. The number is that of the pseudonym.",
    )  # fmt: skip
    how = forms.PlainTextField(
        required=False, multiline=True, rows=3, max_length=1000, label="Why these records?",
        help_text=f"Needed if they are named. {NO_CHILD}",
    )  # fmt: skip

    def __init__(self, *arguments: Any, audit: Audit, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["group_by"].choices = [("", "Select one"), *((c, c) for c in audit.columns)]  # type: ignore[attr-defined]
        if not audit.columns:
            del self.fields["group_by"]
            methods = [(key, label) for key, label in rules.Method.choices if key != rules.Method.STRATIFIED]
            self.fields["method"].choices = methods  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A draw needs a number."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("method") in rules.DRAWN and not cleaned.get("wanted") and "wanted" not in self.errors:
            self.add_error("wanted", "Enter how many records to draw")
        return cleaned


class DepthForm(_NumbersForm):
    """Which records are looked at in depth."""

    numbers = forms.PlainTextField(
        required=False, max_length=2000, label="Numbers of the records for a deep dive",
        help_text="For example: 1, 4, 7-9. All other records chosen get a light touch.",
    )  # fmt: skip
