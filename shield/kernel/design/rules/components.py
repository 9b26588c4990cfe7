"""Components of the GOV.UK Design System, rendered from plain values through one Jinja environment.

The environment is made once and never looks at the files again: made anew for each component it costs a
hundred times as much. Text given as a plain string is escaped; text that Django marked as safe is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, get_args

import jinja2
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

Tone = Literal["neutral", "good", "attention", "late", "info"]
TONES: frozenset[str] = frozenset(get_args(Tone))


@cache
def environment() -> jinja2.Environment:
    """The one environment of all components."""
    return jinja2.Environment(
        loader=jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        auto_reload=False,
        undefined=jinja2.ChainableUndefined,
    )


@cache
def _macro(component: str) -> Any:
    template = environment().get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    return getattr(template.module, name)


def _plain(value: Any) -> Any:
    """Drop what is None (the macros ask whether a value is there at all) and settle lazy text."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Promise) else value


def as_given(component: str, params: Mapping[str, Any]) -> SafeString:
    """Render a component by the Design System's name for it and with exactly the parameters given."""
    return mark_safe(str(_macro(component)(params)).strip())  # noqa: S308 - the macros escape


def render(component: str, params: Mapping[str, Any]) -> SafeString:
    """Render a component; parameters that are None are as if they had not been given."""
    return as_given(component, _plain(params))


def tone_class(tone: str | None) -> str:
    """The class that gives a tag its colour; an unknown tone is a mistake of the page's author."""
    if not tone or tone == "neutral":
        return ""
    if tone not in TONES:
        raise ValueError(f"There is no tone {tone!r}: the tones are {', '.join(sorted(TONES))}.")
    return f"shield-tag--{tone}"


def tag(text: object, tone: str | None = None) -> SafeString:
    """A state in words, with a colour that repeats it."""
    # On one line, so that it can stand inside text that keeps its line ends.
    return mark_safe(" ".join(render("tag", {"text": text, "classes": tone_class(tone)}).split()))  # noqa: S308


def page_numbers(current: int, last: int) -> Sequence[int | None]:
    """The pages that a pagination shows: the first, the last, the neighbours; None stands for a gap."""
    shown = sorted({1, last, *range(max(1, current - 1), min(last, current + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        before = next((each for each in reversed(numbers) if each is not None), 0)
        if number - before == 2:
            numbers.append(number - 1)
        elif number - before > 2:
            numbers.append(None)
        numbers.append(number)
    return numbers
