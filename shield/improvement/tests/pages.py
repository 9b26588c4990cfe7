"""Opening pages and sending forms as a person would."""

import html
import re

from django.urls import reverse


def to(name, record=None):
    return reverse(name, kwargs={"partnership": "testbury", **({"id": record.pk} if record else {})})


def about(name, record, **more):
    asked = "&".join(f"{key}={value}" for key, value in {"about": record.ref.as_text(), **more}.items())
    return f"{to(name)}?{asked}"


def text_of(response):
    """The words of a page's main part."""
    assert response.status_code == 200, response.status_code
    main = response.content.decode().split("<main", 1)[1]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def hidden(response):
    form = response.content.decode().split("<main", 1)[1]
    return dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form))


def day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def send(client, address, **given):
    """Open a form as a person would, and send it."""
    return client.post(address, {**hidden(client.get(address)), **given})


def cells(response, caption):
    """The rows of a table, each as a list of the words in its cells."""
    table = response.content.decode().split(f'aria-label="{caption}"', 1)[1].split("</table>", 1)[0]
    rows = re.findall(r"<tr.*?</tr>", table.split("<tbody", 1)[1], re.S)
    return [
        [
            html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", c)).strip())
            for c in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
        ]
        for row in rows
    ]
