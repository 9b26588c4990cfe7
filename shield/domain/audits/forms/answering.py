"""Asking agencies, and the form of their answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from shield.domain.audits import queries, rules
from shield.domain.audits.models import ToolQuestion
from shield.improvement.forms.offering import OfferingForm, due_field
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms


class BeginForm(OfferingForm):
    """With which tool and which agencies an audit begins."""

    tool = forms.OneOfField([], label="Which tool?", missing="Select the tool")
    agencies = forms.SeveralOfField(
        [], label="Which agencies answer?", missing="Select the agencies that answer",
        help_text="Each gets its own part on each record, in the work list of its leads.",
    )  # fmt: skip
    due_on = due_field("By when should they answer?")

    def offer_all(self) -> None:
        """Versions that may be used, and agencies."""
        self.offer(
            "tool",
            queries.usable_tools(self.actor),
            lambda row: f"{row.heading} ({row.get_status_display().lower()})",
        )
        answered = queries.agencies_that_answer(self.actor, self.today)
        self.offer(
            "agencies",
            accounts.agencies(self.actor),
            lambda row: (
                row.name if row.pk in answered else f"{row.name} (nobody there can answer in Shield yet)"
            ),
        )


class AskAlsoForm(OfferingForm):
    """Which further agencies answer an audit that is under way."""

    agencies = forms.SeveralOfField(
        [], label="Which agencies answer as well?", missing="Select the agencies that answer as well",
        help_text="Each gets its own part on each record, with the same tool and by the same day.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, asked: Collection[Any], **options: Any) -> None:
        self._asked = asked
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """The agencies that were not asked."""
        rows = accounts.agencies(self.actor).exclude(pk__in=self._asked)
        self.offer("agencies", rows, lambda row: row.name)


class QuestionsForm(forms.ShieldForm):
    """A form with a judgement and a box of words for each question."""

    def __init__(
        self, *arguments: Any, questions: Sequence[ToolQuestion], initial: Mapping[str, Any] | None = None, **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*arguments, initial=dict(initial or {}), **options)
        self.questions = list(questions)
        self.took_over = False
        for question in self.questions:
            self.add_question(question)

    def add_question(self, question: ToolQuestion) -> None:
        """The fields of one question."""
        asked = question.asked
        if asked.points:
            self.fields[f"judgement_{asked.key}"] = forms.OneOfField(
                [(p.code, p.word) for p in asked.points],
                required=False,
                label=question.text,
                help_text=question.guidance,
            )
        self.fields[f"words_{asked.key}"] = self.words_field(question)

    def words_field(self, question: ToolQuestion) -> forms.PlainTextField:
        """The box of words of one question."""
        raise NotImplementedError

    def clash_with(self, theirs: Mapping[str, Any], version: int) -> None:
        """Show both versions; what was left empty here and filled in meanwhile is taken over, so that neither is lost."""
        super().clash_with(theirs, version)
        for name, value in theirs.items():
            if value and name in self.fields and name != "version" and not self.cleaned_data.get(name):
                self.data[name] = value  # type: ignore[index]
                self.took_over = True

    @property
    def answers(self) -> dict[str, rules.Answer]:
        """What was answered, by question."""
        data = self.cleaned_data
        made = {
            q.key: rules.Answer(data.get(f"judgement_{q.key}") or "", data.get(f"words_{q.key}") or "")
            for q in self.questions
        }
        return {key: answer for key, answer in made.items() if answer != rules.NOTHING}

    @property
    def sections(self) -> list[tuple[str, list[Any]]]:
        """The fields under the headings of the tool."""
        made: dict[str, list[Any]] = {}
        for question in self.questions:
            names = (f"judgement_{question.key}", f"words_{question.key}")
            made.setdefault(question.section, []).extend(self[name] for name in names if name in self.fields)
        return list(made.items())


def fields_of(answers: Mapping[str, rules.Answer]) -> Iterator[tuple[str, str]]:
    """Answers as the fields of a form hold them."""
    for key, answer in answers.items():
        yield f"judgement_{key}", answer.judgement
        yield f"words_{key}", answer.words


class AnswersForm(QuestionsForm):
    """One agency's answers on one record: a draft may be half empty, what is submitted may not."""

    marks_optional = False

    def words_field(self, question: ToolQuestion) -> forms.PlainTextField:
        """The answer in words, or the analysis behind a judgement."""
        only_words = question.answer == rules.AnswerKind.TEXT
        label = question.text if only_words else f"Analysis: {question.text}"
        hint = question.guidance if only_words else "What in the record shows it. No names."
        rows = 4 if question.answer in {rules.AnswerKind.TEXT, rules.AnswerKind.JUDGEMENT} else 2
        if question.answer in {rules.AnswerKind.YES_NO, rules.AnswerKind.SCALE}:
            label, hint = f"Anything to add: {question.text}", ""
        return forms.PlainTextField(
            required=False, multiline=True, rows=rows, max_length=6000, label=label, help_text=hint
        )

    @property
    def submits(self) -> bool:
        """Whether the person hands the part in."""
        return bool(self.data.get("do") == "submit")

    def clean(self) -> dict[str, Any]:
        """What is handed in answers every needed question; each that is missing is named."""
        cleaned = super().clean() or self.cleaned_data
        if self.submits:
            asked = {q.key: q for q in self.questions}
            for key, what in rules.missing([q.asked for q in self.questions], self.answers):
                judged = asked[key].asked.points and not cleaned.get(f"judgement_{key}")
                self.add_error(f"{'judgement' if judged else 'words'}_{key}", what)
        return cleaned


class ReasonForm(forms.ShieldForm):
    """A reason in words."""

    reason = forms.PlainTextField(
        label="Why?",
        missing="Enter the reason",
        multiline=True,
        rows=3,
        max_length=1000,
        help_text="No names.",
    )

    def __init__(self, *arguments: Any, ask: str = "", missing: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        if ask:
            self.fields["reason"].label = ask
        if missing:
            self.fields["reason"].error_messages["required"] = missing


class AcceptForm(forms.ShieldForm):
    """The last look before a part is accepted."""

    nobody_named = forms.TickField(
        label="I have read it, and nobody is named in it", missing="Confirm that nobody is named in it"
    )
