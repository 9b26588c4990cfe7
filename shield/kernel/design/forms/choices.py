"""Fields for choosing: one of a few, several of a few, yes or no, a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from django import forms
from django.db.models import Model

from shield.kernel.design.forms.fields import said

Choices = Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]]
Look = Literal["radios", "select"]
GONE = "Choose one of the options on this page"


class OneOfField(forms.ChoiceField):
    """One of a few, as radios (up to about seven) or as a select. `hints` explains choices, by value."""

    def __init__(
        self,
        choices: Choices,
        *,
        missing: str = "",
        look: Look = "radios",
        hints: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        options["error_messages"] = said(missing, invalid_choice=GONE) | (options.get("error_messages") or {})
        options.setdefault("widget", forms.RadioSelect if look == "radios" else forms.Select)
        super().__init__(choices=choices, **options)
        self.hints = dict(hints or {})


class SeveralOfField(forms.MultipleChoiceField):
    """Several of a few, as checkboxes."""

    def __init__(
        self, choices: Choices, *, missing: str = "", hints: Mapping[str, str] | None = None, **options: Any
    ) -> None:
        options["error_messages"] = said(missing, invalid_choice=GONE) | (options.get("error_messages") or {})
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=choices, **options)
        self.hints = dict(hints or {})


class YesNoField(forms.TypedChoiceField):
    """A question answered by yes or no, with neither chosen beforehand. Gives True, False or None."""

    def __init__(self, *, missing: str = "", yes: str = "Yes", no: str = "No", **options: Any) -> None:
        options["error_messages"] = said(missing, invalid_choice=GONE) | (options.get("error_messages") or {})
        options.setdefault("widget", forms.RadioSelect)
        super().__init__(
            choices=[("yes", yes), ("no", no)],
            coerce=lambda given: given == "yes",
            empty_value=None,
            **options,
        )
        self.inline = True

    def prepare_value(self, value: Any) -> Any:
        """True and False become the radios' values."""
        return {True: "yes", False: "no"}.get(value, value)


class TickField(forms.BooleanField):
    """One checkbox. Required only if asked: an unticked box is an answer."""

    def __init__(self, *, missing: str = "", **options: Any) -> None:
        options.setdefault("required", bool(missing))
        options["error_messages"] = said(missing) | (options.get("error_messages") or {})
        super().__init__(**options)


class RecordField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One record of a queryset that the view has narrowed to what the person may see.

    `label_for` writes a record; set the queryset in the form's `__init__`.
    """

    def __init__(
        self,
        queryset: Any = None,
        *,
        missing: str = "",
        look: Look = "select",
        label_for: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        options["error_messages"] = said(missing, invalid_choice=GONE) | (options.get("error_messages") or {})
        options.setdefault("widget", forms.RadioSelect if look == "radios" else forms.Select)
        options.setdefault("empty_label", "Select one")
        self.label_for = label_for
        super().__init__(queryset, **options)

    def label_from_instance(self, obj: Model) -> str:
        """How the record is written."""
        return self.label_for(obj)


class RecordsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several records of such a queryset, as checkboxes."""

    def __init__(
        self,
        queryset: Any = None,
        *,
        missing: str = "",
        label_for: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        messages = said(missing, invalid_choice=GONE, invalid_pk_value=GONE)
        options["error_messages"] = messages | (options.get("error_messages") or {})
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        self.label_for = label_for
        super().__init__(queryset, **options)

    def label_from_instance(self, obj: Model) -> str:
        """How the record is written."""
        return self.label_for(obj)
