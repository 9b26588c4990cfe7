"""The parts of a page: words, lists, banners, the frame around them, and the page that shows them all."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from shield.kernel.design import views
from shield.kernel.design.rules import values


def shown(template: str, **context: object) -> str:
    return Template("{% load design %}" + template).render(Context(context))


@pytest.fixture
def page():
    request = RequestFactory().get("/components")
    context = {**views.components_context(request), "site": SITE}
    return render_to_string("design/components.html", context, request)


SITE = {
    "product": "Shield",
    "partnership_name": "Example Partnership",
    "nav": [
        {"text": "Meetings", "href": "/m", "current": True},
        {"text": "Reviews", "href": "/r", "current": False},
    ],
    "person_name": "Ama Boateng",
    "sign_out_url": "/out",
    "is_demo": True,
    "today_text": "4 November 2019",
}


@pytest.mark.parametrize(
    ("value", "day", "short", "moment"),
    [
        (date(2019, 7, 29), "29 July 2019", "29 Jul 2019", "29 July 2019"),
        # British summer time: an hour ahead of what is stored, and so perhaps the next day.
        (datetime(2019, 7, 29, 15, 5, tzinfo=UTC), "29 July 2019", "29 Jul 2019", "29 July 2019 at 4:05pm"),
        (datetime(2019, 7, 29, 23, 30, tzinfo=UTC), "30 July 2019", "30 Jul 2019", "30 July 2019 at 12:30am"),
        (datetime(2019, 1, 2, 9, 0, tzinfo=UTC), "2 January 2019", "2 Jan 2019", "2 January 2019 at 9am"),
        (datetime(2019, 1, 2, 12, 0, tzinfo=UTC), "2 January 2019", "2 Jan 2019", "2 January 2019 at midday"),
        (
            datetime(2019, 1, 2, 0, 0, tzinfo=UTC),
            "2 January 2019",
            "2 Jan 2019",
            "2 January 2019 at midnight",
        ),
        (None, "", "", ""),
        ("", "", "", ""),
    ],
)
def test_dates_as_people_in_england_write_them(value, day, short, moment):
    assert shown("{{ v|day }}/{{ v|day_short }}/{{ v|moment }}", v=value) == f"{day}/{short}/{moment}"


def test_amounts_with_their_noun():
    assert shown('{{ 1|plural:"action" }}, {{ 1204|plural:"action" }}') == "1 action, 1,204 actions"
    assert shown('{{ 2|plural:"enquiry,enquiries" }}, {{ none|plural:"row" }}') == "2 enquiries, 0 rows"


def test_values_of_any_kind():
    assert values.shown(True) == "Yes"
    assert values.shown(1234.5) == "1,234.5"
    assert values.shown([date(2019, 7, 29), None]) == "29 July 2019, "


def test_buttons_cannot_be_pressed_twice_by_mistake():
    assert 'data-prevent-double-click="true"' in shown('{% button "Save" %}')
    assert 'data-prevent-double-click="true"' in shown('{% button "Remove" variant="link" %}')
    assert "govuk-button--warning" in shown('{% button "Close" variant="warning" %}')
    assert 'role="button"' in shown('{% button "Begin" variant="start" href="/x" %}')
    named = shown('{% button "Save a draft" name="act" value="draft" %}')
    assert 'name="act"' in named
    assert 'value="draft"' in named
    with pytest.raises(ValueError, match="no button"):
        shown('{% button "Save" variant="loud" %}')


def test_facts_are_written_linked_tagged_and_escaped():
    rows = [
        ("Name", "<b>"),
        ("Held on", date(2019, 7, 29), "/change"),
        {"key": "State", "value": "Overdue", "tone": "late"},
        {"key": "Chair", "value": "Office of the chair", "href": "/chair"},
        ("Agencies", ["Police", "Health"]),
        ("Minutes", None),
        ("Notes", "one\ntwo"),
    ]
    html = shown("{% summary_list rows %}", rows=rows)
    assert "&lt;b&gt;" in html
    assert "29 July 2019" in html
    assert re.search(r'href="/change">\s*Change<span class="govuk-visually-hidden"> held on</span>', html)
    assert "shield-tag--late" in html
    assert '<a class="govuk-link" href="/chair">Office of the chair</a>' in html
    assert "<li>Police</li><li>Health</li>" in html
    assert "Not recorded" in html
    assert "one<br>two" in html


def test_messages_become_banners_with_ids_of_their_own():
    messages = [
        type("Message", (), {"level_tag": tag, "__str__": lambda _: "<said>"})()
        for tag in ("success", "error", "info")
    ]
    html = shown("{% message_banners %}", messages=messages)
    assert html.count("&lt;said&gt;") == 3
    assert 'id="message-1-title"' in html
    assert 'id="message-3-title"' in html
    assert "There is a problem" in html
    assert shown("{% message_banners %}") == ""


def test_blocks_of_text():
    assert "<strong>" in shown("{% inset %}<strong>x</strong>{{ y }}{% endinset %}", y="<i>")
    assert "&lt;i&gt;" in shown("{% inset %}{{ y }}{% endinset %}", y="<i>")
    html = shown('{% details "Why" %}Because {{ y }}{% enddetails %}', y="<i>")
    assert "&lt;i&gt;" in html
    assert "Why" in html


def test_a_timeline_is_a_list_in_order():
    html = shown(
        "{% timeline items heading_level=2 %}",
        items=[{"date": date(2019, 7, 29), "title": "<b>", "tone": "late"}],
    )
    assert "<ol" in html
    assert "29 July 2019" in html
    assert "&lt;b&gt;</h2>" in html
    assert "shield-timeline__item--late" in html


def test_django_pages_are_paged_too():
    request = RequestFactory().get("/", {"q": "x", "page": "2"})
    page = Paginator(list(range(100)), 10).page(2)
    html = shown("{% pagination page %}", page=page, request=request)
    assert 'href="?q=x&amp;page=3"' in html
    assert 'aria-current="page"' in html
    assert shown("{% pagination page %}", page=Paginator([1], 10).page(1), request=request) == ""


def test_a_chart_has_its_data_beside_it():
    chart = SimpleNamespace(
        title="Late", svg="<svg></svg>", columns=("Quarter", "Late"), rows=(("<April>", 3),)
    )
    html = shown("{% chart chart %}", chart=chart)
    assert "<svg></svg>" in html
    assert '<th scope="row" class="govuk-table__header">&lt;April&gt;</th>' in html
    assert "<figcaption" in html


def test_the_frame_of_a_page(page):
    assert "<title>Error: Components – Example Partnership – Shield</title>" in page
    assert 'href="#main-content" class="govuk-skip-link"' in page
    assert '<form method="post" action="/out">' in page
    assert "Today is 4 November 2019" in page
    assert page.count("<h1") >= 1


def test_a_page_needs_nothing_of_the_site():
    html = render_to_string("design/page.html", {"page_title": "Hello"})
    assert "<title>Hello – Shield</title>" in html
    assert '<h1 class="govuk-heading-l">Hello</h1>' in html
    assert "Sign out" not in html


def test_nothing_on_a_page_needs_a_looser_security_policy(page):
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", page)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page))


def test_no_id_is_there_twice(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    twice = {each for each in ids if ids.count(each) > 1}
    # The page shows two summaries and the same facts twice, which no real page does.
    assert twice <= {"error-summary-title", "govuk-notification-banner-title"}


def test_the_components_page_can_be_sorted_and_filtered():
    request = RequestFactory().get("/components", {"sort": "-steps", "words": "x", "page": "nonsense"})
    html = render_to_string("design/components.html", views.components_context(request), request)
    assert 'aria-sort="descending"' in html
