"""The Design System's own examples come out as its own renderer makes them."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.safestring import SafeString

from shield.kernel.design.management import build
from shield.kernel.design.rules import components

FIXTURES = build.MODULES / "govuk-frontend" / "dist" / "govuk" / "components"
EXPECTED = 657


class Normal(HTMLParser):
    """HTML as a list of what matters: tags with their attributes in order of name, and words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[object] = []

    def handle_starttag(self, tag, attrs):
        settled = []
        for name, value in attrs:
            value = "" if value is None else value
            if name == "class":
                value = " ".join(value.split())
            settled.append((name, value))
        self.parts.append((tag, sorted(settled)))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        self.parts.append(f"/{tag}")

    def handle_data(self, data):
        words = " ".join(data.split())
        if words:
            self.parts.append(words)


def normal(html: str) -> list[object]:
    parser = Normal()
    parser.feed(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))
    parser.close()
    return parser.parts


def fixtures() -> list[tuple[str, str, dict, str]]:
    found = []
    for path in sorted(FIXTURES.glob("*/fixtures.json")):
        held = json.loads(path.read_text())
        found += [
            (held["component"], each["name"], each["options"], each["html"]) for each in held["fixtures"]
        ]
    return found


def test_every_example_of_the_design_system_is_rendered_as_its_own_renderer_does():
    if not FIXTURES.exists():
        pytest.fail("node_modules is not here: run `python -m shield.kernel.design.management.build` first.")
    every = fixtures()
    different = [
        f"{component}: {name}"
        for component, name, options, html in every
        if normal(components.as_given(component, options)) != normal(html)
    ]
    assert different == []
    assert len(every) == EXPECTED


def test_plain_text_is_escaped_and_safe_text_is_not():
    assert "&lt;b&gt;" in components.render("inset-text", {"text": "<b>"})
    assert "<b>" in components.render("inset-text", {"text": SafeString("<b>")})
    assert "&lt;b&gt;" in components.tag("<b>", "late")


def test_an_unknown_tone_is_a_mistake_of_the_author():
    with pytest.raises(ValueError, match="There is no tone 'crimson'"):
        components.tag("Late", "crimson")


def test_the_environment_is_made_once():
    assert components.environment() is components.environment()
    assert components.environment().auto_reload is False


@pytest.mark.parametrize(
    ("current", "last", "numbers"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (1, 6, [1, 2, None, 6]),
        (3, 5, [1, 2, 3, 4, 5]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (4, 5, [1, 2, 3, 4, 5]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_pages_shown(current, last, numbers):
    assert list(components.page_numbers(current, last)) == numbers


def test_nothing_of_gov_uk_s_own_brand_is_built():
    styles = (Path(build.OUT) / "app.css").read_text()
    assert "Public Sans" in styles
    for banned in ("GDS Transport", "crest", "crown", "assets/images"):
        assert banned not in styles
    assert not list(Path(build.OUT).rglob("favicon*"))
