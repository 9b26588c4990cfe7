"""The form that every page uses: once-only, aware of a newer version, and refusing in plain words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django import forms
from django.db.models import Model, QuerySet
from django.forms.utils import ErrorDict
from django.http import QueryDict

from shield.kernel.design.rules import values


class Clash(NamedTuple):
    """One field that somebody else changed too: what you typed and what stands there now."""

    label: str
    yours: str
    theirs: str


LOST_VERSION = "This page lost track of which version you are changing. Reload the page and try again."


def _compared(value: Any) -> Any:
    """A value as two versions are compared: a record by its key, several in any order, nothing as empty."""
    if isinstance(value, list | tuple | QuerySet):
        return tuple(sorted(str(_compared(each)) for each in value))
    if isinstance(value, Model):
        return str(value.pk)
    return str(value) if isinstance(value, UUID) else "" if value is None else value


def new_token() -> str:
    """A token that no other form carries."""
    return secrets.token_urlsafe(18)


class ShieldForm(forms.Form):
    """A form with a once-only token and, for an edit, the version that was read.

    `form.cleaned_data["once"]` and `form.cleaned_data["version"]` go to the service. A form made with a version is
    an edit: sent without it, it would save over whatever stands there now, so it is refused. `reveals` shows
    fields under a choice only when it is chosen: `reveals = {("outcome", "other"): ["other_outcome"]}`.
    """

    reveals: ClassVar[Mapping[tuple[str, str], list[str]]] = {}
    marks_optional: ClassVar[bool] = True
    use_required_attribute = False

    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=new_token)

    def __init__(self, *arguments: Any, version: int | None = None, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*arguments, **options)
        self.conflict: list[Clash] | None = None
        self.set_aside: datetime | None = None
        if version is not None:
            self.fields["version"] = forms.IntegerField(
                min_value=0, widget=forms.HiddenInput, initial=version
            )
        for name, field in self.fields.items():
            say_what_is_missing(name, field)

    def full_clean(self) -> None:
        """Check everything; a version that is missing or no number has no field on the page, so it is said of all."""
        super().full_clean()
        if self._errors and "version" in self._errors:
            del self._errors["version"]
            self.add_error(None, LOST_VERSION)

    def refuse(self, message: str, field: str | None = None) -> None:
        """Show a refusal of the service: in the summary, and at a field if it is about one."""
        self.is_valid()
        self.add_error(field if field in self.fields else None, message)

    def take_up(self, typed: QueryDict) -> None:
        """Show what was typed earlier, unjudged: the errors come when it is sent.

        The once-only token and the version stay those of the earlier page, so that a change by somebody else
        in between is caught.
        """
        self.data = typed
        self.is_bound = True
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def clash_with(self, theirs: Mapping[str, Any], version: int) -> None:
        """Say that somebody changed the record meanwhile: what they wrote beside what was typed here.

        `theirs` holds the values that stand now, by field name. The form takes the newer version, so that
        sending it again is a decision made with both in sight.
        """
        self.is_valid()
        self.conflict = [
            Clash(
                self._label(name),
                self._as_shown(name, self.cleaned_data.get(name)),
                self._as_shown(name, value),
            )
            for name, value in theirs.items()
            if name in self.fields
            and not self[name].is_hidden
            and _compared(self.cleaned_data.get(name)) != _compared(value)
        ]
        data: Any = self.data
        # A copy, because what a request brought cannot be changed.
        self.data = data = data.copy()
        data[self.add_prefix("version")] = str(version)
        self.add_error(None, "Somebody changed this while you were editing. Nothing has been saved yet.")

    def _label(self, name: str) -> str:
        return str(self[name].label)

    def _as_shown(self, name: str, value: Any) -> str:
        given = getattr(self.fields[name], "choices", None) or ()
        choices = {_compared(getattr(key, "value", key)): str(words) for key, words in given}
        if isinstance(value, list | tuple | QuerySet):
            return ", ".join(choices.get(_compared(each), values.shown(each)) for each in value)
        return (
            choices.get(_compared(value), values.shown(value)) if choices and value else values.shown(value)
        )


class FilterForm(ShieldForm):
    """Filters above a list, sent by GET: nothing is required, nothing is saved, so it carries no token."""

    marks_optional = False
    is_filter = True
    """Its empty choices stand for any."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["once"]
        for field in self.fields.values():
            field.required = False

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that were set and make sense; the rest are as if they had not been set."""
        if not self.is_bound:
            return {}
        self.is_valid()
        empty: tuple[Any, ...] = (None, "", [], False)
        return {name: value for name, value in self.cleaned_data.items() if value not in empty}


def say_what_is_missing(name: str, field: forms.Field) -> None:
    """Give a field of Django's own a message in our words, where its author gave none."""
    if not str(field.error_messages.get("required", "")).startswith("This field is required"):
        return
    label = str(field.label or name.replace("_", " "))
    verb = "Select" if isinstance(field, forms.ChoiceField) else "Enter"
    field.error_messages["required"] = f"{verb} {label[:1].lower()}{label[1:]}"
