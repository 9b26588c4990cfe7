"""People write prose in a small part of Markdown; nothing that they write can become markup of a page."""

import pytest

from shield.kernel.documents.exchange import html
from shield.kernel.documents.rules import markdown
from shield.kernel.documents.rules.blocks import (
    BlockError,
    Bullets,
    Document,
    FigureText,
    Heading,
    Item,
    Link,
    Numbered,
    Paragraph,
    Quote,
    Text,
    plain,
)


def test_the_small_part_that_is_understood():
    found = markdown.blocks(
        "# Work\n\nA **b *c*** [d](https://e.org).\n\n- f\n  - g\n    - h\n\n2. i\n\n> j\n> k"
    )
    assert found == (
        Heading(2, "Work"),
        Paragraph(
            (
                Text("A "),
                Text("b ", True),
                Text("c", True, True),
                Text(" "),
                Link("d", "https://e.org"),
                Text("."),
            )
        ),
        Bullets((Item((Text("f"),), ((Text("g"),), (Text("h"),))),)),
        Numbered((Item((Text("i"),)),)),
        Quote((Text("j k"),)),
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](data:text/html,<script>1</script>)",
        "![x](https://e.org/x.png)",
        "<https://e.org/><b>",
        "[x]: javascript:1\n\n[x]",
        "```\n<b>\n```",
        "&lt;script&gt;",
    ],
)
def test_markup_stays_the_text_that_it_is(hostile):
    document = Document(title="T", organisation="O", blocks=markdown.blocks(hostile))
    made = html.fragment(document)
    for tag in ("<script", "<img", "<b>", 'href="javascript', 'href="data'):
        assert tag not in made


def test_a_figure_is_found_by_its_key():
    found = markdown.blocks("Met {{ meetings.held }} times.", figure=lambda key: FigureText("4", key, "/f/"))
    assert found == (Paragraph((Text("Met "), FigureText("4", "meetings.held", "/f/"), Text(" times."))),)


def test_unknown_figures_are_all_named():
    with pytest.raises(markdown.UnknownFigures, match=r"called a\.b, c\.d") as refused:
        markdown.blocks("{{ a.b }} and **{{c.d}}** and {{ a.b }}")
    assert refused.value.keys == ("a.b", "c.d")


def test_a_level_left_out_is_closed_up():
    found = markdown.blocks("### A\n\n###### B\n\n# C")
    assert [block.level for block in found if isinstance(block, Heading)] == [2, 3, 2]


def test_a_null_byte_is_refused():
    with pytest.raises(BlockError, match="null byte"):
        markdown.blocks("a\x00b")


def test_line_ends_of_every_system_are_read_alike():
    found = markdown.blocks("a\r\nb\r\n\r\nc")
    assert [plain(block.runs) for block in found if isinstance(block, Paragraph)] == ["a b", "c"]
