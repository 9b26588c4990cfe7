"""The clock of a request, names found in texts, redaction, and the answer as a document. Plain values only."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.calendar import rules as calendar
from shield.kernel.documents.exchange import html, pdf
from shield.kernel.records.rules import Refused
from shield.kernel.retention.rules import mentions, package, requests
from shield.kernel.retention.rules.mentions import Finder
from shield.kernel.retention.rules.package import Answer, Given

DAYS = calendar.calendar_of(calendar.shipped_holidays())


@pytest.mark.parametrize(
    ("received", "extra", "due"),
    [
        (date(2019, 9, 3), 0, date(2019, 10, 3)),
        (date(2019, 10, 31), 0, date(2019, 12, 2)),  # 30 November is a Saturday
        (date(2019, 11, 25), 0, date(2019, 12, 27)),  # Christmas and Boxing Day
        (date(2019, 1, 31), 0, date(2019, 2, 28)),
        (date(2020, 1, 31), 0, date(2020, 3, 2)),  # 29 February is a Saturday
        (date(2019, 9, 3), 2, date(2019, 12, 3)),
    ],
)
def test_the_answer_is_due_on_the_same_day_of_the_month_that_follows(received, extra, due):
    assert requests.answer_by(received, extra, DAYS) == due


def test_where_bank_holidays_are_not_known_weekends_still_count():
    assert requests.answer_by(date(2099, 1, 31), 0, DAYS) == date(2099, 3, 2)


TODAY = date(2019, 11, 4)


@pytest.mark.parametrize("day", [date(2019, 11, 5), date(2017, 11, 3), date(1066, 10, 14)])
def test_a_request_was_received_lately_and_not_tomorrow(day):
    with pytest.raises(Refused):
        requests.check_received(day, TODAY)
    requests.check_received(TODAY, TODAY)


@pytest.mark.parametrize(
    ("extra", "today", "already", "said"),
    [
        (3, date(2019, 11, 4), 0, "one or two"), (0, date(2019, 11, 4), 0, "one or two"), (1, date(2019, 11, 4), 1, "once"),
        (2, date(2019, 12, 5), 0, "first month"),
    ],
)  # fmt: skip
def test_an_extension_is_of_two_months_at_most_once_and_told_in_time(extra, today, already, said):
    with pytest.raises(Refused, match=said):
        requests.check_extension(extra, date(2019, 12, 4), today, already=already)
    requests.check_extension(2, date(2019, 12, 4), date(2019, 12, 4), already=0)


def test_what_was_released_or_closed_changes_no_more():
    for ended in ("released", "closed"):
        assert not requests.is_open(ended)
        for then in requests.RequestStatus.values:
            with pytest.raises(Refused):
                requests.check_move(ended, then)


@pytest.mark.parametrize(("exemption", "reason"), [("", "Because"), ("whim", "Because"), ("legal", " ")])
def test_an_item_is_withheld_under_an_exemption_and_in_words(exemption, reason):
    with pytest.raises(Refused):
        requests.check_withheld("withhold", exemption, reason)
    requests.check_withheld("withhold", "legal", "Counsel’s advice")
    requests.check_withheld("disclose", "", "")


NAMES = ["Ada Holder", "Zoë O’Neill", "Anne-Marie Jones", "Sam Jones", "Subject Person"]
finder = Finder(NAMES, "Subject Person")


def found(text):
    return {m.name: [text[s:e] for s, e in m.spans] for m in finder.find(text, own=["me@example.org"])}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Holder spoke; ADA  HOLDER left.", {"Ada Holder": ["Ada Holder", "ADA  HOLDER"]}),
        ("zoe o'neill and Zoë O’Neill", {"Zoë O’Neill": ["zoe o'neill", "Zoë O’Neill"]}),
        ("Anne-Marie Jones", {"Anne-Marie Jones": ["Anne-Marie Jones"]}),
        ("Ms Jones rang, then Dr. S. Holder", {"Ms Jones": ["Ms Jones"], "Dr. S. Holder": ["Dr. S. Holder"]}),
        ("Write to ada@example.org, not me@example.org", {"ada@example.org": ["ada@example.org"]}),
        ("Adam Holderness; the holder; jones", {}),
        ("Subject Person and Mr Person", {}),
        ("", {}),
    ],
)
def test_other_people_are_found_and_the_person_themself_is_not(text, expected):
    assert found(text) == expected


def test_nobody_is_found_where_nobody_is_known_but_addresses_are():
    assert Finder([], "").find("Ada Holder, ada@example.org")[0].name == "ada@example.org"
    assert Finder(["", " "], "")._pattern.search("anything") is None


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=200))
def test_a_text_is_folded_letter_by_letter_whatever_it_holds(before, name, after):
    text = before + name + after
    assert len(mentions.flat(text)) == len(text)
    for mention in Finder([name], "").find(text):
        for start, end in mention.spans:
            assert 0 <= start < end <= len(text)


@given(st.text(alphabet="abc .", max_size=60), st.text(alphabet="xyz", max_size=20))
def test_what_is_redacted_is_not_in_the_answer(before, after):
    text = f"{before} Ada Holder {after}"
    spans = [span for mention in Finder(["Ada Holder"], "").find(text) for span in mention.spans]
    said = mentions.redacted(text, spans)
    assert "Holder" not in said
    assert mentions.BLOCK in said
    assert "".join(words for words, _ in mentions.pieces(text, spans)) == text


def test_overlapping_places_become_one_and_the_block_tells_no_length():
    assert mentions.redacted("abcdefgh", [(1, 4), (2, 6)]) == f"a{mentions.BLOCK}gh"
    assert mentions.redacted("abcdefgh", [(1, 2), (3, 4)]) == f"a{mentions.BLOCK}c{mentions.BLOCK}efgh"


ITEMS = (
    Given(1, "Meetings: attendance", "about you", date(2019, 1, 28), "Person: Subject Person\nWith ████", 1),
    Given(2, "Meetings: minutes", "names you", None, "", exemption="legal"),
)
ANSWER = Answer("SAR-0001", "Testbury", "Subject Person", date(2019, 10, 4), TODAY, ITEMS)


def test_the_answer_is_data_without_the_text_of_what_is_withheld():
    told = package.data(ANSWER)
    assert told["items"][0] == {
        "number": 1, "kept_in": "Meetings: attendance", "concerns_you": "about you", "since": "2019-01-28",
        "text": "Person: Subject Person\nWith ████", "redactions": 1,
    }  # fmt: skip
    assert "text" not in told["items"][1]
    assert "legally privileged" in told["items"][1]["withheld"]


def test_the_answer_can_be_read_as_a_page_and_as_pdf():
    made = package.document(ANSWER)
    page = html.page(made)
    assert "Item 1: about you, since 28 January 2019" in page
    assert "This item is withheld" in page
    assert pdf.pdf(made, at=datetime(2019, 11, 4, tzinfo=UTC)).startswith(b"%PDF")


def test_an_answer_of_nothing_says_so():
    assert "Nothing was found." in html.page(package.document(Answer("SAR-1", "T", "P", TODAY, TODAY, ())))
