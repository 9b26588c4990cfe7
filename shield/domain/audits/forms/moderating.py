"""What the panel agreed, the discussion, findings, closing, and the briefing note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shield.domain.audits.forms.answering import QuestionsForm
from shield.domain.audits.forms.planning import NO_CHILD, lines_of
from shield.domain.audits.models import Discussion, ToolQuestion
from shield.domain.audits.rules import NOTHING, Answer
from shield.improvement.forms.offering import OfferingForm, precision_field, stored_day
from shield.improvement.rules import FindingSort
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design import forms
from shield.meetings.models import Gathering


class AgreeForm(QuestionsForm):
    """The panel's judgement on each question of one record, with the reason where agencies differed."""

    marks_optional = False

    def words_field(self, question: ToolQuestion) -> forms.PlainTextField:
        """Why the panel agreed so."""
        return forms.PlainTextField(
            required=False, multiline=True, rows=2, max_length=2000, label="Why the panel agreed so"
        )

    @property
    def answers(self) -> dict[str, Answer]:
        """What was agreed on every question: nothing where it is left empty, so that it can be taken back."""
        return dict.fromkeys((question.key for question in self.questions), NOTHING) | super().answers


class DiscussionForm(OfferingForm):
    """A reflective discussion: when, who took part, what was said."""

    held_on = forms.DayField(label="When was it held?", missing="Enter when it was held", noun="The day")
    precision = precision_field()
    gatherings = forms.SeveralOfField(
        [],
        required=False,
        label="At which meetings?",
        help_text="A discussion may take more than one session.",
    )
    practitioners = forms.WholeNumberField(
        required=False, min_value=0, max_value=100_000, label="How many practitioners took part?"
    )
    agencies = forms.SeveralOfField([], required=False, label="Which agencies took part?")
    agencies_outside = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=2,
        max_length=1000,
        label="Others who took part, one on each line",
    )
    points = forms.PlainTextField(
        required=False, multiline=True, rows=8, max_length=8000, label="What was said?", help_text=NO_CHILD
    )

    def __init__(self, *arguments: Any, sessions: Iterable[Gathering], **options: Any) -> None:
        self._sessions = list(sessions)
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """Meetings held since the audit began, and agencies."""
        self.offer(
            "gatherings",
            self._sessions,
            lambda row: f"{row.title}, {in_words_to(row.held_on, row.precision)}",
        )
        if not self._sessions:
            del self.fields["gatherings"]
        self.offer("agencies", accounts.agencies(self.actor), lambda row: row.name)

    def clean(self) -> dict[str, Any]:
        """A month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["held_on"] = stored_day(cleaned, "held_on")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        data = self.cleaned_data
        names = ("held_on", "precision", "practitioners", "points")
        return {
            **{name: data.get(name) for name in names},
            "agencies_outside": lines_of(data.get("agencies_outside", "")),
        }


def discussion_initial(row: Discussion) -> dict[str, Any]:
    """What the form of a discussion on record begins with."""
    names = ("held_on", "precision", "practitioners", "points")
    return {
        **{name: getattr(row, name) for name in names},
        "gatherings": [str(each.pk) for each in row.gatherings.all()],
        "agencies": [str(each.pk) for each in row.agencies.all()],
        "agencies_outside": "\n".join(row.agencies_outside),
    }


class FindingForm(OfferingForm):
    """One thing an audit found."""

    text = forms.PlainTextField(
        label="What was found?",
        missing="Enter what was found",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text=NO_CHILD,
    )
    sort = forms.OneOfField(
        FindingSort.choices, label="Practice is", missing="Select whether practice is working well"
    )
    found_on = forms.DayField(label="When was it found?", missing="Enter when it was found", noun="The day")
    themes = forms.SeveralOfField([], required=False, label="Themes it belongs to")

    def __init__(self, *arguments: Any, themes: Iterable[Any], **options: Any) -> None:
        self._themes = list(themes)
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """The themes of the audit's priority."""
        self.offer("themes", self._themes, lambda row: row.title)
        if not self._themes:
            del self.fields["themes"]


class CloseForm(forms.ShieldForm):
    """Closing an audit; without findings, with the reason why there is none."""

    ended_on = forms.DayField(
        label="What was its last day?", missing="Enter its last day", noun="The last day"
    )
    nothing_found = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=3,
        max_length=1000,
        label="Why is there nothing to tell the Learning Hub?",
    )

    def __init__(self, *arguments: Any, findings: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if findings:
            del self.fields["nothing_found"]
