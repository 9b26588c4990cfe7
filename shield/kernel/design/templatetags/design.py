"""`{% load design %}`: the parts of a page, as templates write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from shield.kernel.design.forms import rendering
from shield.kernel.design.rules import components, values

register = template.Library()

register.filter("day", values.day)
register.filter("day_short", values.day_short)
register.filter("moment", values.moment)
register.filter("shown", values.shown)


@register.filter
def plural(amount: int, words: str) -> str:
    """`{{ 3|plural:"action" }}` gives "3 actions"; `{{ n|plural:"enquiry,enquiries" }}` names both."""
    one, _, many = words.partition(",")
    return values.count(int(amount or 0), one, many)


# --- Forms


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """One field: `{% field form.title width=20 hint="..." label_size="m" %}`."""
    return rendering.field_html(bound, **options)


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """All fields of a form, the hidden ones too."""
    return rendering.form_html(form)


@register.simple_tag
def hidden_fields(form: BaseForm) -> SafeString:
    """The hidden fields, for a page that places the others itself."""
    return rendering.hidden_fields_html(form)


@register.simple_tag
def error_summary(*forms: BaseForm | BaseFormSet[Any] | None) -> SafeString:
    """The summary at the top of a page, of one or several forms; and both versions when two people edited."""
    summary = rendering.error_summary_html(*forms)
    clashes = [clash for form in forms for clash in (getattr(form, "conflict", None) or ())]
    if not clashes:
        return summary
    table = render_to_string("design/conflict.html", {"clashes": clashes})
    return format_html("{}{}", summary, mark_safe(table))  # noqa: S308 - rendered by a template


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """ "Error: " before the page's title when a form on the page has errors."""
    for value in context.flatten().values():
        given = value if isinstance(value, list | tuple) else [value]
        for form in given:
            if isinstance(form, BaseForm | BaseFormSet) and next(rendering.summary_errors(form), None):
                return "Error: "
    return ""


@register.inclusion_tag("design/filter_bar.html")
def filter_bar(form: BaseForm, button: str = "Show", clear_href: str = "?") -> dict[str, Any]:
    """A form of filters above a list, sent by GET."""
    chosen = bool(getattr(form, "chosen", {})) if form.is_bound else False
    return {"form": form, "button_text": button, "clear_href": clear_href, "chosen": chosen}


@register.simple_tag
def button(
    text: str, variant: str = "", href: str = "", name: str = "", value: str = "", **more: Any
) -> SafeString:
    """A button that cannot be pressed twice by mistake, or a link that looks like one.

    Variants: secondary, warning, link (looks like a link), start.
    """
    if variant == "link":
        return _link_button(text, href, name, value)
    if variant not in ("", "secondary", "warning", "start"):
        raise ValueError(f"There is no button of the variant {variant!r}.")
    params: dict[str, Any] = {
        "text": text,
        "href": href or None,
        "name": name or None,
        "value": value or None,
        "classes": f"govuk-button--{variant}" if variant in ("secondary", "warning") else None,
        "isStartButton": True if variant == "start" else None,
        "preventDoubleClick": None if href else True,
        "disabled": True if more.pop("disabled", False) else None,
        "type": more.pop("type", None),
    }
    attributes = {key.replace("_", "-"): given for key, given in more.items()}
    return components.render("button", {**params, "attributes": attributes or None})


def _link_button(text: str, href: str, name: str, value: str) -> SafeString:
    if href:
        return format_html('<a class="govuk-link" href="{}">{}</a>', href, text)
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button type="submit" class="shield-link-button" data-module="govuk-button" '
        'data-prevent-double-click="true"{}>{}</button>',
        named,
        text,
    )


# --- Words on a page


@register.simple_tag
def tag(text: object, tone: str = "neutral") -> SafeString:
    """A state in words. Tones: neutral, good, attention, late, info."""
    return components.tag(text, tone)


@register.simple_tag
def notification(text: str, heading: str = "Important", tone: str = "") -> SafeString:
    """A banner about something that happened: tone "good" for success, "problem" for a failure."""
    params: dict[str, Any] = {"text": text, "titleText": heading}
    if tone == "good":
        params |= {"type": "success", "titleText": heading if heading != "Important" else "Done"}
    elif tone == "problem":
        params |= {"classes": "shield-notification--problem", "role": "alert"}
    elif tone:
        raise ValueError(f"There is no tone {tone!r} for a notification: good or problem.")
    return components.render("notification-banner", params)


@register.simple_tag(takes_context=True)
def message_banners(context: Context) -> SafeString:
    """What the last act left to say (django.contrib.messages), each as a banner."""
    made = []
    for number, message in enumerate(context.get("messages") or (), start=1):
        tone = {"success": "good", "error": "problem"}.get(str(message.level_tag), "")
        heading = {"problem": "There is a problem", "good": "Done"}.get(tone, "Important")
        banner = notification(str(message), heading, tone)
        # Several banners must not share the id of their titles.
        made.append(banner.replace("govuk-notification-banner-title", f"message-{number}-title"))
    return mark_safe("\n".join(made))  # noqa: S308 - made of escaped components


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """`{% inset %}...{% endinset %}`: text set apart."""
    return components.render("inset-text", {"html": content})


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:
    """`{% details "Why we ask" %}...{% enddetails %}`: text that opens when asked for."""
    return components.render("details", {"summaryText": summary, "html": content, "open": open or None})


@register.simple_tag
def panel(title: str, body: str = "") -> SafeString:
    """The end of a task: what was done, and its reference."""
    return components.render("panel", {"titleText": title, "text": body or None})


@register.simple_tag
def warning_text(text: str) -> SafeString:
    """A warning that must not be missed."""
    return components.render("warning-text", {"text": text, "iconFallbackText": "Warning"})


@register.simple_tag
def empty(text: str, hint: str = "", href: str = "", link: str = "") -> SafeString:
    """An empty state: what is not there, and what to do about it."""
    return mark_safe(  # noqa: S308 - rendered by a template
        render_to_string(
            "design/empty.html", {"text": text, "hint": hint, "href": href, "link": link or hint}
        )
    )


# --- Lists


def _entry(item: Any, *names: str) -> dict[str, Any]:
    """An item given as a mapping, as a tuple in the order of `names`, or as an object."""
    if isinstance(item, Mapping):
        return dict(item)
    if isinstance(item, list | tuple) and not hasattr(item, "_fields"):
        return dict(zip(names, item, strict=False))
    return {name: getattr(item, name) for name in names if hasattr(item, name)}


@register.simple_tag
def summary_list(rows: Iterable[Any], title: str = "", borders: bool = True) -> SafeString:
    """A record's facts. Rows: `(label, value)`, `(label, value, change_href)`, or mappings with key,
    value, href (links the value), tone (shows it as a tag), change_href, change_text."""
    made = []
    for row in rows:
        item = _entry(row, "key", "value", "change_href", "change_text")
        params: dict[str, Any] = {"key": {"text": item["key"]}, "value": {"html": _fact(item)}}
        if item.get("change_href"):
            hidden = str(item["key"]).lower()
            link = {"href": item["change_href"], "text": item.get("change_text") or "Change"}
            params["actions"] = {"items": [{**link, "visuallyHiddenText": hidden}]}
        made.append(params)
    card = {"title": {"text": title}} if title else None
    classes = None if borders else "govuk-summary-list--no-border"
    return components.render("summary-list", {"rows": made, "card": card, "classes": classes})


def _fact(item: Mapping[str, Any]) -> SafeString:
    value = item.get("value")
    if value is None or value == "" or value == []:
        return format_html('<span class="shield-blank">{}</span>', values.NOT_RECORDED)
    if isinstance(value, list | tuple) and len(value) > 1:
        lines = mark_safe("".join(format_html("<li>{}</li>", _written(each)) for each in value))  # noqa: S308
        return format_html('<ul class="govuk-list">{}</ul>', lines)
    written = _written(value)
    if item.get("tone"):
        written = components.tag(written, item["tone"])
    # Line ends as markup, since components indent what they are given.
    written = SafeString(written.replace("\n", "<br>"))
    if item.get("href"):
        return format_html('<a class="govuk-link" href="{}">{}</a>', item["href"], written)
    return written


def _written(value: Any) -> SafeString:
    return SafeString(conditional_escape(value if hasattr(value, "__html__") else values.shown(value)))


@register.simple_tag
def breadcrumbs(items: Sequence[Any], home: str = "") -> SafeString:
    """The way here from home: `(text, href)` each; the last one may have no address. A page without one shows none."""
    entries = [_entry(item, "text", "href") for item in items or ()]
    if entries and home:
        entries = [{"text": "Home", "href": home}, *entries]
    made = [{"text": each["text"], "href": each.get("href") or None} for each in entries]
    return (
        components.render("breadcrumbs", {"items": made, "collapseOnMobile": True})
        if made
        else SafeString("")
    )


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Any, label: str = "Pages") -> SafeString:
    """Links to the pages of a `Table` or of a Django `Page`; nothing when there is one page."""
    if isinstance(page, Page):
        request = context.get("request")
        page = _DjangoPages(page, request.GET.copy() if request else {})
    if page.page_count <= 1:
        return SafeString("")
    items = [
        {"number": each.number, "href": each.href, "current": each.current or None}
        if each.number
        else {"ellipsis": True}
        for each in page.pages
    ]
    params = {
        "items": items,
        "landmarkLabel": label,
        "previous": {"href": page.previous_href} if page.previous_href else None,
        "next": {"href": page.next_href} if page.next_href else None,
    }
    return components.render("pagination", params)


class _DjangoPages:
    """A page of Django's paginator, answering as a Table does."""

    def __init__(self, page: Page[Any], params: Any) -> None:
        from shield.kernel.design.queries import Table

        params["page"] = str(page.number)
        self._table = Table(range(page.paginator.count), (), params, caption="")
        self._table.page_size = page.paginator.per_page

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: Iterable[Any], label: str = "Contents") -> SafeString:
    """Tabs; without JavaScript a list of links and the panels below each other.

    Items: mappings with label, id, and either html (safe text) or template (rendered with the page's
    context).
    """
    made = []
    for item in items:
        entry = _entry(item, "label", "id", "html", "template")
        content = entry.get("html") or ""
        if entry.get("template"):
            given: dict[str, Any] = {str(key): value for key, value in context.flatten().items()}
            content = render_to_string(entry["template"], given, context.get("request"))
        panel = {"html": conditional_escape(content)}
        made.append({"label": entry["label"], "id": entry["id"], "panel": panel})
    return components.render("tabs", {"items": made, "title": label})


@register.inclusion_tag("design/timeline.html")
def timeline(items: Iterable[Any], heading_level: int = 3) -> dict[str, Any]:
    """What happened when: mappings or objects with date, title, body, href, tone, tag."""
    entries = [_entry(item, "date", "title", "body", "href", "tone", "tag") for item in items]
    return {"items": entries, "level": heading_level}


@register.simple_tag
def task_list(items: Iterable[Any], id_prefix: str = "task") -> SafeString:
    """Things to do: mappings with title, href, hint, status, tone (without it the status is plain text)."""
    made = []
    for item in items:
        entry = _entry(item, "title", "href", "hint", "status", "tone")
        status: dict[str, Any] = {"text": entry.get("status") or ""}
        if entry.get("tone"):
            status = {"tag": {"text": entry["status"], "classes": components.tone_class(entry["tone"])}}
        hint = {"text": entry["hint"]} if entry.get("hint") else None
        made.append(
            {"title": {"text": entry["title"]}, "href": entry.get("href"), "hint": hint, "status": status}
        )
    return components.render("task-list", {"items": made, "idPrefix": id_prefix})


@register.inclusion_tag("design/figures.html")
def key_figures(items: Iterable[Any]) -> dict[str, Any]:
    """A row of numbers with what they count: `(value, label)` or mappings with value, label, href, tone."""
    return {"items": [_entry(item, "value", "label", "href", "tone") for item in items]}


@register.inclusion_tag("design/results.html")
def results(items: Iterable[Any], start: int = 1) -> dict[str, Any]:
    """What a search found: mappings with title and text in pieces (each with text and marked), href, label, note."""
    return {
        "items": [_entry(item, "title", "text", "href", "label", "note") for item in items],
        "start": start,
    }


@register.inclusion_tag("design/narrow.html")
def narrow(items: Iterable[Any], label: str) -> dict[str, Any]:
    """Links that narrow a list down, each with how much it leaves: mappings with text, count, href, current."""
    return {"items": [_entry(item, "text", "count", "href", "current") for item in items], "label": label}


# --- Tables and drawings


@register.inclusion_tag("design/table.html", takes_context=True)
def data_table(context: Context, table: Any) -> dict[str, Any]:
    """A `queries.Table`: headings, rows, pages and the file."""
    return {"table": table, "request": context.get("request")}


@register.inclusion_tag("design/figure.html")
def chart(chart: Any, caption: str = "", open: bool = False, narrow: bool = False) -> dict[str, Any]:
    """A chart with its data. Takes svg, columns, rows; and title, svg_narrow, number_columns if there.

    `narrow` for a chart that stands in a narrow column on any screen.
    """
    shown = _figure(chart, caption, open)
    return (
        {**shown, "svg": shown["svg_narrow"], "svg_narrow": ""} if narrow and shown["svg_narrow"] else shown
    )


@register.inclusion_tag("design/figure.html")
def drawing(drawing: Any, caption: str = "", open: bool = False) -> dict[str, Any]:
    """A drawing (a map of links, a path) with what it says in a table."""
    return _figure(drawing, caption, open)


def _figure(given: Any, caption: str, is_open: bool) -> dict[str, Any]:
    numeric: frozenset[int] = getattr(given, "number_columns", frozenset())
    columns = [(name, number in numeric) for number, name in enumerate(given.columns)]
    rows = [[(cell, number in numeric) for number, cell in enumerate(row)] for row in given.rows]
    return {
        "title": getattr(given, "title", ""),
        "note": caption,
        "svg": mark_safe(given.svg),  # noqa: S308 - drawn by rules/, every text in it escaped
        "svg_narrow": mark_safe(getattr(given, "svg_narrow", "")),  # noqa: S308 - likewise
        "columns": columns,
        "rows": rows,
        "open": is_open,
    }
