"""Forms of what people told us: shape and validation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from shield.domain.voice import queries, rules
from shield.domain.voice.models import Activity, Question, Quotation, Said
from shield.improvement.forms.offering import OfferingForm, precision_field, stored_day
from shield.improvement.models import Priority
from shield.improvement.rules import FindingSort
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design import forms
from shield.kernel.records.rules import COUNT_LIMIT, RecordRef

NO_NAMES = "Write it so that nobody can be found by it: no names, no addresses, no schools."


class ActivityForm(OfferingForm):
    """One time somebody was asked."""

    title = forms.PlainTextField(
        label="What was it?",
        missing="Enter what it was",
        max_length=300,
        help_text="For example: interviews with parents at children's centres.",
    )
    group = forms.OneOfField(rules.Group.choices, label="Who was asked?", missing="Select who was asked")
    method = forms.OneOfField(
        [("", "Select one"), *rules.Method.choices],
        look="select",
        label="How were they asked?",
        missing="Select how they were asked",
    )
    priority = forms.OneOfField([], look="select", required=False, label="About which priority?")
    gathering = forms.OneOfField(
        [],
        look="select",
        required=False,
        label="At which meeting or event?",
        help_text="If it was one, its day and head count are kept there. Leave both empty below.",
    )
    people_count = forms.WholeNumberField(
        required=False, min_value=0, max_value=COUNT_LIMIT, label="How many took part?"
    )
    held_on = forms.DayField(required=False, label="When?", noun="The day")
    precision = precision_field()
    agency = forms.OneOfField([], look="select", required=False, label="Which agency asked?")
    office = forms.OneOfField([], look="select", required=False, label="Which office asked?")
    asked = forms.PlainTextField(
        required=False, multiline=True, rows=4, max_length=4000, label="What were they asked?"
    )
    note = forms.PlainTextField(
        required=False, multiline=True, rows=3, max_length=2000, label="Note", help_text=NO_NAMES
    )

    def __init__(self, *arguments: Any, record: Activity | None = None, **options: Any) -> None:
        self.record = record
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """Priorities, meetings that are on record, agencies and offices."""
        now, actor = self.record, self.actor
        self.offer_priorities(first="No single priority")
        self.offer(
            "gathering",
            queries.gatherings(actor),
            lambda row: f"{row.title}, {in_words_to(row.held_on, row.precision)}",
            first="Not at a meeting on record",
            also=now and now.gathering,
        )
        self.offer("agency", accounts.agencies(actor), lambda row: row.name, first="No agency")
        self.offer("office", accounts.offices(actor), lambda row: row.title, first="No office")

    def clean(self) -> dict[str, Any]:
        """A month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["held_on"] = stored_day(cleaned, "held_on")
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as a service takes it."""
        plain = ("title", "group", "method", "people_count", "held_on", "precision", "asked", "note")
        picked = ("priority", "gathering", "agency", "office")
        return {name: self.cleaned_data[name] for name in plain} | {
            name: self.picked(name) for name in picked
        }


def activity_begun(about: Any, today: date) -> dict[str, Any]:
    """What the form of a new activity begins with: its priority, and what a cycle had planned, so that nothing is retyped."""
    if about is None:
        return {"precision": "day"}
    if isinstance(about, Priority):
        return {"precision": "day", "priority": str(about.pk)}
    if about.kind == rules.CYCLE:
        return {"precision": "day", "priority": str(about.priority_id)}
    begun = {
        "precision": about.precision,
        "priority": str(about.cycle.priority_id),
        "title": about.what[:300],
        "agency": str(about.agency_id or ""),
    }
    return begun if about.happens_on > today else begun | {"held_on": about.happens_on}


def activity_initial(row: Activity) -> dict[str, Any]:
    """What the form of an activity on record begins with."""
    plain = ("title", "group", "method", "people_count", "held_on", "precision", "asked", "note")
    linked = ("priority", "gathering", "agency", "office")
    return {name: getattr(row, name) for name in plain} | {
        name: str(getattr(row, f"{name}_id") or "") for name in linked
    }


class PointForm(forms.ShieldForm):
    """One point somebody made."""

    text = forms.PlainTextField(
        label="What was said?",
        missing="Enter what was said",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text=f"In your words, one point at a time. {NO_NAMES}",
    )
    sort = forms.OneOfField(
        FindingSort.choices, label="Practice is", missing="Select whether it works well or is to develop"
    )
    group = forms.OneOfField(rules.Group.choices, label="Who said it?", missing="Select who said it")


class CameForm(OfferingForm):
    """What came of a point."""

    recommendations = forms.SeveralOfField([], required=False, label="Recommendations that came of it")
    decisions = forms.SeveralOfField([], required=False, label="Decisions that came of it")
    actions = forms.SeveralOfField([], required=False, label="Actions that came of it")

    def __init__(self, *arguments: Any, said: Said, **options: Any) -> None:
        self.said = said
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """What was recommended, decided and done about the point's priority; fields with nothing to tick are left out."""
        offered = zip(
            ("recommendations", "decisions", "actions"),
            queries.may_have_come(self.said, self.actor),
            strict=True,
        )
        for name, rows in offered:
            self.offer(name, rows, lambda row: f"{row.reference} {row.heading}")
            if not self._offered[name]:
                del self.fields[name]

    @property
    def offers(self) -> bool:
        """Whether there is anything to tick."""
        return any(name in self.fields for name in ("recommendations", "decisions", "actions"))

    @property
    def came(self) -> list[RecordRef]:
        """Everything that was ticked."""
        names = ("recommendations", "decisions", "actions")
        return [row.ref for name in names if name in self.fields for row in self.picked_all(name)]


class AnswerForm(CameForm):
    """What we did about a point, and what came of it."""

    we_did = forms.PlainTextField(
        label="What did we do?",
        missing="Enter what was done",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text="Begin with “We”. Short sentences, no abbreviations: those who said it should understand it.",
    )
    field_order = ("we_did", "recommendations", "decisions", "actions")


class DeclineForm(forms.ShieldForm):
    """Why nothing can be done about a point."""

    why_not = forms.PlainTextField(
        label="Why can nothing be done?",
        missing="Enter why nothing can be done",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text="Plain words that can be told to those who said it.",
    )


class ReopenForm(forms.ShieldForm):
    """Why an answer is taken back."""

    reason = forms.PlainTextField(
        label="Why is the answer taken back?",
        missing="Enter why the answer is taken back",
        multiline=True,
        rows=3,
        max_length=1000,
        help_text="The point waits again, and leaves the public page at once.",
    )


class ToldForm(OfferingForm):
    """That people were told what came of what they said."""

    said = forms.SeveralOfField(
        [], label="Which points were they told about?", missing="Tick at least one point"
    )
    told_on = forms.DayField(
        label="When were they told?", missing="Enter when they were told", noun="The day"
    )
    how = forms.PlainTextField(
        label="How were they told?",
        missing="Enter how they were told",
        max_length=300,
        help_text="For example: by letter, at the next coffee morning, by the poster in the centre.",
    )
    told_by = forms.PlainTextField(label="Who told them?", missing="Enter who told them", max_length=200)

    def __init__(self, *arguments: Any, rows: list[Said], **options: Any) -> None:
        self._rows = rows
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """The points with an answer of which nobody was told."""
        self.offer("said", self._rows, lambda row: f"{row.reference} {row.heading}")


class QuotationForm(forms.ShieldForm):
    """Somebody's own words."""

    words = forms.PlainTextField(
        label="What did they say?",
        missing="Enter what they said, in their own words",
        multiline=True,
        rows=4,
        max_length=1000,
        help_text="They are kept sealed, and nobody can read them until a consent is recorded.",
    )
    group = forms.OneOfField(
        rules.Group.choices, label="Whose words are they?", missing="Select whose words they are"
    )


class ConsentForm(forms.ShieldForm):
    """What somebody agreed to."""

    consent_by = forms.PlainTextField(
        label="To whom was the consent given?", missing="Enter to whom the consent was given", max_length=200
    )
    how = forms.PlainTextField(
        label="How was it given?",
        missing="Enter how it was given",
        max_length=300,
        help_text="For example: signed form kept by the children's centre.",
    )
    on = forms.DayField(label="When?", missing="Enter when it was given", noun="The day")
    scope = forms.OneOfField(
        rules.Scope.choices,
        label="How far may the words travel?",
        missing="Select how far the words may travel",
        hints={
            "hub": "Those who run the Learning Hub read them.",
            "board": "The safeguarding partners and the scrutineer read them too.",
            "published": "They may stand in the yearly report and on public pages.",
        },
    )


class WithdrawForm(forms.ShieldForm):
    """That a consent was withdrawn."""

    how = forms.PlainTextField(
        required=False, label="How did they say so?", max_length=300, help_text="They need to give no reason."
    )


class PromiseForm(OfferingForm):
    """Something promised about engagement."""

    text = forms.PlainTextField(
        label="What was promised?", missing="Enter what was promised", multiline=True, rows=3, max_length=1000
    )
    made_on = forms.DayField(label="When?", missing="Enter when it was promised", noun="The day")
    precision = precision_field()
    where = forms.PlainTextField(
        required=False,
        label="Where does it stand?",
        max_length=200,
        help_text="For example: published arrangements.",
    )

    def clean(self) -> dict[str, Any]:
        """A month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["made_on"] = stored_day(cleaned, "made_on")
        return cleaned


class PromiseReportForm(forms.ShieldForm):
    """Where a promise stands."""

    progress = forms.PlainTextField(
        label="What has been done?",
        missing="Enter what has been done",
        multiline=True,
        rows=4,
        max_length=2000,
    )


class PointFilter(forms.FilterForm):
    """Above the points."""

    waits = forms.OneOfField(
        [
            ("answer", "Waits for an answer"),
            ("told", "Answered, not told yet"),
            ("done", "Answered and told"),
        ],
        look="select",
        label="Where it stands",
    )
    group = forms.OneOfField(rules.Group.choices, look="select", label="Who said it")
    sort = forms.OneOfField(FindingSort.choices, look="select", label="Working well or to develop")
    priority = forms.OneOfField([], look="select", label="Priority")

    def __init__(self, *arguments: Any, priorities: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["priority"].choices = priorities  # type: ignore[attr-defined]


class ActivityFilter(forms.FilterForm):
    """Above the activities."""

    group = forms.OneOfField(rules.Group.choices, look="select", label="Who was asked")
    method = forms.OneOfField(rules.Method.choices, look="select", label="How")
    priority = forms.OneOfField([], look="select", label="Priority")

    def __init__(self, *arguments: Any, priorities: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["priority"].choices = priorities  # type: ignore[attr-defined]


def consent_initial(row: Quotation) -> dict[str, Any]:
    """What the form of a consent begins with: one on record may be made wider or narrower."""
    return {"consent_by": row.consent_by, "how": row.consent_how, "on": row.consent_on, "scope": row.scope}


class JustForm(forms.ShieldForm):
    """An act that needs nothing but to be confirmed."""


class PublishForm(forms.ShieldForm):
    """The last look before words are public."""

    nobody_named = forms.TickField(
        label="I have read it, and nobody can be recognised from it",
        missing="Confirm that nobody can be recognised from it",
    )


class SurveyForm(OfferingForm):
    """What a survey is about and for whom."""

    title = forms.PlainTextField(
        label="Title", missing="Enter a title", max_length=200, help_text="People who answer see it."
    )
    intro = forms.PlainTextField(
        label="A few words to begin with",
        missing="Enter a few words to begin with",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text="Why you ask and what you will do with the answers. Short sentences, plain words.",
    )
    group = forms.OneOfField(rules.Group.choices, label="Who is it for?", missing="Select who it is for")
    priority = forms.OneOfField(
        [],
        look="select",
        required=False,
        label="About which priority?",
        help_text="People who answer do not see it.",
    )

    def offer_all(self) -> None:
        """Priorities."""
        self.offer_priorities(first="No single priority")

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as a service takes it."""
        plain = {name: self.cleaned_data[name] for name in ("title", "intro", "group")}
        return {**plain, "priority": self.picked("priority")}


class QuestionForm(forms.ShieldForm):
    """One question."""

    sort = forms.OneOfField(
        rules.QuestionSort.choices, label="How is it answered?", missing="Select how it is answered"
    )
    text = forms.PlainTextField(label="Question", missing="Enter the question", max_length=300)
    easy = forms.PlainTextField(
        required=False,
        label="The same in a few easy words",
        max_length=120,
        help_text="For the easy-read version, which shows one question on a page.",
    )
    choices = forms.PlainTextField(
        required=False,
        label="Answers to choose from",
        multiline=True,
        rows=5,
        max_length=1200,
        help_text="Each on a line of its own. Only where one or several can be chosen.",
    )

    def clean_choices(self) -> list[str]:
        """One answer a line."""
        return [line.strip() for line in self.cleaned_data["choices"].split("\n") if line.strip()]


class OpenForm(forms.ShieldForm):
    """From when to when a survey takes answers."""

    opens_on = forms.DayField(label="First day", missing="Enter the first day", noun="The first day")
    closes_on = forms.DayField(label="Last day", missing="Enter the last day", noun="The last day")


class SumUpForm(forms.ShieldForm):
    """What a survey found."""

    summary = forms.PlainTextField(
        label="What did people tell us?",
        missing="Enter what people told us",
        multiline=True,
        rows=6,
        max_length=4000,
        help_text="A few sentences for whoever runs the work on the priority.",
    )


class ReplyForm(forms.ShieldForm):
    """The questions of a survey as somebody answers them; every one may be left empty."""

    marks_optional = False

    def __init__(
        self, *arguments: Any, questions: list[Question], easy: bool = False, **options: Any
    ) -> None:
        self.questions = questions
        super().__init__(*arguments, **options)
        for question in questions:
            self.fields[f"q{question.position}"] = _field(question, easy)
        if self.is_bound and any(rules.may_name_somebody(self.data.get(name, "")) for name in self._texts):
            self.fields["sure"] = forms.TickField(label="Nobody is named. Send it as it is")

    @property
    def _texts(self) -> list[str]:
        return [f"q{q.position}" for q in self.questions if q.sort == rules.QuestionSort.TEXT]

    def clean(self) -> dict[str, Any]:
        """Warn once of a text that looks as if it named somebody; whoever is sure may send it."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._texts:
            if rules.may_name_somebody(cleaned.get(name, "")) and not cleaned.get("sure"):
                self.add_error(name, "This may name somebody. Please take out names, addresses and numbers")
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """What was chosen, by position; what was left empty is not in it."""
        chosen = [q for q in self.questions if q.sort != rules.QuestionSort.TEXT]
        given = {str(q.position): self.cleaned_data.get(f"q{q.position}") for q in chosen}
        return {key: value for key, value in given.items() if value}

    @property
    def words(self) -> dict[str, str]:
        """What was written, by position."""
        texts = [q for q in self.questions if q.sort == rules.QuestionSort.TEXT]
        return {str(q.position): self.cleaned_data.get(f"q{q.position}", "") for q in texts}


def _field(question: Question, easy: bool) -> Any:
    """The field of one question."""
    label = (question.easy if easy else "") or question.text
    if question.sort == rules.QuestionSort.TEXT:
        return forms.PlainTextField(
            required=False,
            label=label,
            multiline=True,
            rows=4,
            max_length=rules.LONGEST_TEXT,
            help_text="Do not write names or addresses. We do not need to know who anybody is.",
        )
    if question.sort == rules.QuestionSort.SEVERAL:
        return forms.SeveralOfField(
            [(word, word) for word in question.choices],
            required=False,
            label=label,
            help_text="Tick as many as you like.",
        )
    if question.sort == rules.QuestionSort.SCALE:
        faces = [(key, format_html("{}{}", mark_safe(rules.face(key)), word)) for key, word in rules.FACES]  # noqa: S308 - drawn by us
        return forms.OneOfField(faces, required=False, label=label)
    return forms.OneOfField([(word, word) for word in question.choices], required=False, label=label)


class MemberForm(OfferingForm):
    """Somebody who joins the Learning Circle."""

    body = forms.OneOfField([], look="select", label="Which circle?", missing="Select the circle")
    chosen_name = forms.PlainTextField(
        label="First name, or any name they choose",
        missing="Enter the name they choose",
        max_length=60,
        help_text="No surname. Only those who run the circle see it.",
    )
    contact = forms.PlainTextField(
        required=False,
        label="How are they reached?",
        max_length=300,
        help_text="Kept sealed, wiped when they leave.",
    )
    joined_on = forms.DayField(label="Since when?", missing="Enter when they joined", noun="The day")
    agency = forms.OneOfField([], look="select", required=False, label="Through which agency?")

    def offer_all(self) -> None:
        """Circles and agencies."""
        self.offer("body", queries.circles(self.actor), lambda row: row.name, first="Select one")
        self.offer("agency", accounts.agencies(self.actor), lambda row: row.name, first="No agency")


class LeaveForm(forms.ShieldForm):
    """That a member left."""

    left_on = forms.DayField(label="When did they leave?", missing="Enter when they left", noun="The day")


class TakeForm(forms.ShieldForm):
    """What somebody wrote, retold as a point."""

    text = forms.PlainTextField(
        label="What did they say, in your words?",
        missing="Enter what they said, in your words",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text=f"Nobody who answered was asked whether they may be quoted. {NO_NAMES}",
    )
    sort = forms.OneOfField(
        FindingSort.choices, label="Practice is", missing="Select whether it works well or is to develop"
    )
    nobody_named = forms.TickField(
        required=False, label="I have read it, and nobody can be recognised from it"
    )
