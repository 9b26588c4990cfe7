"""Forms on identities: shape and validation only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from shield.kernel.design import forms
from shield.kernel.identities.models import Identity
from shield.kernel.identities.rules import Doubt

LEAVE = ""
NO_NAME = "-"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class IdentityForm(forms.ShieldForm):
    """Who stands behind a pseudonym."""

    pseudonym = forms.PlainTextField(
        label="Pseudonym", missing="Enter the pseudonym", max_length=80,
        help_text="What everybody else reads instead of the name. For example: Child Q, Mother, Social worker 2",
    )  # fmt: skip
    relation = forms.PlainTextField(
        required=False,
        label="Who are they in this case?",
        max_length=120,
        help_text="For example: the child’s grandmother",
    )
    is_child = forms.TickField(label="They are a child or young person this case is about")
    names = forms.PlainTextField(
        label="Full name, then other names and spellings, one a line", missing="Enter the name", multiline=True, rows=4,
        max_length=3000, help_text="Each of them is looked for in every text before it leaves the team.",
    )  # fmt: skip
    births = forms.PlainTextField(
        required=False, label="Dates of birth, one a line", multiline=True, rows=2, max_length=200,
        help_text="For example, 7 3 2015. More than one if agencies differ.",
    )  # fmt: skip
    numbers = forms.PlainTextField(
        required=False, label="Numbers, one a line", multiline=True, rows=2, max_length=500,
        help_text="For example: NHS number: 943 476 5919",
    )  # fmt: skip
    notes = forms.PlainTextField(required=False, label="Notes", multiline=True, rows=2, max_length=2000)

    def clean_births(self) -> list[date]:
        """The days, each written with numbers."""
        return [self._day(line) for line in _lines(self.cleaned_data["births"])]

    @staticmethod
    def _day(line: str) -> date:
        found = re.fullmatch(r"(\d{1,2})[ ./-](\d{1,2})[ ./-](\d{4})", line)
        try:
            if found:
                day, month, year = map(int, found.groups())
                return date(year, month, day)
        except ValueError:
            pass
        raise ValidationError(f"“{line}” is no date: enter day, month and year in numbers, such as 7 3 2015.")

    def clean_numbers(self) -> dict[str, str]:
        """By what they are called."""
        made = {}
        for line in _lines(self.cleaned_data["numbers"]):
            called, _, number = line.partition(":")
            if not number.strip():
                raise ValidationError(f"Say what “{line}” is: a word, a colon, the number.")
            made[called.strip()] = number.strip()
        return made

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        data = self.cleaned_data
        kept = ("pseudonym", "relation", "is_child", "births", "numbers", "notes")
        return {**{name: data[name] for name in kept}, "names": _lines(data["names"])}


def initial_of(row: Identity) -> dict[str, Any]:
    """What the form begins with."""
    days = [date.fromisoformat(day) for day in row.births]
    return {
        "pseudonym": row.pseudonym, "relation": row.relation, "is_child": row.is_child, "names": "\n".join(row.names),
        "births": "\n".join(f"{d.day} {d.month} {d.year}" for d in days),
        "numbers": "\n".join(f"{called}: {number}" for called, number in row.numbers.items()), "notes": row.notes,
    }  # fmt: skip


class DecideForm(forms.ShieldForm):
    """Whose name each doubtful word is."""

    def __init__(
        self, *arguments: Any, doubts: Sequence[Doubt], pseudonyms: Sequence[str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.doubts = doubts
        choices = [
            (LEAVE, "Not decided yet"),
            (NO_NAME, "No name of anybody in this case"),
            *((one, one) for one in pseudonyms),
        ]
        for number, doubt in enumerate(doubts):
            times = "" if doubt.count == 1 else f", {doubt.count} times"
            self.fields[f"word_{number}"] = forms.OneOfField(
                choices, look="select", required=False, label=f"“{doubt.text}”{times}",
                help_text=f"{doubt.where}: {doubt.around}", initial=doubt.pseudonym,
            )  # fmt: skip

    @property
    def words(self) -> dict[str, str]:
        """The words decided on: the pseudonym, or nothing for no name."""
        given = {doubt.word: self.cleaned_data.get(f"word_{n}", "") for n, doubt in enumerate(self.doubts)}
        return {word: "" if said == NO_NAME else said for word, said in given.items() if said != LEAVE}
