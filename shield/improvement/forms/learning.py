"""Forms of priorities, measures, themes, findings and recommendations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from shield.improvement import rules
from shield.improvement.forms.offering import OfferingForm
from shield.improvement.models import Finding, Priority, Recommendation, Theme
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency
from shield.kernel.design import forms


class PriorityForm(OfferingForm):
    """A practice priority."""

    title = forms.PlainTextField(
        label="What is the priority?", missing="Enter what the priority is", max_length=300
    )
    number = forms.WholeNumberField(
        required=False,
        label="Number",
        min_value=1,
        max_value=999,
        width=3,
        help_text="As the partnership counts its priorities.",
    )
    year = forms.PlainTextField(required=False, label="Year of the programme", max_length=40, width=10)
    rationale = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=6,
        max_length=8000,
        label="Why was it chosen?",
        help_text="What was known, and what was weighed against it.",
    )
    status = forms.OneOfField(
        rules.PriorityStatus.choices, label="Where does it stand?", missing="Select where the priority stands"
    )
    starts_on = forms.DayField(required=False, label="When does the work start?", noun="The start")
    leads = forms.SeveralOfField(
        [], required=False, label="Lead partners", help_text="Select all that lead on this priority."
    )
    uses_partnership_measures = forms.TickField(label="The partnership's own success measures apply")

    def __init__(self, *arguments: Any, leads: Iterable[Agency] = (), **options: Any) -> None:
        self._leads = list(leads)
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """The three safeguarding partners first; any other agency that leads already stays."""
        rows = [*accounts.lead_partners(self.actor.partnership_id), *self._leads]
        self.offer("leads", rows, lambda row: row.name)


def priority_initial(priority: Priority) -> dict[str, Any]:
    """What the form of an existing priority begins with."""
    names = ("title", "number", "year", "rationale", "status", "starts_on", "uses_partnership_measures")
    leads = [str(pk) for pk in priority.leads.values_list("pk", flat=True)]
    return {**{name: getattr(priority, name) for name in names}, "leads": leads}


class MeasureForm(forms.ShieldForm):
    """What would show that children are better off."""

    title = forms.PlainTextField(
        label="What would show that children or families are better off?",
        max_length=400,
        missing="Enter what would show that children or families are better off",
        help_text="Something that can be found true or not, such as: Fewer children are reported missing.",
    )
    heading_text = forms.PlainTextField(required=False, label="Heading it belongs under", max_length=300)
    points = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=4,
        label="What it means in practice",
        help_text="One point a line.",
    )

    def clean_points(self) -> list[str]:
        """One point a line."""
        return [line.strip() for line in self.cleaned_data["points"].split("\n") if line.strip()]


class ThemeForm(OfferingForm):
    """What several findings have in common."""

    title = forms.PlainTextField(
        label="What do the findings have in common?", missing="Enter the theme", max_length=200
    )
    priority = forms.OneOfField([], look="select", required=False, label="Priority")

    def offer_all(self) -> None:
        """The priorities."""
        self.offer_priorities(first="No priority")


class FindingForm(OfferingForm):
    """Something found about practice."""

    text = forms.PlainTextField(
        label="What was found?",
        missing="Enter what was found",
        multiline=True,
        rows=4,
        max_length=2000,
        count=True,
        help_text="Describe practice. Do not name a child, a family or a worker.",
    )
    sort = forms.OneOfField(
        rules.FindingSort.choices,
        label="Is it working well, or to develop?",
        missing="Select whether it is working well or to develop",
    )
    evidence_from = forms.OneOfField(
        [("", "Select one"), *rules.EvidenceFrom.choices],
        look="select",
        label="Where does it come from?",
        missing="Select where it comes from",
    )
    priority = forms.OneOfField([], look="select", required=False, label="Priority")
    themes = forms.SeveralOfField([], required=False, label="Themes")
    found_on = forms.DayField(required=False, label="When was it found?", noun="The day it was found")

    def offer_all(self) -> None:
        """Priorities, and the themes there are."""
        self.offer_priorities(first="No priority")
        self.offer("themes", Theme.objects.visible_to(self.actor), lambda row: row.title)

    def clean_found_on(self) -> Any:
        """A finding is not from the future."""
        day = self.cleaned_data["found_on"]
        if day and day > self.today:
            raise ValidationError("The day it was found must be today or earlier")
        return day


class SortingForm(OfferingForm):
    """Which findings go under which theme; only what the board shows is taken."""

    findings = forms.SeveralOfField([], required=False, label="Findings")
    theme = forms.OneOfField([], look="select", required=False, label="Theme")
    title = forms.PlainTextField(required=False, label="Or a new theme", max_length=200)

    def offer_all(self) -> None:
        """Every finding and theme of the partnership that the person may see."""
        self.offer("findings", Finding.objects.visible_to(self.actor))
        self.offer(
            "theme",
            Theme.objects.visible_to(self.actor).order_by("title"),
            lambda row: row.title,
            first="Select one",
        )


class RecommendationForm(OfferingForm):
    """What should change; or an issue to be fixed."""

    title = forms.PlainTextField(label="Short title", missing="Enter a short title", max_length=300)
    sort = forms.OneOfField(
        rules.RecommendationSort.choices,
        label="What is it?",
        initial="recommendation",
        missing="Select whether it is a recommendation or an issue to be fixed",
    )
    number = forms.WholeNumberField(
        required=False,
        label="Number",
        min_value=1,
        max_value=999,
        width=3,
        help_text="Its place in the numbered list.",
    )
    issue = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=4,
        max_length=8000,
        label="What is the issue?",
        help_text="What the findings show has to change.",
    )
    text = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=5,
        max_length=8000,
        label="What is recommended?",
        help_text="What each owner is asked to do can be added as parts afterwards.",
    )
    priority = forms.OneOfField([], look="select", label="Priority", missing="Select the priority")
    findings = forms.SeveralOfField([], required=False, label="Which findings does it come from?")
    themes = forms.SeveralOfField([], required=False, label="Themes")

    def __init__(
        self, *arguments: Any, priority: Priority | None, editing: bool = False, **options: Any
    ) -> None:
        self.known_priority = priority
        self.editing = editing
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """With a priority known: its findings, to develop first, and its themes; else the priorities."""
        if self.known_priority is None:
            self.offer_priorities()
            del self.fields["findings"], self.fields["themes"]
            return
        del self.fields["priority"]
        if self.editing:
            del self.fields["sort"]
        findings = (
            Finding.objects.visible_to(self.actor)
            .filter(priority=self.known_priority)
            .order_by("sort", "reference")
        )
        self.offer("findings", findings, lambda row: f"{row.text} ({row.get_sort_display().lower()})")
        themes = Theme.objects.visible_to(self.actor).filter(priority=self.known_priority)
        self.offer("themes", themes, lambda row: row.title)


def recommendation_initial(recommendation: Recommendation) -> dict[str, Any]:
    """What the form of an existing recommendation begins with."""
    names = ("title", "number", "issue", "text")
    return {
        **{name: getattr(recommendation, name) for name in names},
        "findings": [str(pk) for pk in recommendation.findings.values_list("pk", flat=True)],
        "themes": [str(pk) for pk in recommendation.themes.values_list("pk", flat=True)],
    }


MOVES = {
    "presented": "Present it to the Board",
    "draft": "Take it back to draft",
    "closed": "Close it: what it asked for is done or no longer needed",
    "accepted": "Open it again as accepted",
}


class MoveForm(forms.ShieldForm):
    """Where a recommendation goes next, without a decision."""

    status = forms.OneOfField(
        [], label="What happens with it now?", missing="Select what happens with it now"
    )

    def __init__(self, *arguments: Any, now: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        then = rules.MOVES_BY_HAND.get(now, frozenset())
        choices = [(key, MOVES[key]) for key in MOVES if key in then]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["status"].initial = choices[0][0]
