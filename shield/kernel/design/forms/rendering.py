"""Turns the fields of Django's forms into the Design System's components."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from shield.kernel.design.forms.widgets import PARTS, DayInput
from shield.kernel.design.rules import components

# What a page may say about a field beyond what the field says itself.
OPTIONS = frozenset({
    "label", "hint", "label_size", "heading", "width", "rows", "inline", "small", "prefix", "suffix",
    "classes", "autocomplete", "optional",
})  # fmt: skip
_HIDDEN = re.compile(r'(class="govuk-(?:radios|checkboxes)__conditional) govuk-\w+__conditional--hidden"')
_FLUID = {"full", "three-quarters", "two-thirds", "one-half", "one-third", "one-quarter"}


def field_html(bound: BoundField, **options: Any) -> SafeString:
    """One field with its label, hint and error. Hidden fields give their hidden input."""
    if unknown := set(options) - OPTIONS:
        raise TypeError(f"There is no option {', '.join(sorted(unknown))} for a field.")
    if bound.is_hidden:
        return hidden_html(bound)
    return _renderer(bound.field.widget)(bound, options)


def form_html(form: BaseForm) -> SafeString:
    """All fields of a form in their order, hidden ones first; fields that a choice reveals stand under it."""
    revealed = {name for names in getattr(form, "reveals", {}).values() for name in names}
    shown = [field_html(bound) for bound in form.visible_fields() if bound.name not in revealed]
    return format_html_join("\n", "{}", ((each,) for each in [hidden_fields_html(form), *shown]))


def hidden_fields_html(form: BaseForm) -> SafeString:
    """The hidden fields of a form, for pages that place the visible ones themselves."""
    return format_html_join("", "{}", ((hidden_html(bound),) for bound in form.hidden_fields()))


def hidden_html(bound: BoundField) -> SafeString:
    """A hidden input. It has no id, since several forms on a page would repeat it."""
    value = bound.value()
    many = value if isinstance(value, list | tuple) else [value]
    pairs = ((bound.html_name, "" if each is None else each) for each in many)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


def error_target(bound: BoundField) -> str:
    """The id to which an error of this field links: its input, the first radio, the box of the day."""
    base = bound.auto_id or bound.html_name
    return f"{base}_day" if isinstance(bound.field.widget, DayInput) else base


def summary_errors(form: BaseForm | BaseFormSet[Any]) -> Iterator[dict[str, str]]:
    """The errors of a form or a set of forms, in the order of the fields, as the summary lists them."""
    if isinstance(form, BaseFormSet):
        if form.is_bound:
            yield from ({"text": str(message)} for message in form.non_form_errors())
        for each in form.forms:
            yield from summary_errors(each)
        return
    if not form.is_bound and "_errors" not in vars(form):
        return
    yield from ({"text": str(message)} for message in form.non_field_errors())
    for bound in form:
        link = {} if bound.is_hidden else {"href": f"#{error_target(bound)}"}
        yield from ({"text": str(message), **link} for message in bound.errors)


def _renderer(widget: forms.Widget) -> Callable[[BoundField, dict[str, Any]], SafeString]:
    # CheckboxSelectMultiple is a subclass of RadioSelect, so it is asked for first.
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return _checkboxes
    if isinstance(widget, forms.RadioSelect):
        return _radios
    if isinstance(widget, forms.CheckboxInput):
        return _tick
    if isinstance(widget, DayInput):
        return _day
    if isinstance(widget, forms.Select):
        return _select
    if isinstance(widget, forms.Textarea):
        return _textarea
    if isinstance(widget, forms.FileInput):
        return _upload
    if isinstance(widget, forms.PasswordInput):
        return _password
    return _input


def _common(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    """What every one-box component takes."""
    attributes = {**bound.field.widget.attrs, **bound.field.widget_attrs(bound.field.widget)}
    for spent in (
        "class",
        "rows",
        "cols",
        "autocomplete",
        "spellcheck",
        "inputmode",
        "id",
        "maxlength",
        "required",
    ):
        attributes.pop(spent, None)
    if bound.field.disabled:
        attributes["disabled"] = "disabled"
    return {
        "id": bound.auto_id or bound.html_name,
        "name": bound.html_name,
        "label": _label(bound, options),
        "hint": _hint(bound, options),
        "errorMessage": _error(bound),
        "classes": _classes(bound, options),
        "attributes": attributes,
        "autocomplete": options.get("autocomplete") or bound.field.widget.attrs.get("autocomplete"),
    }


def _words(bound: BoundField, options: dict[str, Any]) -> str:
    """The label, marked when the field may be left empty."""
    words = str(options.get("label") or bound.label)
    may_stay_empty = options.get("optional")
    if may_stay_empty is None:
        marks = getattr(bound.form, "marks_optional", True) and not isinstance(
            bound.field, forms.BooleanField
        )
        may_stay_empty = marks and not bound.field.required and not bound.field.disabled
    return f"{words} (optional)" if may_stay_empty and "(optional)" not in words else words


def _label(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    size = options.get("label_size") or ("l" if options.get("heading") else "")
    return {
        "text": _words(bound, options),
        "classes": f"govuk-label--{size}" if size else None,
        "isPageHeading": bool(options.get("heading")) or None,
    }


def _fieldset(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    size = options.get("label_size") or ("l" if options.get("heading") else "")
    legend = {
        "text": _words(bound, options),
        "classes": f"govuk-fieldset__legend--{size}" if size else "shield-legend",
        "isPageHeading": bool(options.get("heading")) or None,
    }
    return {"legend": legend}


def _hint(bound: BoundField, options: dict[str, Any]) -> dict[str, str] | None:
    words = options.get("hint") or bound.help_text
    return {"text": str(words)} if words else None


def _error(bound: BoundField) -> dict[str, Any] | None:
    if not bound.errors:
        return None
    return {"html": format_html_join(mark_safe("<br>"), "{}", ((message,) for message in bound.errors))}


def _classes(bound: BoundField, options: dict[str, Any]) -> str | None:
    given = [str(options.get("classes") or ""), str(bound.field.widget.attrs.get("class", ""))]
    width = options.get("width") or getattr(bound.field, "width", None)
    if width:
        given.append(f"govuk-!-width-{width}" if width in _FLUID else f"govuk-input--width-{width}")
    return " ".join(each for each in given if each) or None


def _value(bound: BoundField) -> str:
    value = (
        bound.field.widget.format_value(bound.value())
        if hasattr(bound.field.widget, "format_value")
        else None
    )
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    return "" if value is None else str(value)


def _affix(bound: BoundField, options: dict[str, Any], name: str) -> dict[str, str] | None:
    words = options.get(name) or getattr(bound.field, name, None)
    return {"text": str(words)} if words else None


def _input(bound: BoundField, options: dict[str, Any]) -> SafeString:
    widget = bound.field.widget
    spellcheck = widget.attrs.get("spellcheck")
    return components.render("input", {
        **_common(bound, options),
        "type": getattr(widget, "input_type", "text"),
        "inputmode": widget.attrs.get("inputmode"),
        "spellcheck": None if spellcheck is None else spellcheck in (True, "true"),
        "value": _value(bound),
        "prefix": _affix(bound, options, "prefix"),
        "suffix": _affix(bound, options, "suffix"),
    })  # fmt: skip


def _password(bound: BoundField, options: dict[str, Any]) -> SafeString:
    params = _common(bound, options)
    params["autocomplete"] = params["autocomplete"] or "current-password"
    return components.render("password-input", params)


def _textarea(bound: BoundField, options: dict[str, Any]) -> SafeString:
    typed = _value(bound).replace("\r\n", "\n")
    # A text box drops one line end right after its opening tag; one more keeps what was typed as it was.
    # Line ends are written as references, because components indent the lines of what stands inside them.
    kept = conditional_escape(f"\n{typed}" if typed.startswith("\n") else typed).replace("\n", "&#10;")
    params = {
        **_common(bound, options),
        "rows": options.get("rows") or bound.field.widget.attrs.get("rows") or 5,
        "value": mark_safe(kept),  # noqa: S308 - escaped above
    }
    limit = getattr(bound.field, "limit", None) or getattr(bound.field, "max_length", None)
    if getattr(bound.field, "count", False) and limit:
        return components.render("character-count", {**params, "maxlength": limit})
    return components.render("textarea", params)


def _upload(bound: BoundField, options: dict[str, Any]) -> SafeString:
    return components.render("file-upload", _common(bound, options))


def _choices(bound: BoundField) -> Iterator[tuple[str, str]]:
    """The choices flat; the name of a group, if there are groups, goes before each of its choices."""
    choices: Iterable[tuple[Any, Any]] = bound.field.choices  # type: ignore[attr-defined]
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from ((str(inner), f"{value}: {text}") for inner, text in words)
        else:
            yield ("" if value is None else str(value), str(words))


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    many = value if isinstance(value, list | tuple | set) else [value]
    prepare = getattr(bound.field, "prepare_value", lambda each: each)
    return {str(prepare(each)) for each in many if each is not None}


def _items(bound: BoundField, *, with_empty: bool, reveal: bool = True) -> list[dict[str, Any]]:
    hints: Mapping[str, str] = getattr(bound.field, "hints", {})
    chosen = _chosen(bound)
    items = []
    for value, words in _choices(bound):
        if value == "" and not with_empty:
            continue
        items.append({
            "value": value,
            "text": words,
            "checked": value in chosen,
            "hint": {"text": hints[value]} if value in hints else None,
            "conditional": {"html": shown} if reveal and (shown := _revealed(bound, value)) else None,
            "disabled": True if bound.field.disabled else None,
        })  # fmt: skip
    return items


def _revealed(bound: BoundField, value: str) -> SafeString | None:
    names = getattr(bound.form, "reveals", {}).get((bound.name, value))
    if not names:
        return None
    return format_html_join("\n", "{}", ((field_html(bound.form[name]),) for name in names))


def _group(bound: BoundField, options: dict[str, Any], kind: str) -> dict[str, Any]:
    looks = (
        [f"govuk-{kind}--inline"] if options.get("inline") or getattr(bound.field, "inline", False) else []
    )
    looks += [f"govuk-{kind}--small"] if options.get("small") else []
    return {
        "idPrefix": bound.auto_id or bound.html_name,
        "name": bound.html_name,
        "fieldset": _fieldset(bound, options),
        "hint": _hint(bound, options),
        "errorMessage": _error(bound),
        "classes": " ".join(looks) or None,
        "items": _items(bound, with_empty=False),
    }


def _with_reveals(html: SafeString) -> SafeString:
    """Hand revealed fields to our own script: the Design System's puts aria-expanded on radios."""
    # Matched with their quotation marks, which no text typed by anybody has left once it is escaped.
    mended = html.replace(' data-aria-controls="', ' data-reveals="')
    mended = _HIDDEN.sub(r'\1 shield-reveal--hidden"', mended)
    return mark_safe(mended)  # noqa: S308 - the same markup with other names


def _radios(bound: BoundField, options: dict[str, Any]) -> SafeString:
    return _with_reveals(components.render("radios", _group(bound, options, "radios")))


def _checkboxes(bound: BoundField, options: dict[str, Any]) -> SafeString:
    return _with_reveals(components.render("checkboxes", _group(bound, options, "checkboxes")))


def _tick(bound: BoundField, options: dict[str, Any]) -> SafeString:
    item = {
        "value": "on",
        "text": _words(bound, options),
        "checked": bool(bound.value()) and bound.value() not in ("False", "false", "0"),
        "hint": _hint(bound, options),
        "conditional": {"html": shown} if (shown := _revealed(bound, "on")) else None,
    }
    params = {
        "idPrefix": bound.auto_id or bound.html_name,
        "name": bound.html_name,
        "errorMessage": _error(bound),
        "classes": "govuk-checkboxes--small" if options.get("small") else None,
        "items": [item],
    }
    return _with_reveals(components.render("checkboxes", params))


def _select(bound: BoundField, options: dict[str, Any]) -> SafeString:
    params = _common(bound, options)
    items = [
        {"value": each["value"], "text": each["text"], "selected": each["checked"]}
        for each in _items(bound, with_empty=True, reveal=False)
    ]
    if isinstance(bound.field.widget, forms.SelectMultiple):
        params["attributes"]["multiple"] = "multiple"
    elif not bound.field.required and all(item["value"] for item in items):
        items.insert(
            0, {"value": "", "text": "Any" if _is_filter(bound) else "", "selected": not _chosen(bound)}
        )
    return components.render("select", {**params, "items": items})


def _is_filter(bound: BoundField) -> bool:
    return getattr(bound.form, "is_filter", False)


def _day(bound: BoundField, options: dict[str, Any]) -> SafeString:
    base = bound.auto_id or bound.html_name
    at_fault = " govuk-input--error" if bound.errors else ""
    # A date of birth is the one kind that browsers can fill in.
    birthday = (options.get("autocomplete") or bound.field.widget.attrs.get("autocomplete")) == "bday"
    items = [
        {
            "id": f"{base}_{part}",
            "name": f"{bound.html_name}_{part}",
            "label": part.capitalize(),
            "value": value,
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{at_fault}",
            "autocomplete": f"bday-{part}" if birthday else None,
        }
        for part, value in zip(PARTS, DayInput.parts_of(bound.value()), strict=True)
    ]
    return components.render("date-input", {
        "id": base,
        "fieldset": _fieldset(bound, options),
        "hint": _hint(bound, options),
        "errorMessage": _error(bound),
        "items": items,
    })  # fmt: skip


def conflict_html(conflict: Iterable[tuple[str, str, str]]) -> SafeString:
    """The rows of the table that shows what you typed beside what stands there now."""
    cell = '<td class="govuk-table__cell shield-version">{}</td>'
    row = (
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{{}}</th>{cell}{cell}</tr>'
    )
    return format_html_join(
        "", row, ((label, yours or "Empty", theirs or "Empty") for label, yours, theirs in conflict)
    )


def error_summary_html(*given: BaseForm | BaseFormSet[Any] | None) -> SafeString:
    """The summary of all errors of one or several forms; nothing when there are none."""
    listed = [error for form in given if form is not None for error in summary_errors(form)]
    if not listed:
        return mark_safe("")
    return components.render("error-summary", {"titleText": "There is a problem", "errorList": listed})
