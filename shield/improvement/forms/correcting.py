"""Forms by which what is on record is corrected or taken back: they begin with what stands there."""

from __future__ import annotations

from typing import Any

from shield.improvement import rules
from shield.improvement.forms.acting import EvidenceForm, ProgressForm
from shield.improvement.forms.learning import FindingForm, MeasureForm, ThemeForm
from shield.improvement.forms.offering import OfferingForm
from shield.improvement.models import (
    Decision,
    Evidence,
    Finding,
    Priority,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Theme,
)
from shield.kernel.design import forms


class TakeBackForm(forms.ShieldForm):
    """Why something is taken back."""

    reason = forms.PlainTextField(
        label="Why is it taken back?",
        missing="Enter why it is taken back",
        multiline=True,
        rows=3,
        max_length=1000,
        help_text="For example: recorded twice. Everybody who opens it reads this. Do not name a child or a family.",
    )


class DecisionForm(OfferingForm):
    """What a decision says, as it should have been written down."""

    text = forms.PlainTextField(
        label="What was decided?", missing="Enter what was decided", multiline=True, rows=4, max_length=2000
    )
    outcome = forms.OneOfField(rules.Outcome.choices, label="Outcome", missing="Select the outcome")
    reason = forms.PlainTextField(
        required=False, label="Why was it decided so?", multiline=True, rows=3, max_length=4000
    )
    needs_action = forms.TickField(label="Somebody must act on this")
    recommendations = forms.SeveralOfField(
        [],
        required=False,
        label="Which recommendations is it about?",
        help_text="Each stands afterwards where the latest decision about it puts it.",
    )
    priorities = forms.SeveralOfField([], required=False, label="Which priorities is it about?")
    why = forms.PlainTextField(
        label="Why is the decision corrected?",
        missing="Enter why the decision is corrected",
        multiline=True,
        rows=2,
        max_length=1000,
        help_text="For example: the minutes say otherwise. If the body changed its mind, record a new decision instead.",
    )

    def offer_all(self) -> None:
        """Recommendations and priorities the person may see."""
        self.offer(
            "recommendations",
            Recommendation.objects.visible_to(self.actor),
            lambda row: f"{row.heading} ({row.get_status_display().lower()})",
        )
        self.offer("priorities", Priority.objects.visible_to(self.actor), lambda row: row.heading)

    @property
    def changes(self) -> dict[str, Any]:
        """What `services.correct_decision` is given."""
        names = ("text", "outcome", "reason", "needs_action")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "recommendations": self.picked_all("recommendations"),
            "priorities": self.picked_all("priorities"),
        }


def _keys(rows: Any) -> list[str]:
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def decision_initial(row: Decision) -> dict[str, Any]:
    """What the form of a decision on record begins with."""
    names = ("text", "outcome", "reason", "needs_action")
    tied = {name: _keys(getattr(row, name)) for name in ("recommendations", "priorities")}
    return {**{name: getattr(row, name) for name in names}, **tied}


def finding_initial(row: Finding) -> dict[str, Any]:
    """What the form of a finding on record begins with."""
    names = ("text", "sort", "evidence_from", "found_on")
    return {
        **{name: getattr(row, name) for name in names},
        "priority": str(row.priority_id or ""),
        "themes": _keys(row.themes),
    }


def evidence_initial(row: Evidence, about: Any) -> dict[str, Any]:
    """What the form of evidence on record begins with."""
    names = ("text", "sort", "answers", "found_on", "precision")
    return {**{name: getattr(row, name) for name in names}, "about": about.ref.as_text() if about else ""}


def correction_form(
    record: Any, posted: Any, *, actor: Any, today: Any, about: Any = None, choices: Any = ()
) -> Any:
    """The form that corrects this record, begun with what stands there."""
    version = record.version
    offering = {"actor": actor, "today": today, "version": version}
    if isinstance(record, Finding):
        return FindingForm(posted, initial=finding_initial(record), **offering)
    if isinstance(record, Theme):
        initial = {"title": record.title, "priority": str(record.priority_id or "")}
        return ThemeForm(posted, initial=initial, **offering)
    if isinstance(record, SuccessMeasure):
        initial = {
            "title": record.title,
            "heading_text": record.heading_text,
            "points": "\n".join(record.points),
        }
        return MeasureForm(posted, initial=initial, version=version)
    if isinstance(record, ProgressNote):
        initial = {"text": record.text, "noted_on": record.noted_on}
        return ProgressForm(posted, today=today, about=record, initial=initial, version=version)
    return EvidenceForm(
        posted, may_attach=False, choices=choices, initial=evidence_initial(record, about), **offering
    )


def corrected(record: Any, form: Any) -> dict[str, Any]:
    """What was typed, as the words of `services.correct`."""
    data = form.cleaned_data
    names = {
        Finding: ("text", "sort", "evidence_from", "found_on"),
        Theme: ("title",),
        SuccessMeasure: ("title", "heading_text", "points"),
        ProgressNote: ("text", "noted_on"),
        Evidence: ("text", "sort", "answers", "found_on", "precision"),
    }
    given: dict[str, Any] = {"changes": {name: data[name] for name in names[type(record)]}}
    if isinstance(record, Finding | Theme):
        given["changes"]["priority"] = form.picked("priority")
    if isinstance(record, Finding):
        given["links"] = {"themes": form.picked_all("themes")}
    return given
