"""A practice review: who reviews, stages, whom it heard, the Board, pauses, what is published."""

from __future__ import annotations

from datetime import date
from typing import Any

from shield.domain.reviews import rules
from shield.domain.reviews.forms.referring import AskForm
from shield.improvement.forms.offering import OfferingForm
from shield.kernel.design import forms
from shield.meetings.models import Gathering


class CommissionForm(forms.ShieldForm):
    """Who reviews a case, and on what terms."""

    reviewer = forms.PlainTextField(
        label="Who reviews?", missing="Enter who reviews", max_length=200, help_text="Name and what they are."
    )
    independence = forms.PlainTextField(
        label="Why are they independent?", missing="Say why they are independent", multiline=True, rows=3, max_length=1000
    )  # fmt: skip
    no_conflict_with = forms.PlainTextField(
        label="With whom do they have no conflict of interest?", missing="Say with whom they have no conflict",
        max_length=1000, help_text="The agencies they have declared about, and when.",
    )  # fmt: skip
    commissioned_on = forms.DayField(
        label="When were they commissioned?",
        missing="Enter when they were commissioned",
        noun="The commission",
    )
    terms = forms.PlainTextField(
        label="Terms of reference", missing="Write the terms of reference", multiline=True, rows=10, max_length=20000,
        help_text="What is asked, over which time, which agencies. Sealed: only the team of the case reads them.",
    )  # fmt: skip


class TermsForm(CommissionForm):
    """The same once it is commissioned; the day stands."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["commissioned_on"]


class StagesForm(forms.ShieldForm):
    """When each stage is planned."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for stage in self.stages():
            self.fields[stage.value] = forms.DayField(required=False, label=stage.label, noun="The day")

    @staticmethod
    def stages() -> list[rules.ReviewStage]:
        """Those that can be planned: the commission itself is past."""
        return [stage for stage in rules.ReviewStage if stage != rules.ReviewStage.COMMISSIONED]

    @property
    def planned(self) -> dict[str, date]:
        """By stage, where a day was given."""
        given = {stage.value: self.cleaned_data[stage.value] for stage in self.stages()}
        return {stage: day for stage, day in given.items() if day}


class AskReportForm(AskForm):
    """From which agencies a report is asked."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["question"].help_text = "Each agency is asked for " + "; ".join(
            label[0].lower() + label[1:] for label in rules.REPORT_PARTS.values()
        )


class HearForm(forms.ShieldForm):
    """Whom the review heard."""

    who = forms.OneOfField(rules.Heard.choices, label="Who was heard?", missing="Select who was heard")
    held_on = forms.DayField(label="When?", missing="Enter the day", noun="The conversation")
    how = forms.PlainTextField(
        label="How?", missing="Say how they were heard", max_length=500, help_text="For example: at home, with their advocate"
    )  # fmt: skip
    people = forms.WholeNumberField(required=False, label="How many people?", min_value=1, max_value=1000)
    said = forms.PlainTextField(
        label="What did they say?", missing="Write what they said", multiline=True, rows=8, max_length=20000,
        help_text="Sealed: only the team of the case reads it.",
    )  # fmt: skip


class ToldForm(forms.ShieldForm):
    """That those who were heard were told of the outcome."""

    told_on = forms.DayField(
        label="When were they told what came of the review?",
        missing="Enter when they were told",
        noun="The day",
    )
    told_how = forms.PlainTextField(
        label="How?", missing="Say how they were told", multiline=True, rows=3, max_length=1000
    )


class DraftForm(forms.ShieldForm):
    """A draft of the report."""

    file = forms.UploadField(label="The file")
    note = forms.PlainTextField(
        required=False, label="Which version is it?", max_length=200, help_text="For example: second draft, to agencies"
    )  # fmt: skip


class BoardForm(OfferingForm):
    """When the Board read it."""

    on = forms.DayField(label="When did the Board read it?", missing="Enter the day", noun="The meeting")
    gathering = forms.OneOfField(
        [], look="select", required=False, label="The meeting in the register, if it is there"
    )

    def offer_all(self) -> None:
        """The latest meetings."""
        rows = Gathering.objects.visible_to(self.actor).order_by("-held_on")[:60]
        self.offer("gathering", rows, lambda row: row.title, first="Not in the register")


class StandStillForm(forms.ShieldForm):
    """Why a review stands still, and since when."""

    proceedings = forms.OneOfField(
        rules.Proceedings.choices, label="Because of what?", missing="Select because of what"
    )
    on = forms.DayField(label="From which day?", missing="Enter the day", noun="The day")


class ProposeForm(OfferingForm):
    """What the public is to read."""

    title = forms.PlainTextField(
        label="Title",
        missing="Enter the title",
        max_length=200,
        help_text="With the pseudonym, never a name.",
    )
    summary = forms.PlainTextField(
        label="Summary", missing="Write the summary", multiline=True, rows=10, max_length=6000,
        help_text="What happened in general words, what is learnt, what changes.",
    )  # fmt: skip
    file = forms.OneOfField([], label="Which file is published?", missing="Select the file")
    scope = forms.OneOfField(
        rules.Scope.choices, label="What is published?", missing="Select what is published", initial="full"
    )
    scope_why = forms.PlainTextField(
        required=False, label="If not the whole report: why?", multiline=True, rows=3, max_length=1000,
        help_text="The public reads this.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, drafts: Any, **options: Any) -> None:
        self.drafts = drafts
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """The files of the review, the last first."""
        self.offer(
            "file",
            reversed(self.drafts),
            lambda row: f"{row.name} ({row.description})" if row.description else row.name,
        )


class ConfirmForm(forms.ShieldForm):
    """The second person's confirmation."""

    read = forms.TickField(
        label="I have read the summary and the file, and nobody can be recognised from them",
        missing="Read both, and confirm that nobody can be recognised",
    )


class RecommendForm(OfferingForm):
    """A recommendation of the review."""

    finding = forms.PlainTextField(
        label="What did the review find?", missing="Say what the review found", multiline=True, rows=4, max_length=2000,
        help_text="Without names: everybody who follows the evidence chain reads this.",
    )  # fmt: skip
    title = forms.PlainTextField(
        label="What does it recommend?", missing="Enter the recommendation", max_length=300
    )
    text = forms.PlainTextField(
        required=False, label="In more words", multiline=True, rows=4, max_length=4000
    )
    priority = forms.OneOfField(
        [], look="select", label="Under which priority is it followed?", missing="Select the priority"
    )

    def offer_all(self) -> None:
        """The priorities."""
        self.offer_priorities()
