"""Numbers typed by hand are found; dates, years and the numbers of priorities are not numbers that count anything."""

import pytest

from shield.annual_report import narrative


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
    ],
)
def test_what_counts_as_a_typed_number(text: str, numbers: list[str]) -> None:
    assert [typed.number for typed in narrative.typed_numbers(text)] == numbers


def test_a_confirmation_holds_for_its_own_words_only() -> None:
    text = "We held 4 meetings."
    typed = narrative.typed_numbers(text)[0]
    assert narrative.unconfirmed(text, [(typed.number, typed.context)]) == []
    assert narrative.unconfirmed("We lost 4 members.", [(typed.number, typed.context)]) != []
