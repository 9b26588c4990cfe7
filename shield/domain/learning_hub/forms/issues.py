"""Forms of emerging issues."""

from __future__ import annotations

from typing import Any

from shield.domain.learning_hub.models import Cycle, EmergingIssue, PlanItem
from shield.improvement import queries as improvement
from shield.improvement.forms.offering import OfferingForm, OwnedForm
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms


def _title(**options: Any) -> forms.PlainTextField:
    return forms.PlainTextField(
        label="What is the issue, in a few words?",
        missing="Enter the issue in a few words",
        max_length=300,
        **options,
    )


def _text() -> forms.PlainTextField:
    return forms.PlainTextField(
        required=False,
        label="What does the evidence show?",
        multiline=True,
        rows=5,
        max_length=4000,
        help_text="What it tells about practice. Do not name a child, a family or a worker.",
    )


class IssueForm(OfferingForm):
    """An emerging issue and what it rests on."""

    title = _title()
    text = _text()
    plan_items = forms.SeveralOfField(
        [], required=False, label="Which evidence of the delivery plan does it rest on?"
    )
    findings = forms.SeveralOfField([], required=False, label="Which findings does it rest on?")

    def __init__(self, *arguments: Any, cycle: Cycle, **options: Any) -> None:
        self.cycle = cycle
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """What is on the cycle's plan, and what was found on its priority; a list with nothing in it is left out."""
        items = PlanItem.objects.visible_to(self.actor).filter(cycle=self.cycle, withdrawn_on=None)
        self.offer("plan_items", items, lambda row: row.source)
        found = improvement.findings(self.actor).filter(priority=self.cycle.priority_id)
        self.offer("findings", found, lambda row: f"{row.text} ({row.get_sort_display().lower()})")
        for name in ("plan_items", "findings"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    @property
    def words(self) -> dict[str, str]:
        """Title and text."""
        return {name: self.cleaned_data[name] for name in ("title", "text")}

    @property
    def rests_on(self) -> dict[str, list[Any]]:
        """The evidence and the findings ticked."""
        return {name: self.picked_all(name) for name in ("plan_items", "findings")}


def issue_initial(issue: EmergingIssue) -> dict[str, Any]:
    """What the form of an issue on record begins with."""
    return {
        "title": issue.title,
        "text": issue.text,
        "plan_items": [str(pk) for pk in issue.plan_items.values_list("pk", flat=True)],
        "findings": [str(pk) for pk in issue.findings.values_list("pk", flat=True)],
    }


class RegroupForm(OfferingForm):
    """Which open issues become one."""

    issues = forms.SeveralOfField(
        [], label="Which issues belong together?", missing="Select at least two issues to regroup"
    )
    title = _title(help_text="It keeps all the evidence of those selected.")
    text = _text()

    def __init__(self, *arguments: Any, cycle: Cycle, **options: Any) -> None:
        self.cycle = cycle
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """The issues of the cycle that are open."""
        rows = EmergingIssue.objects.visible_to(self.actor).filter(cycle=self.cycle, status="open")
        self.offer("issues", rows, lambda row: f"{row.title} ({row.reference})")


class SplitForm(forms.ShieldForm):
    """The issues that one is split into."""

    titles = forms.PlainTextField(
        label="What are the issues?",
        missing="Enter at least two issues, each on a line of its own",
        multiline=True,
        rows=5,
        max_length=4000,
        help_text="One on each line. Each keeps all the evidence; you can say afterwards which belongs to which.",
    )

    @property
    def lines(self) -> list[str]:
        """What stands on each line."""
        return str(self.cleaned_data["titles"]).splitlines()


class ElsewhereForm(OfferingForm):
    """Who takes an issue forward outside the Learning Hub, and why."""

    agency = forms.OneOfField([], look="select", required=False, label="Agency that takes it forward")
    outside = forms.PlainTextField(
        required=False, max_length=200, label="Somebody else, by name",
        help_text="For example: the Safeguarding Adults Board",
    )  # fmt: skip
    why = forms.PlainTextField(
        label="Why elsewhere?",
        missing="Enter why it is taken forward elsewhere",
        multiline=True,
        rows=3,
        max_length=1000,
    )

    def offer_all(self) -> None:
        """The agencies."""
        self.offer("agency", accounts.agencies(self.actor), lambda row: row.name, first="No agency")


class TakeUpForm(OwnedForm):
    """An emerging issue becomes one to be fixed: what is asked, and who answers for it."""

    title = _title()
    number = forms.WholeNumberField(
        required=False,
        label="Number",
        min_value=1,
        max_value=999,
        width=3,
        help_text="Its place in the list.",
    )
    text = forms.PlainTextField(
        required=False,
        label="What would show that it is fixed?",
        multiline=True,
        rows=4,
        max_length=8000,
        help_text="Its action plan follows on its own page, once the Board has accepted it.",
    )
    field_order = (
        "title", "number", "text", "owner_agency", "owner_person", "owner_office", "owner_body", "owner_outside",
    )  # fmt: skip


class PutBackForm(forms.ShieldForm):
    """Why an issue is open again."""

    reason = forms.PlainTextField(
        label="Why is it open again?",
        missing="Enter why it is open again",
        multiline=True,
        rows=3,
        max_length=1000,
    )
