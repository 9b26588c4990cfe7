"""Forms of impact reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

from shield.improvement import rules
from shield.improvement.queries import Weight
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design import forms

VERDICT_HINTS = {
    "yes": "At least one piece of the evidence you tick shows it.",
    "partly": "Some are, and the evidence you tick shows who.",
    "no": "The evidence shows that nobody is.",
    "not_known": "The honest answer while no evidence speaks to it. The report will say so.",
}


class PlanReviewsForm(forms.ShieldForm):
    """From which decision the impact reviews of a priority are counted."""

    decided_on = forms.DayField(
        label="When were the recommendations decided?",
        missing="Enter when the recommendations were decided",
        noun="The day of the decision",
        help_text="The reviews fall due 6 and 12 months after it.",
    )

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["decided_on"].latest = today  # type: ignore[attr-defined]


def _answer(question: rules.Question, help_text: str) -> forms.PlainTextField:
    return forms.PlainTextField(
        label=question.label,
        missing=f"Answer the question “{question.label}”",
        multiline=True,
        rows=5,
        max_length=4000,
        help_text=help_text,
    )


class ReviewForm(forms.ShieldForm):
    """The three answers, the verdict, and the evidence each rests on."""

    held_on = forms.DayField(
        label="When was the review held?", missing="Enter when the review was held", noun="The review"
    )
    how_much = _answer(rules.Question.HOW_MUCH, "What was done, how often, for how many.")
    how_well = _answer(rules.Question.HOW_WELL, "On time, to what standard, and what people said of it.")
    better_off = _answer(
        rules.Question.BETTER_OFF, "What is different for children and families, and how you know."
    )
    evidence = forms.SeveralOfField([], required=False, label="Which evidence does this rest on?")
    verdict = forms.OneOfField(
        rules.Verdict.choices,
        label="So, is anyone better off?",
        missing="Select whether anyone is better off",
        hints=VERDICT_HINTS,
    )

    def __init__(self, *arguments: Any, today: date, offered: list[Weight], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["held_on"].latest = today  # type: ignore[attr-defined]
        self._offered = {str(each.evidence.pk): each.evidence for each in offered}
        field: Any = self.fields["evidence"]
        field.choices = [(str(each.evidence.pk), each.evidence.text) for each in offered]
        field.hints = {str(each.evidence.pk): _where(each) for each in offered}
        if not offered:
            del self.fields["evidence"]

    @property
    def chosen(self) -> list[Any]:
        """The evidence that was ticked."""
        return [self._offered[key] for key in self.cleaned_data.get("evidence") or () if key in self._offered]

    @property
    def answers(self) -> dict[str, str]:
        """The three answers by question."""
        return {question.value: self.cleaned_data[question.value] for question in rules.Question}


def _where(weight: Weight) -> str:
    row = weight.evidence
    when = in_words_to(row.found_on, row.precision)
    return f"{row.get_answers_display()} {row.get_sort_display()}, {when}. About: {weight.about}"
