"""Referral, screening, notification, what agencies are asked and answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from shield.domain.reviews import queries, rules
from shield.improvement.forms.offering import OfferingForm
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms

LONDON = ZoneInfo("Europe/London")
DETAILS = {
    "notifier": "Who notifies: name, post, telephone",
    "harm": "The harm, and what kind of abuse or neglect is known or suspected",
    "sex": "Sex or gender",
    "identity": "Ethnicity, religion, language",
    "health": "Health and disability",
    "legal": "Legal status and child protection or child in need plans, now and before",
    "living": "Where and with whom the child lives; placement, and who placed them",
    "household": "Parents and carers, brothers and sisters, other children in contact",
    "school": "Nursery, school or college, and GP",
    "services": "Which services work or worked with the family",
    "suspect": "Who may have caused the harm, as far as it is known, and their tie to the child",
    "police": "What the police do",
    "coroner": "What the coroner and the child death review do",
    "media": "What is known to the public or the press",
}
"""What the national notification asks beside [U]; each as far as it is known."""
_DAY = re.compile(
    r"(?P<names>[^,]+?)\s*(?:,\s*(?P<d>\d{1,2})[ ./-](?P<m>\d{1,2})[ ./-](?P<y>\d{4}))?\s*(?:,\s*(?P<rest>.+))?"
)


def lines_of(text: str) -> list[str]:
    """The lines of a text, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def child_of(line: str) -> rules.Child:
    """A line of the referral: full name, date of birth, what else helps to find them; ValidationError for a wrong date."""
    found = _DAY.fullmatch(line)
    if found is None:
        raise ValidationError(f"“{line}” could not be read: a name, a comma, the date of birth.")
    born = None
    if found["y"]:
        try:
            born = date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError:
            raise ValidationError(
                f"“{line}” holds no real date: enter day, month and year, such as 7 3 2015."
            ) from None
    return rules.Child(names=(found["names"],), born=born, notes=(found["rest"] or "").strip())


class ReferForm(forms.ShieldForm):
    """A serious incident, as far as it is known now."""

    children = forms.PlainTextField(
        label="Which child or children?", missing="Enter the child’s name", multiline=True, rows=3, max_length=1000,
        help_text="One a line: full name, date of birth, what else helps to find them. For example: Jordan Example, "
        "7 3 2015, NHS 943 476 5919. Up to four. Only the team of the case will see this.",
    )  # fmt: skip
    what = forms.PlainTextField(
        label="What happened, and why do you think it is serious?", missing="Say what happened", multiline=True, rows=7,
        max_length=8000, help_text="As you know it now. Nothing needs to be certain.",
    )  # fmt: skip
    aware_on = forms.DayField(
        label="When did your agency become aware of it?", missing="Enter when your agency became aware of it",
        noun="The day", help_text="The five working days of the notification run from here.",
    )  # fmt: skip
    aware_at = forms.TimeOfDayField(required=False, label="At what time, if you know?")
    happened = forms.PlainTextField(
        required=False, label="When did it happen?", max_length=200, help_text="As exactly as it is known."
    )
    place = forms.PlainTextField(required=False, label="Where did it happen?", max_length=300)
    safety = forms.PlainTextField(
        required=False,
        label="What was done to keep this child and others safe?",
        multiline=True,
        rows=3,
        max_length=4000,
    )
    agency = forms.RecordField(
        required=False, label="Your agency", empty_label="Not one of these", label_for=lambda a: a.name
    )

    def __init__(self, *arguments: Any, agencies: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]

    def clean_children(self) -> list[rules.Child]:
        """Each line a child."""
        return [child_of(line) for line in lines_of(self.cleaned_data["children"])]

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        moment = datetime.combine(data["aware_on"], data["aware_at"] or time(0, 0), LONDON)
        kept = ("children", "what", "happened", "place", "safety", "agency")
        return {**{name: data[name] for name in kept}, "aware_at": moment}


class ScreenForm(forms.ShieldForm):
    """The criteria, the outcome and its reasons."""

    outcome = forms.OneOfField(
        rules.Screened.choices, label="What does it come to?", missing="Select what it comes to"
    )
    reasons = forms.PlainTextField(
        label="Reasons", missing="Give the reasons", multiline=True, rows=5, max_length=4000,
        help_text="Why the criteria are met or not, and who was asked. Whoever reads this in a year must understand it.",
    )  # fmt: skip
    field_order = [*(f"answer_{code}" for code in rules.CRITERIA), "outcome", "reasons"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for code, text in rules.CRITERIA.items():
            self.fields[f"answer_{code}"] = forms.OneOfField(
                rules.Answer.choices, label=text, missing=f"Select an answer: {text}"
            )
        self.order_fields(self.field_order)

    @property
    def answers(self) -> dict[str, str]:
        """By criterion."""
        return {code: self.cleaned_data[f"answer_{code}"] for code in rules.CRITERIA}


class AskForm(OfferingForm):
    """What agencies are asked."""

    agencies = forms.SeveralOfField(
        [], label="Which agencies are asked?", missing="Select at least one agency"
    )
    whom = forms.PlainTextField(
        label="Whom is it about?", missing="Say whom it is about", multiline=True, rows=4, max_length=2000,
        help_text="What an agency needs to find its own records: names, dates of birth, address. Each agency asked reads this.",
    )  # fmt: skip
    question = forms.PlainTextField(
        required=False, label="Is there anything beside the usual?", multiline=True, rows=3, max_length=4000,
        help_text="Each agency is asked for the facts, its involvement, immediate safety, good practice and learning.",
    )  # fmt: skip
    answers_due_on = forms.DayField(
        label="By when are they to answer?", missing="Enter by when they are to answer", noun="The day"
    )

    def offer_all(self) -> None:
        """The agencies of the partnership."""
        self.offer("agencies", accounts.agencies(self.actor), lambda row: row.name)

    @property
    def asked(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {"agencies": self.picked_all("agencies"), "whom": data["whom"], "question": data["question"]}


def known_details(referral: Any) -> dict[str, str]:
    """By field: what a referral says already of what the notification asks."""
    known = referral.details if referral else {}
    return {name: known.get(label, "") for name, label in DETAILS.items()}


def _add_details(form: forms.ShieldForm) -> None:
    for name, label in DETAILS.items():
        form.fields[name] = forms.PlainTextField(
            required=False, label=label, multiline=True, rows=2, max_length=2000
        )


def _given_details(form: forms.ShieldForm) -> dict[str, str]:
    return {label: form.cleaned_data[name] for name, label in DETAILS.items()}


class DetailsForm(forms.ShieldForm):
    """What the notification says beside, as more is known."""

    def __init__(self, *arguments: Any, referral: Any, **options: Any) -> None:
        super().__init__(*arguments, initial=known_details(referral), **options)
        _add_details(self)

    @property
    def details(self) -> dict[str, str]:
        """By heading."""
        return _given_details(self)


class NotifyForm(AskForm):
    """The notification, with everything that starts by it."""

    on = forms.DayField(
        label="When was it notified?", missing="Enter when it was notified", noun="The notification"
    )
    partners = forms.SeveralOfField(
        [],
        required=False,
        label="Who signs for the partners?",
        help_text="They come into the team of the case.",
    )
    field_order = ["on", *DETAILS, "agencies", "whom", "question", "answers_due_on", "partners"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _add_details(self)
        self.order_fields(self.field_order)

    def offer_all(self) -> None:
        """The agencies, and who may sign."""
        super().offer_all()
        self.offer("partners", queries.signers(self.actor, self.today), lambda row: row.name)

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            **self.asked, "on": data["on"], "answers_due_on": data["answers_due_on"], "details": _given_details(self),
            "partners": self.picked_all("partners"),
        }  # fmt: skip


class ReturnForm(forms.ShieldForm):
    """What one agency answers."""

    nothing_held = forms.TickField(label="We looked, and hold nothing on these people")
    signed_off_by = forms.PlainTextField(
        required=False, label="Who signs this off in your agency?", max_length=200,
        help_text="Name and post. Needed when you hand it in.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, purpose: str = rules.Purpose.RAPID, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.parts = rules.PARTS[purpose]
        for part, label in self.parts.items():
            self.fields[part] = forms.PlainTextField(
                required=False, label=label, multiline=True, rows=6, max_length=8000
            )
        self.order_fields([*self.parts, "nothing_held", "signed_off_by"])

    @property
    def hands_in(self) -> bool:
        """Whether it is handed in, and not only kept."""
        return self.data.get("do") == "hand_in"

    @property
    def words(self) -> dict[str, str]:
        """By heading."""
        return {part: self.cleaned_data[part] for part in self.parts}


def named(children: Sequence[Any]) -> str:
    """What a request to agencies begins with: the children of the case, from the vault."""
    lines = []
    for row in children:
        born = ", ".join(date.fromisoformat(day).strftime("%-d %B %Y") for day in row.births)
        lines.append(f"{row.names[0]}{f', born {born}' if born else ''}")
    return "\n".join(lines)
