"""What the tests of pages share: addresses, what a page says, what a browser would send back."""

import html
import re
from datetime import date

from django.urls import reverse


def to(name, record=None):
    return reverse(name, kwargs={"partnership": "testbury", **({"id": record.pk} if record else {})})


def text_of(response):
    assert response.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def hidden(response):
    """The hidden fields of the page's own form, as a browser would send them back."""
    form = response.content.decode().split("<main", 1)[1]
    return dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form))


def day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def meeting_form(page, **more):
    given = {"title": "Partnership Board, 28 October 2019", "sort": "board_meeting", "precision": "day"}
    return {**hidden(page), **given, **day("held_on", date(2019, 10, 28)), **more}
