"""Forms of owners, parts, actions, progress and evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from shield.improvement import rules
from shield.improvement.forms.offering import (
    OfferingForm,
    OwnedForm,
    due_field,
    owner_initial,
    precision_field,
    stored_day,
)
from shield.improvement.models import Action, Priority, Recommendation
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design import forms
from shield.kernel.files import rules as files
from shield.kernel.records.rules import Refused


class OwnerForm(OwnedForm):
    """Who answers for a recommendation, a part of one or an action."""

    marks_optional = False  # none of the five boxes must be filled, but one of them must

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields[
            "owner_agency"
        ].help_text = "Fill in at least one of these five. The lead of the agency sees it in their own list."

    def clean(self) -> dict[str, Any]:
        """Somebody has to be chosen."""
        cleaned = super().clean() or self.cleaned_data
        if not any(self.owner.values()):
            self.add_error(
                "owner_agency",
                "Choose who answers for it: an agency, a person, an office, a body or somebody outside",
            )
        return cleaned


class NameOwnersForm(OwnerForm):
    """One owner for several actions that have none."""

    actions = forms.SeveralOfField(
        [], label="For which actions?", missing="Select the actions for which you name an owner"
    )
    field_order = ("actions", "owner_agency", "owner_person", "owner_office", "owner_body", "owner_outside")

    def __init__(self, *arguments: Any, actions: Iterable[Action], **options: Any) -> None:
        self._actions = list(actions)
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """The actions without an owner, each with its priority and due date."""
        super().offer_all()
        self.offer("actions", self._actions, lambda row: row.text)
        self.fields["actions"].hints = {str(row.pk): _known(row) for row in self._actions}  # type: ignore[attr-defined]


def _known(row: Action) -> str:
    """What is known of an action beside its wording."""
    due = f"due {in_words_to(row.due_on, row.precision)}" if row.due_on else "no due date"
    return f"{row.priority.short}, {due}" if row.priority else f"{due[:1].upper()}{due[1:]}"


class PartForm(OwnedForm):
    """One thing that a recommendation asks of one owner."""

    text = forms.PlainTextField(
        label="What is asked?", missing="Enter what is asked", multiline=True, rows=3, max_length=2000
    )
    due_on = due_field()
    precision = precision_field()
    field_order = (
        "text",
        "owner_agency",
        "owner_person",
        "owner_office",
        "owner_body",
        "owner_outside",
        "due_on",
        "precision",
    )

    def clean(self) -> dict[str, Any]:
        """A due month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["due_on"] = stored_day(cleaned, "due_on")
        return cleaned


class ActionForm(OwnedForm):
    """What somebody does by a date."""

    text = forms.PlainTextField(
        label="What is to be done?",
        missing="Enter what is to be done",
        multiline=True,
        rows=3,
        max_length=2000,
        help_text="One act that can be seen to be done. Do not name a child or a family.",
    )
    recommendation = forms.OneOfField(
        [],
        look="select",
        required=False,
        label="Which recommendation does it carry out?",
        help_text="The decision is about several.",
    )
    priority = forms.OneOfField([], look="select", required=False, label="Priority")
    due_on = due_field("By when?")
    precision = precision_field()
    field_order = (
        "text",
        "recommendation",
        "priority",
        "owner_agency",
        "owner_person",
        "owner_office",
        "owner_body",
        "owner_outside",
        "due_on",
        "precision",
    )

    def __init__(
        self,
        *arguments: Any,
        asks_priority: bool = True,
        among: Iterable[Recommendation] = (),
        priorities: Iterable[Priority] = (),
        **options: Any,
    ) -> None:
        self.asks_priority = asks_priority
        self._among, self._priorities = list(among), list(priorities)
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """Owners; the recommendations and priorities of a decision about several; priorities if none is known."""
        super().offer_all()
        if len(self._among) > 1:
            first = "All of them, or none in particular"
            self.offer("recommendation", self._among, lambda row: row.heading, first=first)
        else:
            del self.fields["recommendation"]
        if self.asks_priority and self._priorities:
            first = "All of them, or none in particular"
            self.offer("priority", self._priorities, lambda row: row.heading, first=first)
        elif self.asks_priority:
            self.offer_priorities(first="No priority")
        else:
            del self.fields["priority"]

    def clean(self) -> dict[str, Any]:
        """A due month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["due_on"] = stored_day(cleaned, "due_on")
        return cleaned


def action_initial(action: Action) -> dict[str, Any]:
    """What the form of an existing action begins with."""
    return {
        "text": action.text,
        "priority": str(action.priority_id or ""),
        "due_on": action.due_on,
        "precision": action.precision,
        **owner_initial(action),
    }


STATUS_HINTS = {
    "planned": "Nothing has been done yet.",
    "in_progress": "Work has begun.",
    "done": "What was asked for is done. Evidence can be added next.",
    "stopped": "It will not be done. Say why.",
}


class UpdateForm(forms.ShieldForm):
    """How far an action has come."""

    status = forms.OneOfField(
        [], label="Where does it stand?", missing="Select where the action stands", hints=STATUS_HINTS
    )
    done_on = forms.DayField(required=False, label="On which day was it done?", noun="The day it was done")
    note = forms.PlainTextField(
        required=False,
        label="What has happened?",
        multiline=True,
        rows=4,
        max_length=4000,
        help_text="A sentence or two is enough. Do not name a child or a family.",
    )
    reveals = {("status", "done"): ["done_on"]}

    def __init__(self, *arguments: Any, now: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        allowed = rules.ACTION_MOVES[now] | {now}
        choices = [pair for pair in rules.ActionStatus.choices if pair[0] in allowed]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]


def offer_about(form: forms.ShieldForm, about: Any, choices: Any) -> None:
    """What a note or evidence is about: known already, or chosen among what the person answers for."""
    if about is not None:
        del form.fields["about"]
    else:
        form.fields["about"].choices = [("", "Select one"), *choices]  # type: ignore[attr-defined]


class ProgressForm(forms.ShieldForm):
    """A note of progress."""

    about = forms.OneOfField(
        [], look="select", label="What is it about?", missing="Select what the note is about"
    )
    text = forms.PlainTextField(
        label="What has happened?",
        missing="Enter what has happened",
        multiline=True,
        rows=4,
        max_length=4000,
        help_text="A sentence or two is enough. Do not name a child or a family.",
    )
    noted_on = forms.DayField(label="When was that?", missing="Enter when that was", noun="The day")

    def __init__(
        self, *arguments: Any, today: date, about: Any = None, choices: Any = (), **options: Any
    ) -> None:
        options.setdefault("initial", {"noted_on": today})
        super().__init__(*arguments, **options)
        offer_about(self, about, choices)
        self.fields["noted_on"].latest = today  # type: ignore[attr-defined]


ANSWERS_HINTS = {
    "how_much": "Something was done, and how often or for how many.",
    "how_well": "It was done well, on time, to a standard.",
    "better_off": "A child, a family or practice is different for it.",
}


class EvidenceForm(OfferingForm):
    """What shows that something was done, done well, or made anyone better off."""

    about = forms.OneOfField(
        [], look="select", label="What is it about?", missing="Select what the evidence is about"
    )
    answers = forms.OneOfField(
        rules.Question.choices,
        label="Which question does it answer?",
        missing="Select the question it answers",
        hints=ANSWERS_HINTS,
    )
    text = forms.PlainTextField(
        label="What does it show?",
        missing="Enter what the evidence shows",
        multiline=True,
        rows=5,
        max_length=4000,
        count=True,
        help_text="Say what was found, not that something took place. Do not name a child or a family.",
    )
    sort = forms.OneOfField(
        rules.EvidenceSort.choices,
        label="What kind of evidence is it?",
        missing="Select the kind of evidence",
    )
    found_on = forms.DayField(
        label="When is it from?", missing="Enter when it is from", noun="The day it is from"
    )
    precision = precision_field()
    file = forms.UploadField(
        required=False,
        label="File",
        help_text="PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text, up to 20 MB.",
    )

    def __init__(
        self, *arguments: Any, about: Any = None, choices: Any = (), may_attach: bool = True, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        offer_about(self, about, choices)
        if not may_attach:
            del self.fields["file"]

    def clean_found_on(self) -> date:
        """Evidence is not from the future."""
        day: date = self.cleaned_data["found_on"]
        if day > self.today:
            raise ValidationError("The day it is from must be today or earlier")
        return day

    def clean_file(self) -> Any:
        """Too large is refused before it is read."""
        given = self.cleaned_data.get("file")
        if given is not None:
            try:
                files.check_size(given.size)
            except Refused as refused:
                raise ValidationError(refused.message) from None
        return given

    def clean(self) -> dict[str, Any]:
        """A month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["found_on"] = stored_day(cleaned, "found_on")
        return cleaned

    @property
    def upload(self) -> dict[str, Any] | None:
        """The file, as the words of `services.Upload`; None without one."""
        given = self.cleaned_data.get("file")
        if given is None:
            return None
        given.seek(0)
        return {"name": given.name, "content": given.read()}
