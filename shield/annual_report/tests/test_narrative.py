"""Numbers typed by hand are found; dates, years and the numbers of priorities are not numbers that count anything."""

import pytest

from shield.annual_report import narrative
from shield.kernel.records.rules import Refused


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("We held 4 meetings.", ["4"]),
        ("We held six meetings and spoke to 1,204 people.", ["six", "1,204"]),
        ("It cost £276,550, or 25% more.", ["£276,550", "25%"]),
        ("On 14 October 2019 we met; in October 2018 we began; in 2018-19 and 2019/20.", []),
        ("Priority 2 and Priorities 1, 2 and 3 of Year 1, section 5.2.6.", []),
        ("The three safeguarding partners met.", []),
        ("The Board met {{ meetings.board_held }} times.", []),
        ("See [our page](https://example.org/2019/44).", []),
        ("Half of the families", ["Half"]),
        ("Under Priority 1, 115 people attended.", ["115"]),
        ("In 2019 – 85 people came.", ["85"]),
        ("[85 people](https://example.org/44) came.", ["85"]),
        ("Level 2 and 85 more staff.", ["85"]),
        ("Issue 3, 40 children were seen", ["40"]),
        ("Recommendations 1, 2 and 40 children", ["40"]),
        ("Priorities 1 and 2 were agreed; Levels 1 to 4.", []),
        ("We saw 1950 referrals.", ["1950"]),
        ("The guidance of 2018, in force since July 2018 (2018), until 2023.", []),
    ],
)
def test_what_counts_as_a_typed_number(text: str, numbers: list[str]) -> None:
    assert [typed.number for typed in narrative.typed_numbers(text)] == numbers


def test_a_confirmation_holds_for_its_own_words_only() -> None:
    text = "We held 4 meetings."
    [typed] = narrative.typed_numbers(text)
    stood_by = [(typed.number, typed.context)]
    assert narrative.unconfirmed([typed], stood_by) == []
    assert narrative.unconfirmed(narrative.typed_numbers("We lost 4 members."), stood_by) != []


def test_a_heading_is_read_for_numbers_too() -> None:
    assert [t.number for t in narrative.typed_in("85 people attended", "We thank 9 of them.")] == ["85", "9"]


def test_what_the_report_could_not_hold_is_refused_when_it_is_written() -> None:
    def known(key: str) -> bool:
        return key == "meetings.board_held"

    narrative.check("5.1", "# What we did\n\nWe met {{ meetings.board_held }} times.", known)
    narrative.check("Foreword", "We met {{ meetings.board_held }} times.\n\n- Together", known)
    with pytest.raises(Refused, match=r"no figure called “meetings.bord_held”"):
        narrative.check("5.1", "We met {{ meetings.bord_held }} times.", known)
    with pytest.raises(Refused, match="no headings of its own"):
        narrative.check("Foreword", "# Welcome", known)
