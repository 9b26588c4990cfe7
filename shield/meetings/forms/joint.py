"""Forms on joint bodies."""

from __future__ import annotations

from datetime import date
from typing import Any

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms
from shield.meetings import queries
from shield.meetings.models import Body


class AskPartForm(forms.ShieldForm):
    """Which partnership is asked to take part in a body, and from when it sees what the body does."""

    participant = forms.RecordField(
        label="Partnership", missing="Select the partnership", empty_label="Select one"
    )
    shares_from = forms.DayField(
        label="Meetings and decisions are shared from",
        noun="The day",
        help_text="What the body did before that day is not shown to them",
    )
    message = forms.PlainTextField(
        label="What you would like to say to them", required=False, multiline=True, rows=4, max_length=2000
    )

    def __init__(self, *arguments: Any, body: Body, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["participant"].queryset = queries.askable(body)  # type: ignore[attr-defined]


class AnswerPartForm(forms.ShieldForm):
    """Whether one's own partnership takes part."""

    takes_part = forms.OneOfField(
        [("yes", "Yes, we take part"), ("no", "No")],
        label="Does your partnership take part?",
        missing="Say whether your partnership takes part",
    )
    answer = forms.PlainTextField(
        label="What you would like to say to them", required=False, multiline=True, rows=4, max_length=2000,
        help_text="If you do not take part, say why",
    )  # fmt: skip


class EndPartForm(forms.ShieldForm):
    """Why a part ends."""

    reason = forms.PlainTextField(
        label="Why does it end?", missing="Say why it ends", multiline=True, rows=3, max_length=2000
    )


class SeatsForm(forms.ShieldForm):
    """Who sits on another partnership's body for one's own."""

    people = forms.RecordsField(label="People of your partnership who sit on it", required=False)

    def __init__(self, *arguments: Any, actor: Actor, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["people"].queryset = accounts.people_of(actor, today)  # type: ignore[attr-defined]
