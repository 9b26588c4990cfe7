"""The web page stands alone, says what somebody wrote and nothing else, and can be heard as well as seen."""

import re
from html.parser import HTMLParser

import pytest

from shield.kernel.documents.exchange import html
from shield.kernel.documents.rules.blocks import Heading, Paragraph, runs
from shield.kernel.documents.tests import samples

VOID = {"meta", "line", "rect", "circle", "path", "br"}


class Outline(HTMLParser):
    """Checks that tags are balanced and collects what the tests ask about."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.levels, self.targets, self.attributes, self.text = [], [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.attributes.extend(values)
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "a" and values["href"].startswith("#"):
            self.targets.append(values["href"][1:])

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(page):
    outline = Outline()
    outline.feed(page)
    outline.close()
    assert not outline.open
    return outline


def test_the_page_is_sound_and_its_outline_can_be_heard():
    outline = read(html.page(samples.whole()))
    assert outline.levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) - {"nowhere"} <= set(outline.ids)


def test_the_page_asks_for_nothing_and_runs_nothing():
    page = html.page(samples.whole())
    outline = read(page)
    assert not {"style", "src", "onclick", "onload"} & set(outline.attributes)
    assert "<script" not in page
    assert "url(http" not in page
    assert "@import" not in page


def test_words_arrive_as_they_were_written():
    page = html.page(samples.whole())
    assert samples.HARD in "".join(read(page).text)
    assert "<b>" not in page


def test_tables_have_captions_scopes_and_regions_that_can_be_reached():
    made = html.fragment(samples.whole())
    assert "Table 1: Actions" in made
    assert made.count('<th scope="row"') >= 60
    assert 'role="region" tabindex="0" aria-label="Table 1' in made


def test_a_chart_comes_with_its_data_and_its_description():
    made = html.fragment(samples.whole())
    assert made.count("<figure") == 10
    assert made.count("<details") == 10
    assert made.count('role="img"') == made.count("</svg>") == 20
    assert "Figure 3: Contacts" in made


def test_a_figure_leads_to_its_page_on_the_site_and_from_a_file_only_if_the_site_is_known():
    assert 'href="/kent/figures/held/"' in html.fragment(samples.whole())
    assert 'href="/kent' not in html.page(samples.whole())
    known = html.page(samples.whole(site="https://shield.example.org"))
    assert 'href="https://shield.example.org/kent/figures/held/"' in known


def test_the_fragment_brings_no_style():
    assert "<style" not in html.fragment(samples.whole())


def test_a_draft_says_so_and_an_issued_document_does_not():
    assert "Draft: not yet issued" in html.page(samples.whole())
    assert "not yet issued" not in html.page(samples.whole(status="Issued"))


@pytest.mark.parametrize("levels", [(1,), (1, 2), (1, 2, 2, 1), (1, 1), (2,)])
def test_the_contents_are_sound_for_every_shape(levels):
    if levels == (2,):
        document = samples.whole(blocks=(Paragraph(runs("No headings.")),), foreword=())
    else:
        document = samples.whole(blocks=tuple(Heading(level, f"H{level}") for level in levels), foreword=())
    read(html.page(document))
