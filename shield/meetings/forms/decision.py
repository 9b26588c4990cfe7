"""The form on a decision of a body."""

from __future__ import annotations

from typing import Any

from shield.improvement import rules as improvement
from shield.improvement.models import Priority, Recommendation
from shield.kernel.access.rules import Actor
from shield.kernel.design import forms
from shield.meetings import queries, rules
from shield.meetings.forms.fields import exactness_field


class DecisionForm(forms.ShieldForm):
    """What a body decided, and on what."""

    text = forms.PlainTextField(
        label="What was decided",
        missing="Enter what was decided",
        multiline=True,
        max_length=2000,
        count=True,
    )
    outcome = forms.OneOfField(
        improvement.Outcome.choices,
        label="Outcome",
        missing="Select the outcome",
        hints={"deferred": "To be decided later", "noted": "Heard, without a decision"},
    )
    decided_on = forms.DayField(
        label="Date", noun="The date", required=False, help_text="Leave empty if the meeting is not known"
    )
    precision = exactness_field()
    reason = forms.PlainTextField(
        label="Why", required=False, multiline=True, rows=3, help_text="The reason the body gave"
    )
    needs_action = forms.TickField(
        label="Somebody must act on this",
        help_text="Until an action comes of it, it is listed as not acted upon",
    )
    priorities = forms.RecordsField(
        label="Priorities it is about",
        required=False,
        label_for=lambda p: p.heading,
        help_text="The priorities of the recommendations below are added by themselves",
    )

    def __init__(self, *arguments: Any, actor: Actor, at_meeting: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if at_meeting:
            del self.fields["decided_on"], self.fields["precision"]
        self.fields["priorities"].queryset = Priority.objects.visible_to(actor)  # type: ignore[attr-defined]
        self._recommendations: dict[str, Recommendation] = {}
        self.groups: list[str] = []
        for priority, rows in queries.decidable(actor):
            name = f"about_{priority.pk.hex}"
            self._recommendations |= {str(row.pk): row for row in rows}
            self.fields[name] = forms.SeveralOfField(
                [(str(row.pk), f"{row.heading} ({row.get_status_display().lower()})") for row in rows],
                label=priority.heading,
                required=False,
            )
            self.groups.append(name)

    @property
    def about(self) -> list[Any]:
        """The fields of recommendations, one a priority."""
        return [self[name] for name in self.groups]

    @property
    def recommendations(self) -> list[Recommendation]:
        """The recommendations chosen, from all priorities."""
        return [
            self._recommendations[key] for name in self.groups for key in self.cleaned_data.get(name) or ()
        ]

    @property
    def all_priorities(self) -> list[Priority]:
        """The priorities chosen and those of the recommendations chosen."""
        chosen = {p.pk: p for p in self.cleaned_data["priorities"]}
        return list((chosen | {row.priority_id: row.priority for row in self.recommendations}).values())

    @property
    def dated(self) -> dict[str, Any]:
        """The day, as exactly as it is known, where no meeting gives it."""
        given = self.cleaned_data
        if "decided_on" not in self.fields:
            return {}
        return {
            "decided_on": rules.first_day(given["decided_on"], given["precision"]),
            "precision": given["precision"],
        }
