"""Every component in every state, on one page: for whoever writes pages and checks how they look."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest

from shield.kernel.design import forms
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules.series import GroupedBars, Series

KINDS = [("board", "Board meeting"), ("group", "Working group"), ("other", "Something else")]


class EveryField(forms.ShieldForm):
    """One field of each kind."""

    reveals = {("kind", "other"): ["other_kind"]}

    title = forms.PlainTextField(
        label="Title", missing="Enter the title of the meeting", help_text="As it will stand on the agenda"
    )
    reference = forms.PlainTextField(label="Reference", required=False, width=10, max_length=20)
    notes = forms.PlainTextField(
        label="Notes", missing="Enter your notes", multiline=True, help_text="Do not name children"
    )
    summary = forms.PlainTextField(
        label="Summary", missing="Enter a summary", multiline=True, count=True, max_length=200, rows=3
    )
    email = forms.EmailField(label="Email address", missing="Enter an email address")
    password = django_forms.CharField(label="Password", widget=django_forms.PasswordInput)
    people = forms.WholeNumberField(
        label="How many people came",
        missing="Enter how many people came",
        min_value=0,
        max_value=5000,
        suffix="people",
    )
    cost = forms.PoundsField(label="Cost", missing="Enter what it cost")
    starts = forms.TimeOfDayField(
        label="Start time", missing="Enter the start time", help_text="For example, 9:30am"
    )
    held_on = forms.DayField(
        label="When was it held?",
        missing="Enter the date of the meeting",
        noun="The date of the meeting",
        help_text="For example, 29 7 2019",
    )
    place = forms.OneOfField(
        [("", "Select a place"), ("hall", "Town hall"), ("online", "Online")],
        look="select",
        label="Place",
        missing="Select where it was held",
    )
    kind = forms.OneOfField(
        KINDS,
        label="What kind of meeting was it?",
        missing="Select what kind of meeting it was",
        hints={"group": "For example, the practice group"},
    )
    other_kind = forms.PlainTextField(label="What kind?", required=False, width=20)
    agencies = forms.SeveralOfField(
        [("police", "Police"), ("health", "Health"), ("council", "Council")],
        label="Who was there?",
        missing="Select who was there",
        help_text="Select all that apply",
    )
    quorate = forms.YesNoField(label="Was it quorate?", missing="Select yes if it was quorate")
    agreed = forms.TickField(
        label="I have checked the minutes", missing="Confirm that you have checked the minutes"
    )
    minutes = forms.UploadField(
        label="Minutes", missing="Choose the file of the minutes", accept=".pdf,.docx"
    )


class OneField(forms.ShieldForm):
    """As small as a form can be."""

    title = forms.PlainTextField(label="Title", missing="Enter the title of the meeting")


class Narrow(forms.FilterForm):
    """Filters as a list has them."""

    words = forms.PlainTextField(label="Words", max_length=100)
    state = forms.OneOfField(
        [("open", "Open"), ("late", "Late"), ("done", "Done")], look="select", label="State"
    )


COLUMNS = (
    Column(key="title", label="Action", sort=True, href=lambda row: f"#action-{row['number']}"),
    Column(key="owner", label="Owner", sort=True),
    Column(key="due_on", label="Due", sort=True),
    Column(
        key="state",
        label="State",
        tone=lambda row: {"Late": "late", "Done": "good"}.get(row["state"], "info"),
    ),
    Column(key="steps", label="Steps", sort=True, numeric=True),
)


def _actions() -> list[dict[str, Any]]:
    states = ("Late", "Done", "On course")
    return [
        {
            "number": number,
            "title": f"Write down who does what, part {number}",
            "owner": ("Police", "Health", "Council", None)[number % 4],
            "due_on": date(2019, 7, 29) + timedelta(days=number * 3),
            "state": states[number % 3],
            "steps": number * 137 % 1500,
        }
        for number in range(1, 61)
    ]


def _clashing_form() -> OneField:
    typed = {"clash-title": "Board, July", "clash-once": "kept", "clash-version": "3"}
    form = OneField(typed, version=3, prefix="clash")
    form.clash_with({"title": "Board meeting of 29 July"}, version=4)
    return form


def _chart() -> GroupedBars:
    return GroupedBars(
        key="showcase",
        title="Actions finished, by quarter",
        labels=("April to June", "July to September", "October to December"),
        series=(Series(name="In time", values=(12, 9, 14)), Series(name="Late", values=(3, 5, 1))),
    )


def _timeline() -> list[dict[str, Any]]:
    return [
        {
            "date": date(2019, 7, 29),
            "title": "Notified",
            "body": "The notification arrived.",
            "href": "#notified",
        },
        {"date": datetime(2019, 8, 1, 15, 5, tzinfo=UTC), "title": "Looked at", "tone": "info"},
        {"date": date(2019, 8, 19), "title": "Rapid review due", "tone": "late", "tag": "Overdue"},
        {"date": "Not yet dated", "title": "Published", "tone": "good"},
    ]


def components_context(request: HttpRequest) -> dict[str, Any]:
    """Everything that design/components.html shows."""
    return {
        "page_title": "Components",
        "breadcrumbs": [("Home", "#home"), ("Staff", "#staff"), ("Components", "")],
        "blank_form": EveryField(version=1, prefix="blank"),
        "wrong_form": EveryField({"wrong-held_on_day": "29", "wrong-held_on_month": "2"}, prefix="wrong"),
        "clash_form": _clashing_form(),
        "filter_form": Narrow(request.GET or None),
        "table": Table(
            _actions(),
            COLUMNS,
            request.GET,
            caption="Actions of the board",
            default_sort="due_on",
            page_size=10,
        ),
        "empty_table": Table(
            [],
            COLUMNS,
            request.GET,
            caption="Actions of nobody",
            name="none",
            empty="No actions yet.",
            empty_hint="Actions come from decisions of a meeting.",
            empty_href="#decide",
            empty_link="Record a decision",
        ),
        "nothing_found": Table(
            [], COLUMNS, request.GET, caption="Actions found", name="found", filtered=True
        ),
        "facts": [
            ("Name", "Board meeting", "#change-name"),
            ("Held on", date(2019, 7, 29), "#change-date"),
            {"key": "State", "value": "Overdue", "tone": "late"},
            ("Agencies", ["Police", "Health", "Council"]),
            ("Minutes", None, "#add-minutes"),
        ],
        "timeline_items": _timeline(),
        "tasks": [
            {"title": "Agree the terms of reference", "href": "#terms", "status": "Completed"},
            {
                "title": "Name a chair",
                "href": "#chair",
                "status": "Overdue",
                "tone": "late",
                "hint": "By 29 July 2019",
            },
            {"title": "Set the first date", "status": "Cannot start yet"},
        ],
        "tab_items": [
            {"label": "Facts", "id": "facts-tab", "template": "design/showcase_tab.html"},
            {"label": "History", "id": "history-tab", "html": "Nothing has happened yet."},
        ],
        "figures": [
            (4, "meetings held"),
            (1204, "people trained"),
            {"value": 3, "label": "actions late", "tone": "late"},
        ],
        "chart_example": _chart(),
        "tones": ["neutral", "info", "good", "attention", "late"],
    }
