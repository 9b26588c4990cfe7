"""A document is kept as data and comes back the same; what cannot be a document is refused in words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.kernel.documents.rules import numbering, serial
from shield.kernel.documents.rules.blocks import (
    Block,
    BlockError,
    Bullets,
    Callout,
    ChartBlock,
    Column,
    Document,
    FigureText,
    Heading,
    Item,
    Link,
    Paragraph,
    Quote,
    Table,
    Text,
    row,
    runs,
)
from shield.kernel.documents.tests import samples

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=20)
filled = words.filter(lambda text: text.strip())
a_run = st.one_of(
    st.builds(Text, words, st.booleans(), st.booleans()),
    st.builds(Link, filled, st.just("https://example.org/a?b=c#d")),
    st.builds(FigureText, words, words, st.sampled_from(["", "/kent/figures/x/"])),
)
a_line = st.lists(a_run, max_size=4).map(tuple)
a_paragraph = st.builds(Paragraph, a_line, st.sampled_from(["body", "lead", "small", "note"]))
a_list = st.lists(st.builds(Item, a_line, st.lists(a_line, max_size=2).map(tuple)), max_size=3).map(tuple)
a_table = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        Table,
        filled,
        st.lists(st.builds(Column, filled), min_size=width, max_size=width).map(tuple),
        st.lists(st.lists(a_line, min_size=width, max_size=width).map(tuple), max_size=3).map(tuple),
        words,
    )
)
a_block: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, st.just(1), filled),
    a_paragraph,
    st.builds(Bullets, a_list),
    a_table,
    st.builds(Quote, a_line, words),
    st.builds(Callout, filled, st.lists(a_paragraph, max_size=2).map(tuple)),
)
a_document = st.builds(
    Document,
    title=filled,
    organisation=filled,
    blocks=st.lists(a_block, max_size=5).map(tuple),
    published=st.one_of(st.none(), st.dates()),
)


@settings(deadline=None, max_examples=60, database=None)
@given(a_document)
def test_every_document_comes_back_from_its_data_as_it_was(document):
    assert serial.from_data(json.loads(json.dumps(serial.to_data(document)))) == document


def test_the_document_with_everything_comes_back_too_charts_and_all():
    document = samples.whole()
    assert serial.from_data(json.loads(json.dumps(serial.to_data(document)))) == document


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "poem"}, "unknown block type 'poem'"),
        ({"type": "text", "text": "x"}, "cannot stand here"),
        ({"type": "paragraph"}, "lacks 'runs'"),
        ({"type": "paragraph", "runs": [], "colour": "red"}, "no part 'colour'"),
        ({"type": "paragraph", "runs": [], "style": "loud"}, "none of body, lead, small, note"),
        ({"type": "paragraph", "runs": "words"}, "a list is needed"),
        ({"type": "heading", "level": "1", "text": "x"}, "is not a int"),
        ({"type": "heading", "level": True, "text": "x"}, "is not a int"),
        ({"type": "paragraph", "runs": [{"type": "text", "text": "a\x00"}]}, "null byte"),
        ({"type": "paragraph", "runs": [{"type": "link", "text": "a", "href": "javascript:x"}]}, "http"),
        ("words", "no block"),
    ],
)
def test_data_that_is_no_document_is_refused_saying_where(change, said):
    data = serial.to_data(samples.whole(foreword=()))
    data["blocks"][0] = change
    with pytest.raises(BlockError, match=said) as refused:
        serial.from_data(data)
    assert "document.blocks[0]" in str(refused.value)


def test_ragged_rows_are_refused_with_the_row():
    with pytest.raises(BlockError, match="row 2 has 1 cell for 2 columns"):
        Table("Actions", (Column("A"), Column("B")), (row("1", "2"), row("3")))


@pytest.mark.parametrize("letter", ["\x00", "\x08", "\x1b", "\ud800", "\ufffe"])
def test_what_cannot_be_printed_is_refused(letter):
    with pytest.raises(BlockError, match="at position 2"):
        Text(f"a{letter}b")


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example", "/\\evil", "data:x", "HTTP ://x", ""]
)
def test_a_link_that_could_run_something_or_leave_unseen_is_refused(href):
    with pytest.raises(BlockError):
        Link("words", href)


def test_levels_of_headings_are_not_left_out():
    with pytest.raises(BlockError, match="level 3 but follows level 1"):
        samples.whole(blocks=(Heading(1, "A"), Heading(3, "B")))


def test_two_charts_with_the_same_key_are_refused():
    chart = samples.every_chart()[0]
    with pytest.raises(BlockError, match="Two charts have the key 'bar'"):
        samples.whole(blocks=(ChartBlock(chart), ChartBlock(chart)))


def test_numbering_counts_tables_and_figures_apart_and_is_safe_to_repeat():
    once = numbering.numbered(samples.whole())
    assert numbering.numbered(once) == once
    assert [block.number for block in once.blocks if isinstance(block, ChartBlock)] == list(range(1, 11))
    assert [block.number for block in once.blocks if isinstance(block, Table)] == [1]
    headings = [(block.number, block.text[:8]) for block in once.blocks if isinstance(block, Heading)]
    assert headings == [("", "Foreword"), ("1", "The year"), ("1.1", "How we w"), ("2", "Audits")]


def test_print_ends_with_the_data_behind_the_charts():
    tables = [
        block
        for block in numbering.numbered(samples.whole(), printed=True).blocks
        if isinstance(block, Table)
    ]
    assert len(tables) == 11
    assert tables[1].caption == "Data for figure 1: Referrals"


def test_headings_of_the_same_words_get_anchors_of_their_own():
    document = samples.whole(
        blocks=(Heading(1, "Audits"), Heading(1, "Audits"), Heading(1, "עברית")), foreword=()
    )
    assert [entry.anchor for entry in numbering.outline(numbering.numbered(document))] == [
        "s-audits",
        "s-audits-2",
        "s-section",
    ]


def test_runs_of_strings_become_text():
    assert runs("a", Link("b", "https://example.org")) == (Text("a"), Link("b", "https://example.org"))
