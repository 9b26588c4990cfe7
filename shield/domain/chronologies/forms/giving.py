"""What an agency gives: tables, the meaning of their columns, doubtful dates, single events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from shield.domain.chronologies.models import Entry
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.rules.mapping import Column, Doubt, Mapped
from shield.domain.chronologies.rules.states import Told
from shield.kernel.calendar.rules.approximate import ApproximateDate
from shield.kernel.calendar.rules.reading import Convention, Doubtful, read
from shield.kernel.design import forms

OTHER = "other"
MOST_DOUBTS = 25
"""Dates put to a person on one page."""
HOW_DATES = (
    "Day first, as exactly as it is known: 22 May 2016, 22/05/2016 14:30, ?22 May 2016, c. May 2016, 3-5 June 2016, 2016, "
    "not known."
)


class UploadForm(forms.ShieldForm):
    """A table as a file."""

    file = forms.UploadField(
        label="The file", missing="Choose the file", accept=".xlsx,.csv,.docx,.txt",
        help_text="An Excel workbook, a CSV file or a Word document with a table, one row for each event. It is sealed.",
    )  # fmt: skip


class PasteForm(forms.ShieldForm):
    """A table as text."""

    text = forms.PlainTextField(
        label="The events", missing="Paste the events", multiline=True, rows=14, max_length=400_000,
        help_text="Columns with tabs, strokes (|) or commas between them, or lines such as “22 May 2016 - what happened”.",
    )  # fmt: skip


class MappingForm(forms.ShieldForm):
    """Which column is what, and how dates are written."""

    marks_optional = False

    source = forms.PlainTextField(
        required=False, max_length=300, label="Where is this recorded, for rows that do not say?",
        help_text="For example: case notes. Needed if no column holds the source.",
    )  # fmt: skip
    heading_row = forms.WholeNumberField(
        required=False, min_value=0, max_value=200_000, width=4, label="In which row are the headings?",
        help_text="0 if there are none.",
    )  # fmt: skip
    order = forms.OneOfField(
        [("day", "Day first: 3/4/2016 is 3 April"), ("month", "Month first: 3/4/2016 is 4 March")],
        label="In which order are dates in figures written?", initial="day", missing="Select the order",
    )  # fmt: skip
    clock = forms.OneOfField(
        [("ask", "Ask me whether 2:30 is in the morning or the afternoon"), ("24", "All times are of the 24-hour clock")],
        label="How are times written?", initial="ask", missing="Select how times are written",
    )  # fmt: skip

    def __init__(
        self,
        *arguments: Any,
        headings: Sequence[str],
        samples: Sequence[str],
        proposed: Mapped,
        **options: Any,
    ) -> None:
        initial = {
            "source": proposed.source, "heading_row": proposed.heading_row,
            "order": "month" if proposed.convention.month_first else "day", "clock": "24" if proposed.convention.clock_24 else "ask",
            **{f"column_{at}": role for at, role in enumerate(proposed.roles)},
        }  # fmt: skip
        super().__init__(*arguments, initial=initial, **options)
        offered = [("", "Leave it out"), *Column.choices]
        for at, (heading, sample) in enumerate(zip(headings, samples, strict=True)):
            self.fields[f"column_{at}"] = forms.OneOfField(
                offered, look="select", required=False, label=heading,
                help_text=f"For example: {sample}" if sample else "It is empty.",
            )  # fmt: skip
        self.columns = len(headings)
        self.order_fields(
            [*(f"column_{at}" for at in range(self.columns)), "source", "heading_row", "order", "clock"]
        )

    @property
    def mapped(self) -> Mapped:
        """What was chosen."""
        data = self.cleaned_data
        return Mapped(
            tuple(data.get(f"column_{at}") or "" for at in range(self.columns)), data.get("heading_row") or 0,
            data.get("source") or "", Convention(month_first=data["order"] == "month", clock_24=data["clock"] == "24"),
        )  # fmt: skip


class DatesForm(forms.ShieldForm):
    """Dates that cannot be read without a guess, each with its readings; nothing is chosen beforehand."""

    marks_optional = False

    def __init__(self, *arguments: Any, doubts: Sequence[Doubt], latest: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.doubts = list(doubts[:MOST_DOUBTS])
        self.latest = latest
        for doubt in self.doubts:
            label = f"Row {doubt.row}: “{doubt.written}”" if doubt.written else f"Row {doubt.row}: no date"
            about = f"{doubt.why} {doubt.event[:120]}"
            readings = [(each.in_english(), each.in_english()) for each in doubt.readings]
            if readings:
                self.fields[f"row_{doubt.row}"] = forms.OneOfField(
                    [*readings, (OTHER, "Something else")], required=False, label=label, help_text=about
                )
            self.fields[f"typed_{doubt.row}"] = forms.PlainTextField(
                required=False, max_length=100, width=20, label=f"Row {doubt.row}: something else" if readings else label,
                help_text="" if readings else about,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whatever is typed must be readable."""
        cleaned = super().clean() or self.cleaned_data
        for doubt in self.doubts:
            typed = cleaned.get(f"typed_{doubt.row}", "")
            if not typed:
                continue
            try:
                read(typed, latest=self.latest)
            except Doubtful as still:
                self.add_error(f"typed_{doubt.row}", still.why)
        if not self.errors and not self.answers:
            self.add_error(None, "Say at least of one date how it is to be read.")
        return cleaned

    @property
    def answers(self) -> dict[int, str]:
        """What was said, by row."""
        data = self.cleaned_data
        made = {}
        for doubt in self.doubts:
            chosen = data.get(f"row_{doubt.row}") or ""
            text = data.get(f"typed_{doubt.row}") or ("" if chosen == OTHER else chosen)
            if text:
                made[doubt.row] = text
        return made


class EntryForm(forms.ShieldForm):
    """One event."""

    written = forms.PlainTextField(
        label="When was it?",
        max_length=100,
        width=20,
        help_text=HOW_DATES,
        missing="Enter when it was, or “not known”",
    )
    source = forms.PlainTextField(
        label="Where is it recorded?", missing="Enter where it is recorded", max_length=states.LONGEST["source"],
        help_text="For example: case notes of 22 May 2016.",
    )  # fmt: skip
    event = forms.PlainTextField(
        label="What happened?",
        missing="Enter what happened",
        multiline=True,
        rows=5,
        max_length=states.LONGEST["event"],
    )
    people = forms.PlainTextField(
        required=False, label="People concerned", max_length=states.LONGEST["people"]
    )
    voice = forms.PlainTextField(
        required=False, multiline=True, rows=3, label="The child's voice", max_length=states.LONGEST["voice"],
        help_text="What the child said or showed.",
    )  # fmt: skip
    impact = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=3,
        label="Impact on the child",
        max_length=states.LONGEST["impact"],
    )
    action = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=3,
        label="What your agency did",
        max_length=states.LONGEST["action"],
    )
    comment = forms.PlainTextField(
        required=False, multiline=True, rows=3, label="Comment", max_length=states.LONGEST["comment"]
    )

    def __init__(self, *arguments: Any, latest: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.latest = latest
        self._when: ApproximateDate | None = None

    def clean_written(self) -> str:
        """A date that can be read without a guess."""
        text: str = self.cleaned_data["written"]
        try:
            self._when = read(text, latest=self.latest)
        except Doubtful as doubt:
            offered = " or ".join(each.in_english() for each in doubt.readings)
            self.add_error("written", f"{doubt.why} {f'Write {offered}.' if offered else ''}".strip())
        return text

    @property
    def told(self) -> Told:
        """The event."""
        data = self.cleaned_data
        assert self._when is not None
        return Told(when=self._when, **{name: data[name] for name in states.TEXTS})


def entry_initial(entry: Entry) -> dict[str, Any]:
    """What the form of an event on record begins with."""
    return {"written": entry.when.in_english(), **{name: getattr(entry, name) for name in states.TEXTS}}


class NothingForm(forms.ShieldForm):
    """That an agency holds nothing."""

    statement = forms.PlainTextField(
        label="What was searched, and with what result?", missing="Enter what was searched", multiline=True, rows=4, max_length=2000,
        help_text="For example: both systems were searched for the child and both parents; nothing is held.",
    )  # fmt: skip
