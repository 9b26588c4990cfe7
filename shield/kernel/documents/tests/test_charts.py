"""Charts are safe to put into any page, say in words what they show, and refuse what they cannot draw."""

from datetime import date
from xml.etree import ElementTree

import pytest

from shield.kernel.design.rules import charts, wording
from shield.kernel.documents.tests import samples

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("chart", samples.every_chart(), ids=lambda chart: chart.key)
@pytest.mark.parametrize("form", ["svg", "svg_narrow", "print"])
def test_a_drawing_is_sound_named_and_self_contained(chart, form):
    drawn = chart.svg_for_print() if form == "print" else getattr(chart, form)
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert root.get("aria-labelledby") == " ".join(ids[:2])
    assert len(ids) == len(set(ids))
    assert root.find(f"{SVG}desc").text == chart.alt
    for each in root.iter():
        assert each.tag.removeprefix(SVG) not in ("script", "style", "image", "use", "foreignObject")
        assert "style" not in each.attrib
        assert not [name for name in each.attrib if name.startswith("on") or "href" in name]


@pytest.mark.parametrize("chart", samples.every_chart(), ids=lambda chart: chart.key)
def test_words_stay_within_the_drawing(chart):
    for drawn, size in ((chart.svg, 640), (chart.svg_narrow, 340)):
        for text in ElementTree.fromstring(drawn).iter(f"{SVG}text"):
            if text.get("transform"):
                continue
            length = wording.width(text.text or "", float(text.get("font-size"))) * 0.85
            left = float(text.get("x")) - {"end": length, "middle": length / 2}.get(
                text.get("text-anchor"), 0
            )
            assert left >= -6, text.text
            assert left + length <= size + 8, text.text


@pytest.mark.parametrize("chart", samples.every_chart(), ids=lambda chart: chart.key)
def test_every_chart_has_its_data_as_a_table_and_in_words(chart):
    assert all(len(cells) == len(chart.columns) for cells in chart.rows)
    assert chart.rows
    assert chart.title in chart.spoken
    assert chart.rows[0][0] in charts.data_table(chart)


def test_words_are_escaped():
    chart = charts.Bars(key="x", title='<b>&"', items=(("</text><script>", 1),))
    assert "<script" not in charts.figure(chart)
    assert "<b>" not in charts.figure(chart)


def test_a_missing_value_is_a_gap_and_never_a_nought():
    lines = samples.every_chart()[4]
    assert lines.rows[1][1] == "No data"
    path = next(
        each for each in ElementTree.fromstring(lines.svg).iter(f"{SVG}path") if "L" not in each.get("d")
    )
    assert path.get("d").count("M") == 2


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: charts.Bars(key="1x", title="T", items=(("a", 1),)), "key"),
        (lambda: charts.Bars(key="x", title="T", items=()), "no values"),
        (lambda: charts.Bars(key="x", title="T", items=(("a", float("nan")),)), "not a number"),
        (lambda: charts.Bars(key="x", title="T\x00", items=(("a", 1),)), "null byte"),
        (
            lambda: charts.Lines(
                key="x", title="T", labels=("a", "b"), series=(charts.Series(name="s", values=(1,)),)
            ),
            "1 values for 2 labels",
        ),
        (lambda: charts.Progress(key="x", title="T", met=0, thin=0, missing=0), "nothing to count"),
        (
            lambda: charts.Timeline(
                key="x",
                title="T",
                starts=date(2019, 1, 1),
                ends=date(2019, 12, 31),
                happenings=(charts.Happening(label="a", lane="b", on=date(2020, 1, 1)),),
            ),
            "outside the span",
        ),
        (
            lambda: charts.Flow(
                key="x",
                title="T",
                stages=("A",),
                nodes=(charts.Node(name="a", stage=0, label="a"),),
                edges=(charts.Edge(source="a", target="b"),),
            ),
            "'b', which is not there",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(build, said):
    with pytest.raises(charts.ChartError, match=said):
        build()


def test_axes_of_counts_have_no_halves():
    assert wording.steps(0, 3) == (0, 1, 2, 3)
    assert wording.steps(0, 0)[-1] >= 1
    assert wording.steps(-5, 5)[0] <= -5
