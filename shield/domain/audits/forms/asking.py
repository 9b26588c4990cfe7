"""Audit tools, their questions, and scales."""

from __future__ import annotations

from typing import Any

from shield.domain.audits import queries, rules
from shield.domain.audits.models import ToolQuestion
from shield.improvement.forms.offering import OfferingForm
from shield.kernel.accounts.rules import Sector
from shield.kernel.design import forms

ANSWER_HINTS = {
    "judgement": "A grade and the analysis behind it; both are needed.",
    "scale": "A grade alone.",
}


class ToolForm(forms.ShieldForm):
    """A new tool."""

    title = forms.PlainTextField(
        label="What is the tool called?", missing="Enter what the tool is called", max_length=200
    )
    purpose = forms.PlainTextField(
        required=False, label="What is it for?", multiline=True, rows=3, max_length=1000
    )


class QuestionForm(OfferingForm):
    """One question of a tool."""

    section = forms.PlainTextField(
        label="Under which heading?", missing="Enter the heading it stands under", max_length=120,
        help_text="Questions of one heading stand together.",
    )  # fmt: skip
    text = forms.PlainTextField(label="The question", missing="Enter the question", max_length=400)
    guidance = forms.PlainTextField(
        required=False, label="Guidance for who answers", multiline=True, rows=2, max_length=1000
    )
    answer = forms.OneOfField(
        rules.AnswerKind.choices,
        label="How is it answered?",
        missing="Select how it is answered",
        hints=ANSWER_HINTS,
    )
    scale = forms.OneOfField(
        [], look="select", required=False, label="On which scale, if it is judged on one?"
    )
    needed = forms.YesNoField(label="Must it be answered?", missing="Select whether it must be answered")
    sectors = forms.SeveralOfField(
        Sector.choices, required=False, label="Who is asked?", help_text="Select none to ask every agency."
    )
    position = forms.WholeNumberField(
        required=False, min_value=0, max_value=999, width=4, label="Place in the order",
        help_text="Leave it empty to put it last.",
    )  # fmt: skip

    def offer_all(self) -> None:
        """The scales of the partnership."""
        self.offer(
            "scale",
            queries.scales(self.actor),
            lambda row: f"{row.title}: {', '.join(p['word'] for p in row.points)}",
            first="None",
        )

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        data = self.cleaned_data
        made = {
            name: data.get(name) for name in ("section", "text", "guidance", "answer", "needed", "sectors")
        }
        judged = data.get("answer") in {rules.AnswerKind.SCALE, rules.AnswerKind.JUDGEMENT}
        made["scale"] = self.picked("scale") if judged else None
        if data.get("position") is not None:
            made["position"] = data["position"]
        return made


def question_initial(row: ToolQuestion) -> dict[str, Any]:
    """What the form of a question on record begins with."""
    names = ("section", "text", "guidance", "answer", "needed", "sectors", "position")
    return {**{name: getattr(row, name) for name in names}, "scale": str(row.scale_id or "")}


class ScaleForm(forms.ShieldForm):
    """A new scale."""

    title = forms.PlainTextField(
        label="What is the scale called?", missing="Enter what the scale is called", max_length=120
    )
    points = forms.PlainTextField(
        label="Its points, one on each line, from the best to the worst", missing="Enter the points of the scale",
        multiline=True, rows=5, max_length=600, help_text="From two to seven, for example: Green, Amber, Red.",
    )  # fmt: skip

    @property
    def toned(self) -> list[tuple[str, str]]:
        """The points, each with the tone of its place."""
        words = [line.strip() for line in self.cleaned_data["points"].splitlines() if line.strip()]
        last = len(words) - 1
        return [
            (word, "good" if 2 * n < last else "late" if n == last else "attention")
            for n, word in enumerate(words)
        ]
