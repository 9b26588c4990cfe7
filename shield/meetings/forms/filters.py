"""Filters of the registers."""

from __future__ import annotations

from datetime import date
from typing import Any

from shield.improvement import rules as improvement
from shield.improvement.models import Priority, SuccessMeasure
from shield.kernel.access.rules import Actor
from shield.kernel.design import forms
from shield.meetings import queries, rules
from shield.meetings.models import Body


class GatheringFilter(forms.FilterForm):
    """Which meetings and events the register shows."""

    words = forms.PlainTextField(label="Words in the title", max_length=200)
    sort = forms.OneOfField([("", "Any kind"), *rules.GatheringKind.choices], look="select", label="Kind")
    body = forms.RecordField(label="Body", empty_label="Any body")
    status = forms.OneOfField(
        [("", "Planned or held"), *rules.GatheringStatus.choices], look="select", label="Status"
    )
    from_day = forms.DayField(label="From", noun="The first day")
    to_day = forms.DayField(label="To", noun="The last day")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["body"].queryset = Body.objects.visible_to(actor)  # type: ignore[attr-defined]


class PresenceFilter(forms.FilterForm):
    """Whose meetings of which year."""

    year = forms.OneOfField([], look="select", label="Year")
    body = forms.RecordField(label="Body", empty_label="Every meeting and event")

    def __init__(self, *arguments: Any, actor: Actor, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        years = queries.meeting_years(actor)
        self.spans = {key: span for key, _, span in years}
        self.fields["year"].choices = [(key, words) for key, words, _ in years]  # type: ignore[attr-defined]
        self.fields["year"].initial = next(iter(self.spans), "")
        bodies = Body.objects.visible_to(actor)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        self.board = bodies.filter(sort=rules.BodyKind.BOARD, outside=False, ended_on=None).first()
        if self.board:
            self.fields["body"].initial = self.board.pk

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and last day asked for; the newest year if none is."""
        chosen = self.chosen.get("year") or next(iter(self.spans), "")
        return self.spans.get(chosen)

    @property
    def narrowed(self) -> dict[str, Any]:
        """What the meetings are narrowed to besides."""
        if not self.is_bound:
            return {"body": self.board} if self.board else {}
        return {"body": self.chosen["body"]} if "body" in self.chosen else {}


class ResolutionFilter(forms.FilterForm):
    """Which decisions the register shows."""

    body = forms.RecordField(label="Body", empty_label="Any body")
    year = forms.OneOfField([], look="select", label="Year")
    priority = forms.RecordField(label="Priority", empty_label="Any priority", label_for=lambda p: p.heading)
    measure = forms.RecordField(
        label="Success measure", empty_label="Any success measure", label_for=lambda m: m.heading
    )
    outcome = forms.OneOfField(
        [("", "Any outcome"), *improvement.Outcome.choices], look="select", label="Outcome"
    )
    not_acted_upon = forms.TickField(label="Not acted upon")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        years = queries.decision_years(actor)
        self.spans = {key: span for key, _, span in years}
        words = [
            ("", "Any year"),
            *((key, words) for key, words, _ in years),
            ("undated", "No date recorded"),
        ]
        self.fields["year"].choices = words  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["priority"].queryset = Priority.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["measure"].queryset = SuccessMeasure.objects.visible_to(actor)  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        """What the register's query takes."""
        chosen = dict(self.chosen)
        year = chosen.pop("year", "")
        if year == "undated":
            chosen["undated"] = True
        elif year:
            chosen["span"] = self.spans[year]
        return chosen


class BodyFilter(forms.FilterForm):
    """Which bodies the list shows."""

    sort = forms.OneOfField([("", "Any kind"), *rules.BodyKind.choices], look="select", label="Kind")
    ended = forms.TickField(label="Also bodies that have ended")
